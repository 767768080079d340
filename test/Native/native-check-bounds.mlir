// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-check-bounds))' --split-input-file %s | FileCheck %s

// The row is asked once, before the first access; columns are known to be inside.
// CHECK-LABEL: func.func @rows
// CHECK-SAME:    %[[M:.*]]: memref<?x8xf32>, %[[I:.*]]: index
// CHECK:         %[[ROWS:.*]] = memref.dim %[[M]]
// CHECK:         %[[END:.*]] = arith.addi %[[I]], %{{.*}}
// CHECK:         %[[BEFORE:.*]] = arith.cmpi slt, %[[I]], %{{.*}}
// CHECK:         %[[BEHIND:.*]] = arith.cmpi sgt, %[[END]], %[[ROWS]]
// CHECK:         %[[OUTSIDE:.*]] = arith.ori %[[BEFORE]], %[[BEHIND]]
// CHECK-NEXT:    scf.if %[[OUTSIDE]] {
// CHECK-NEXT:      llvm.intr.trap
// CHECK-NEXT:    }
// CHECK-NEXT:    %[[X:.*]] = vector.load
// CHECK-NOT:     scf.if
// CHECK:         vector.store %[[X]]
// CHECK-NEXT:    return
func.func @rows(%m: memref<?x8xf32>, %i: index) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %x = vector.load %m[%i, %c4] : memref<?x8xf32>, vector<4xf32>
  vector.store %x, %m[%i, %c0] : memref<?x8xf32>, vector<4xf32>
  return
}

// -----

// A vector reaches over as many columns as it has lanes; what one branch asked the other has not.
// CHECK-LABEL: func.func @branches
// CHECK:         scf.if %{{.*}} {
// CHECK:           %[[FOUR:.*]] = arith.constant 4 : index
// CHECK:           arith.addi %{{.*}}, %[[FOUR]]
// CHECK:           llvm.intr.trap
// CHECK:           vector.store
// CHECK:         } else {
// CHECK:           llvm.intr.trap
// CHECK:           vector.store
// CHECK:         }
func.func @branches(%m: memref<8xf32>, %i: index, %v: vector<4xf32>, %which: i1) {
  scf.if %which {
    vector.store %v, %m[%i] : memref<8xf32>, vector<4xf32>
  } else {
    vector.store %v, %m[%i] : memref<8xf32>, vector<4xf32>
  }
  return
}

// -----

// CHECK-LABEL: func.func @known
// CHECK-NOT:     scf.if
func.func @known(%m: memref<8xf32>) -> f32 {
  %c7 = arith.constant 7 : index
  %x = memref.load %m[%c7] : memref<8xf32>
  return %x : f32
}

// -----

// One column too many, although it is a constant.
// CHECK-LABEL: func.func @wrong
// CHECK:         llvm.intr.trap
func.func @wrong(%m: memref<8xf32>) -> f32 {
  %c8 = arith.constant 8 : index
  %x = memref.load %m[%c8] : memref<8xf32>
  return %x : f32
}

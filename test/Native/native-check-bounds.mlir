// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-check-bounds))' --split-input-file %s | FileCheck %s

// The row is asked once, at the end; columns are known to be inside.
// CHECK-LABEL: func.func @rows
// CHECK-SAME:    %[[M:.*]]: memref<?x8xf32>, %[[I:.*]]: index
// CHECK:         vector.load
// CHECK-NEXT:    vector.store
// CHECK:         %[[ROWS:.*]] = memref.dim %[[M]]
// CHECK-NEXT:    %[[OUTSIDE:.*]] = arith.cmpi uge, %[[I]], %[[ROWS]]
// CHECK-NEXT:    scf.if %[[OUTSIDE]] {
// CHECK-NEXT:      llvm.intr.trap
// CHECK-NEXT:    }
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
// CHECK:           vector.store
// CHECK:           %[[LAST:.*]] = arith.constant 4 : index
// CHECK:           arith.cmpi ugt, %{{.*}}, %[[LAST]]
// CHECK:           llvm.intr.trap
// CHECK:         } else {
// CHECK:           vector.store
// CHECK:           llvm.intr.trap
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

// -----

// Of a dimension of unknown size: neither end of the vector may lie beyond, also where adding to
// the index begins anew at zero. All of a block is one question.
// CHECK-LABEL: func.func @together
// CHECK-SAME:    %[[I:[^:]*]]: index, %[[J:[^:]*]]: index
// CHECK:         %[[BEGIN:.*]] = arith.cmpi uge, %[[I]], %[[SIZE:.*]]
// CHECK:         %[[LAST:.*]] = arith.addi %[[I]], %{{.*}}
// CHECK:         %[[END:.*]] = arith.cmpi uge, %[[LAST]], %[[SIZE]]
// CHECK:         %[[FIRST:.*]] = arith.ori %[[BEGIN]], %[[END]]
// CHECK:         %[[SECOND:.*]] = arith.cmpi uge, %[[J]], %{{.*}}
// CHECK:         %[[ANY:.*]] = arith.ori %[[FIRST]], %[[SECOND]]
// CHECK:         scf.if %[[ANY]]
// CHECK-NOT:     scf.if
func.func @together(%i: index, %j: index, %m: memref<?xf32>) {
  %x = vector.load %m[%i] : memref<?xf32>, vector<4xf32>
  %y = memref.load %m[%j] : memref<?xf32>
  return
}

// -----

// Asked around the loop, and not again in it.
// CHECK-LABEL: func.func @outer
// CHECK:         scf.for
// CHECK-NOT:       llvm.intr.trap
// CHECK:         }
// CHECK:         llvm.intr.trap
func.func @outer(%i: index, %m: memref<8xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = memref.load %m[%i] : memref<8xf32>
  scf.for %k = %c0 to %n step %c1 {
    memref.store %x, %m[%i] : memref<8xf32>
  }
  return
}

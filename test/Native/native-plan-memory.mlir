// RUN: tez-opt --allow-unregistered-dialect --pass-pipeline='builtin.module(func.func(native-plan-memory))' --split-input-file --verify-diagnostics %s | FileCheck %s

// Three temporaries in a row of copies: the third takes the place of the first, which grows.
// CHECK-LABEL: func.func @chain
// CHECK-SAME:    %[[X:.*]]: memref<?x4xf32>, %[[Y:.*]]: memref<?x4xf32>, %[[SCRATCH:.*]]: memref<?xi8> {native.scratch}
// CHECK-SAME:    native.scratch_columns = 14 : i64
// CHECK:         %[[A:.*]] = memref.view %[[SCRATCH]][%[[AT0:.*]]][%{{.*}}] : memref<?xi8> to memref<?x4xf32>
// CHECK:         memref.view %[[SCRATCH]][%{{.*}}][%{{.*}}] : memref<?xi8> to memref<?x6xf32>
// CHECK:         memref.view %[[SCRATCH]][%{{.*}}][%{{.*}}] : memref<?xi8> to memref<?x8xf32>
// CHECK-NOT:     memref.alloc
func.func @chain(%x: memref<?x4xf32>, %y: memref<?x4xf32>) {
  %c0 = arith.constant 0 : index
  %rows = memref.dim %x, %c0 : memref<?x4xf32>
  %a = memref.alloc(%rows) : memref<?x4xf32>
  "test.use"(%x, %a) : (memref<?x4xf32>, memref<?x4xf32>) -> ()
  %b = memref.alloc(%rows) : memref<?x6xf32>
  "test.use"(%a, %b) : (memref<?x4xf32>, memref<?x6xf32>) -> ()
  %c = memref.alloc(%rows) : memref<?x8xf32>
  "test.use"(%b, %c) : (memref<?x6xf32>, memref<?x8xf32>) -> ()
  "test.use"(%c, %y) : (memref<?x8xf32>, memref<?x4xf32>) -> ()
  return
}

// -----

// Without temporaries there is no argument.
// CHECK-LABEL: func.func @none(%{{.*}}: memref<?x4xf32>) attributes {native.scratch_columns = 0 : i64}
func.func @none(%x: memref<?x4xf32>) {
  return
}

// -----

// Temporaries of a fixed size come first; places are shared with their like only.
// CHECK-LABEL: func.func @fixed
// CHECK-SAME:    native.scratch_columns = 5 : i64, native.scratch_numbers = 6 : i64
// CHECK:         memref.view %{{.*}}[%c0{{.*}}][] : memref<?xi8> to memref<2x3xf32>
// CHECK:         %[[AT:.*]] = arith.addi
// CHECK:         memref.view %{{.*}}[%[[AT]]][%{{.*}}] : memref<?xi8> to memref<?x5xf32>
// CHECK:         memref.view %{{.*}}[%c0{{.*}}][] : memref<?xi8> to memref<1x4xf32>
func.func @fixed(%rows: index) {
  %a = memref.alloc() : memref<2x3xf32>
  "test.use"(%a) : (memref<2x3xf32>) -> ()
  %b = memref.alloc(%rows) : memref<?x5xf32>
  "test.use"(%b) : (memref<?x5xf32>) -> ()
  %c = memref.alloc() : memref<1x4xf32>
  "test.use"(%c) : (memref<1x4xf32>) -> ()
  return
}

// -----

func.func @three(%rows: index) {
  // expected-error @+1 {{expected a temporary of [rows, columns], found 'memref<?x4x4xf32>'}}
  %a = memref.alloc(%rows) : memref<?x4x4xf32>
  return
}

// -----

// Narrow rows take whole numbers of 32 bits: 5 of 8 bits two, 5 of bf16 three.
// CHECK-LABEL: func.func @narrow
// CHECK-SAME:    native.scratch_columns = 5 : i64
// CHECK:         memref.view {{.*}} : memref<?xi8> to memref<?x5xi8>
// CHECK:         memref.view {{.*}} : memref<?xi8> to memref<?x5xbf16>
func.func @narrow(%x: memref<?x4xf32>) {
  %c0 = arith.constant 0 : index
  %rows = memref.dim %x, %c0 : memref<?x4xf32>
  %a = memref.alloc(%rows) : memref<?x5xi8>
  %b = memref.alloc(%rows) : memref<?x5xbf16>
  "test.use"(%x, %a, %b) : (memref<?x4xf32>, memref<?x5xi8>, memref<?x5xbf16>) -> ()
  return
}

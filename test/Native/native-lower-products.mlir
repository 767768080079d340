// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-lower-products))' --split-input-file --verify-diagnostics %s | FileCheck %s

// Rows by 2 and then by 1; a full panel and one with 2 columns: four loop nests. A sum is
// carried as a vector of 4; the last panel's store writes 2 numbers.
// CHECK-LABEL: func.func @tiles
// CHECK-SAME:    %[[X:.*]]: memref<?x3xf32>, %[[W:.*]]: memref<2x3x4xf32>, %[[B:.*]]: memref<6xf32>, %[[Y:.*]]: memref<?x6xf32>
// CHECK-COUNT-2: scf.for
// CHECK:         %[[SUMS:.*]]:2 = scf.for %[[K:.*]] = %{{.*}} iter_args(%{{.*}}, %{{.*}}) -> (vector<4xf32>, vector<4xf32>)
// CHECK-DAG:       %[[WEIGHTS:.*]] = vector.load %[[W]]
// CHECK-DAG:       memref.load %[[X]]
// CHECK:           vector.fma %{{.*}}, %[[WEIGHTS]]
// CHECK:         %[[BIAS:.*]] = vector.load %[[B]]{{.*}} : memref<6xf32>, vector<4xf32>
// CHECK:         %[[DONE:.*]] = arith.addf %[[SUMS]]#0, %[[BIAS]] : vector<4xf32>
// CHECK:         vector.store %[[DONE]], %[[Y]]{{.*}} vector<4xf32>
// CHECK:         vector.store %{{.*}}, %[[Y]]{{.*}} vector<2xf32>
// CHECK-NOT:     native.product
func.func @tiles(%x: memref<?x3xf32>, %w: memref<2x3x4xf32>, %b: memref<6xf32>, %y: memref<?x6xf32>) {
  native.product(%x : memref<?x3xf32>) times(%w : memref<2x3x4xf32>) with(%b : memref<6xf32>) into %y : memref<?x6xf32> {
  ^bb0(%s: f32, %c: f32):
    %a = arith.addf %s, %c : f32
    native.yield %a : f32
  } {schedule = array<i64: 2, 1, 1, 1>}
  return
}

// -----

// Pieces of 2 of 4 terms: cleared, a copy of the piece, sums from and to memory, finished. The
// weights of the next panel are asked for, but by a single row.
// CHECK-LABEL: func.func @pieces
// CHECK-SAME:    %[[X:.*]]: memref<?x4xf32>, %[[W:.*]]: memref<1x4x4xf32>, %[[Y:.*]]: memref<?x4xf32>
// CHECK:         %[[COPY:.*]] = memref.alloc(%{{.*}}) : memref<?x6xf32>
// CHECK:         vector.store %{{.*}}, %[[Y]]
// CHECK:         arith.minui
// CHECK:         vector.store %{{.*}}, %[[COPY]]
// CHECK:         vector.load %[[Y]]
// CHECK:         memref.prefetch %[[W]]
// CHECK:         memref.load %[[COPY]]
// CHECK:         vector.fma
// CHECK:         vector.store %{{.*}}, %[[Y]]
// CHECK:         vector.load %[[Y]]
// CHECK:         arith.maximumf
// CHECK:         vector.store %{{.*}}, %[[Y]]
// CHECK-NOT:     memref.prefetch
func.func @pieces(%x: memref<?x4xf32>, %w: memref<1x4x4xf32>, %y: memref<?x4xf32>) {
  %zero = arith.constant 0.0 : f32
  native.product(%x : memref<?x4xf32>) times(%w : memref<1x4x4xf32>) into %y : memref<?x4xf32> {
  ^bb0(%s: f32):
    %a = arith.maximumf %s, %zero : f32
    native.yield %a : f32
  } {schedule = array<i64: 2, 1, 1, 1>, piece = 2 : i64}
  return
}

// -----

// Deferred: the sums of all tiles go to memory, those of the second product to memory of their own;
// then one loop nest finishes full panels, and one the panel of 2 columns.
// CHECK-LABEL: func.func @deferred
// CHECK-SAME:    %[[X:.*]]: memref<?x3xf32>, %{{.*}}: memref<2x3x4xf32>, %{{.*}}: memref<2x3x4xf32>, %[[Y:.*]]: memref<?x6xf32>
// CHECK:         %[[KEPT:.*]] = memref.alloc(%{{.*}}) : memref<?x6xf32>
// CHECK:         vector.store %{{.*}}, %[[Y]]
// CHECK:         vector.store %{{.*}}, %[[KEPT]]
// CHECK:         vector.load %[[Y]]
// CHECK:         vector.load %[[KEPT]]
// CHECK-COUNT-2: math.exp
// CHECK-NOT:     math.exp
func.func @deferred(%x: memref<?x3xf32>, %v: memref<2x3x4xf32>, %w: memref<2x3x4xf32>, %y: memref<?x6xf32>) {
  native.product(%x, %x : memref<?x3xf32>, memref<?x3xf32>) times(%v, %w : memref<2x3x4xf32>, memref<2x3x4xf32>) into %y : memref<?x6xf32> {
  ^bb0(%s: f32, %t: f32):
    %a = math.exp %s : f32
    %b = arith.mulf %a, %t : f32
    native.yield %b : f32
  } {deferred, schedule = array<i64: 2, 1, 1, 1>}
  return
}

// A product in pieces is finished once, too.
// CHECK-LABEL: func.func @deferred_pieces
// CHECK-COUNT-1: math.exp
// CHECK-NOT:     math.exp
func.func @deferred_pieces(%x: memref<?x4xf32>, %w: memref<1x4x4xf32>, %y: memref<?x4xf32>) {
  native.product(%x : memref<?x4xf32>) times(%w : memref<1x4x4xf32>) into %y : memref<?x4xf32> {
  ^bb0(%s: f32):
    %a = math.exp %s : f32
    native.yield %a : f32
  } {deferred, schedule = array<i64: 2, 1, 1, 1>, piece = 2 : i64}
  return
}

// -----

func.func @not_packed(%x: memref<?x3xf32>, %w: memref<3x4xf32>, %y: memref<?x4xf32>) {
  // expected-error @+1 {{expected a schedule, packed weights of one width and operands in memory}}
  native.product(%x : memref<?x3xf32>) times(%w : memref<3x4xf32>) into %y : memref<?x4xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {schedule = array<i64: 1, 1>}
  return
}

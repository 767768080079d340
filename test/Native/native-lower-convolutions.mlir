// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-lower-convolutions,canonicalize))' --split-input-file --verify-diagnostics %s | FileCheck %s

// A border of zeros around a copy of each image; 8 pixels of a line as 3, 3 and 2; 6 outputs as a panel of 4 and 2 numbers
// of another. The 3 columns of the window and 2 channels are one loop of 6.
// CHECK-LABEL: func.func @padded
// CHECK-SAME:    %[[X:.*]]: memref<?x48xf32>, %[[W:.*]]: memref<2x18x4xf32>, %[[B:.*]]: memref<6xf32>, %[[Y:.*]]: memref<?x144xf32>
// CHECK-DAG:     %[[SIX:.*]] = arith.constant 6 : index
// CHECK:         %[[BORDER:.*]] = memref.alloc() : memref<1x100xf32>
// CHECK:         vector.store %{{.*}}, %[[BORDER]]
// CHECK:         vector.load %[[X]]
// CHECK:         vector.store %{{.*}}, %[[BORDER]]
// CHECK:         %[[SUMS:.*]]:3 = scf.for {{.*}} -> (vector<4xf32>, vector<4xf32>, vector<4xf32>)
// CHECK:           scf.for %{{.*}} to %[[SIX]]
// CHECK:             vector.load %[[W]]
// CHECK:             memref.load %[[BORDER]]
// CHECK:             vector.fma
// CHECK:         vector.load %[[B]]
// CHECK:         arith.addf
// CHECK:         vector.store %{{.*}}, %[[Y]]{{.*}} vector<4xf32>
// CHECK:         vector.store %{{.*}}, %[[Y]]{{.*}} vector<2xf32>
// CHECK-NOT:     native.conv
func.func @padded(%x: memref<?x48xf32>, %w: memref<2x18x4xf32>, %b: memref<6xf32>, %out: memref<?x144xf32>) {
  native.conv(%x : memref<?x48xf32>) times(%w : memref<2x18x4xf32>) with(%b : memref<6xf32>) into %out : memref<?x144xf32> {
  ^bb0(%s: f32, %c: f32):
    %a = arith.addf %s, %c : f32
    native.yield %a : f32
  } {image = array<i64: 3, 8, 2>, outputs = 6 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, tile = array<i64: 1, 3, 1>}
  return
}

// -----

// Without padding the image is read where it is; a window of one pixel is one loop.
// CHECK-LABEL: func.func @plain
// CHECK-SAME:    %[[X:.*]]: memref<?x32xf32>
// CHECK-NOT:     memref.alloc
// CHECK:         memref.load %[[X]]
func.func @plain(%x: memref<?x32xf32>, %w: memref<1x2x4xf32>, %out: memref<?x64xf32>) {
  native.conv(%x : memref<?x32xf32>) times(%w : memref<1x2x4xf32>) into %out : memref<?x64xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 4, 4, 2>, outputs = 4 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, tile = array<i64: 1, 4, 1>}
  return
}

// -----

// Each channel by itself: a vector of the image, none of its numbers.
// CHECK-LABEL: func.func @depthwise
// CHECK-SAME:    %[[X:.*]]: memref<?x64xf32>, %[[W:.*]]: memref<1x9x4xf32>
// CHECK-NOT:     memref.load
// CHECK:         %[[F:.*]] = vector.load %[[W]]
// CHECK:         %[[N:.*]] = vector.load %[[X]]
// CHECK:         vector.fma %[[N]], %[[F]]
// CHECK-NOT:     memref.load
func.func @depthwise(%x: memref<?x64xf32>, %w: memref<1x9x4xf32>, %out: memref<?x16xf32>) {
  native.conv(%x : memref<?x64xf32>) times(%w : memref<1x9x4xf32>) into %out : memref<?x16xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 4, 4, 4>, outputs = 4 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 4 : i64, tile = array<i64: 1, 2, 1>}
  return
}

// -----

// Deferred: sums to memory, and a loop that finishes them.
// CHECK-LABEL: func.func @deferred
// CHECK-SAME:    %[[Y:[a-z0-9]*]]: memref<?x64xf32>)
// CHECK:         vector.store %{{.*}}, %[[Y]]
// CHECK:         vector.load %[[Y]]
// CHECK-COUNT-1: math.tanh
// CHECK-NOT:     math.tanh
func.func @deferred(%x: memref<?x32xf32>, %w: memref<1x2x4xf32>, %out: memref<?x64xf32>) {
  native.conv(%x : memref<?x32xf32>) times(%w : memref<1x2x4xf32>) into %out : memref<?x64xf32> {
  ^bb0(%s: f32):
    %t = math.tanh %s : f32
    native.yield %t : f32
  } {image = array<i64: 4, 4, 2>, outputs = 4 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, deferred, tile = array<i64: 1, 4, 1>}
  return
}

// -----

// All images get a border before the first panel.
// CHECK-LABEL: func.func @sweep
// CHECK:         memref.alloc(%{{.*}}) : memref<?x50xf32>
func.func @sweep(%x: memref<?x18xf32>, %w: memref<1x18x4xf32>, %out: memref<?x36xf32>) {
  native.conv(%x : memref<?x18xf32>) times(%w : memref<1x18x4xf32>) into %out : memref<?x36xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 3, 3, 2>, outputs = 4 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, sweep, tile = array<i64: 1, 3, 1>}
  return
}

// -----

func.func @not_packed(%x: memref<?x32xf32>, %w: memref<4x2x1x1xf32>, %out: memref<?x64xf32>) {
  // expected-error @+1 {{expected a tile, a packed weight and operands in memory}}
  native.conv(%x : memref<?x32xf32>) times(%w : memref<4x2x1x1xf32>) into %out : memref<?x64xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 4, 4, 2>, outputs = 4 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, tile = array<i64: 1, 4, 1>}
  return
}

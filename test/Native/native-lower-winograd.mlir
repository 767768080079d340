// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-lower-winograd,canonicalize))' --split-input-file --verify-diagnostics %s | FileCheck %s

// 5x5 places are 3x3 squares, those of the last line and column half beyond the edge. The image has a border up to
// 8x8 pixels; 16 matrices of 9 squares and 2 channels, and of 9 squares and one panel of 4, each with 16 numbers more.
// CHECK-LABEL: func.func @odd
// CHECK-SAME:    %[[X:.*]]: memref<?x50xf32>, %[[W:.*]]: memref<32x2x4xf32>, %[[B:.*]]: memref<6xf32>, %[[Y:.*]]: memref<?x150xf32>
// CHECK-DAG:     %[[SIXTEEN:.*]] = arith.constant 16 : index
// CHECK:         %[[IMAGE:.*]] = memref.alloc() : memref<1x128xf32>
// CHECK:         %[[INPUTS:.*]] = memref.alloc() : memref<1x544xf32>
// CHECK:         %[[PRODUCTS:.*]] = memref.alloc() : memref<1x832xf32>
// CHECK:         vector.store %{{.*}}, %[[IMAGE]]
// CHECK-COUNT-16: vector.load %[[IMAGE]]{{.*}} vector<2xf32>
// CHECK-COUNT-16: vector.store %{{.*}}, %[[INPUTS]]
// CHECK:         scf.for %{{.*}} = %{{.*}} to %[[SIXTEEN]]
// CHECK:           %{{.*}}:3 = scf.for
// CHECK:             vector.load %[[W]]
// CHECK-COUNT-3:     vector.fma
// CHECK-COUNT-3: vector.store %{{.*}}, %[[PRODUCTS]]
// CHECK-COUNT-16: vector.load %[[PRODUCTS]]{{.*}} vector<4xf32>
// CHECK:         vector.load %[[B]]
// CHECK-COUNT-4: vector.store %{{.*}}, %[[Y]]{{.*}} vector<4xf32>
// CHECK-COUNT-16: vector.load %[[PRODUCTS]]
// CHECK-COUNT-2: vector.store %{{.*}}, %[[Y]]
// CHECK-COUNT-16: vector.load %[[PRODUCTS]]
// CHECK-COUNT-2: vector.store %{{.*}}, %[[Y]]
// CHECK-COUNT-16: vector.load %[[PRODUCTS]]
// CHECK-COUNT-1: vector.store %{{.*}}, %[[Y]]
// CHECK-NOT:     native.conv
func.func @odd(%x: memref<?x50xf32>, %w: memref<32x2x4xf32>, %b: memref<6xf32>, %out: memref<?x150xf32>) {
  native.conv(%x : memref<?x50xf32>) times(%w : memref<32x2x4xf32>) with(%b : memref<6xf32>) into %out : memref<?x150xf32> {
  ^bb0(%s: f32, %c: f32):
    %a = arith.addf %s, %c : f32
    native.yield %a : f32
  } {image = array<i64: 5, 5, 2>, outputs = 6 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, tile = array<i64: 3, 1, 1>, winograd}
  return
}

// -----

// An even image without padding is read where it is. In a sweep all images' squares are in memory before the first panel.
// CHECK-LABEL: func.func @sweep
// CHECK-SAME:    %[[X:.*]]: memref<?x32xf32>
// CHECK-NOT:     memref.alloc() 
// CHECK:         %[[INPUTS:.*]] = memref.alloc(%{{.*}}) : memref<?x288xf32>
// CHECK:         memref.alloc(%{{.*}}) : memref<?x320xf32>
// CHECK:         scf.for
// CHECK:           vector.load %[[X]]
// CHECK:           vector.store %{{.*}}, %[[INPUTS]]
// CHECK:         scf.for
// CHECK:           scf.for
// CHECK:             vector.fma
func.func @sweep(%x: memref<?x32xf32>, %w: memref<16x2x4xf32>, %out: memref<?x16xf32>) {
  native.conv(%x : memref<?x32xf32>) times(%w : memref<16x2x4xf32>) into %out : memref<?x16xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 4, 4, 2>, outputs = 4 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, sweep, tile = array<i64: 1, 1, 1>, winograd}
  return
}

// -----

// What is no minimal filtering stays.
// CHECK-LABEL: func.func @direct
// CHECK:         native.conv
func.func @direct(%x: memref<?x32xf32>, %w: memref<1x2x4xf32>, %out: memref<?x64xf32>) {
  native.conv(%x : memref<?x32xf32>) times(%w : memref<1x2x4xf32>) into %out : memref<?x64xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 4, 4, 2>, outputs = 4 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, tile = array<i64: 1, 4, 1>}
  return
}

// -----

func.func @unpacked(%x: memref<?x32xf32>, %w: memref<4x2x3x3xf32>, %out: memref<?x16xf32>) {
  // expected-error @+1 {{expected a tile, a packed weight and operands in memory}}
  native.conv(%x : memref<?x32xf32>) times(%w : memref<4x2x3x3xf32>) into %out : memref<?x16xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 4, 4, 2>, outputs = 4 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, winograd}
  return
}

// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-schedule-convolutions{cpu=x86-64-v3}))' --split-input-file --verify-diagnostics %s | FileCheck %s
// RUN: not tez-opt --pass-pipeline='builtin.module(func.func(native-schedule-convolutions{cpu=z80}))' --split-input-file %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: there is no processor "z80"; known are native, x86-64-v3,

// Lines of 14 pixels are cut into three parts of at most 5; two panels of 16. Sums run along the channels first.
// CHECK-LABEL: func.func @lines
// CHECK-SAME:    memref<2x36x16xf32> {native.channels = 4 : i64, native.panels = 16 : i64, native.state = "w", native.transposed}
// CHECK:         tile = array<i64: 1, 5, 1>
func.func @lines(%x: tensor<?x784xf32>, %w: memref<32x4x3x3xf32> {native.state = "w"}, %out: tensor<?x6272xf32>) -> tensor<?x6272xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<32x4x3x3xf32> to tensor<32x4x3x3xf32>
  %y = native.conv(%x : tensor<?x784xf32>) times(%wt : tensor<32x4x3x3xf32>) into %out : tensor<?x6272xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 14, 14, 4>, outputs = 32 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} -> tensor<?x6272xf32>
  return %y : tensor<?x6272xf32>
}

// -----

// Few outputs: panels of 8, and tiles of twice the pixels; a planar input's weights are in their order already.
// CHECK-LABEL: func.func @narrow
// CHECK-SAME:    memref<1x27x8xf32> {native.panels = 8 : i64, native.state = "w", native.transposed}
// CHECK:         tile = array<i64: 1, 11, 1>
func.func @narrow(%x: tensor<?x3072xf32>, %w: memref<8x3x3x3xf32> {native.state = "w"}, %out: tensor<?x8192xf32>) -> tensor<?x8192xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<8x3x3x3xf32> to tensor<8x3x3x3xf32>
  %y = native.conv(%x : tensor<?x3072xf32>) times(%wt : tensor<8x3x3x3xf32>) into %out : tensor<?x8192xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 32, 32, 3>, outputs = 8 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, planar} -> tensor<?x8192xf32>
  return %y : tensor<?x8192xf32>
}

// -----

// Short lines: tiles of two of them. Of one pixel: four panels.
// CHECK-LABEL: func.func @short
// CHECK:         tile = array<i64: 2, 3, 1>
// CHECK-LABEL: func.func @pixel
// CHECK:         tile = array<i64: 1, 1, 4>
func.func @short(%x: tensor<?x36xf32>, %w: memref<16x4x1x1xf32> {native.state = "w"}, %out: tensor<?x144xf32>) -> tensor<?x144xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<16x4x1x1xf32> to tensor<16x4x1x1xf32>
  %y = native.conv(%x : tensor<?x36xf32>) times(%wt : tensor<16x4x1x1xf32>) into %out : tensor<?x144xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 3, 3, 4>, outputs = 16 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<?x144xf32>
  return %y : tensor<?x144xf32>
}
func.func @pixel(%x: tensor<?x4xf32>, %w: memref<64x4x1x1xf32> {native.state = "w"}, %out: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<64x4x1x1xf32> to tensor<64x4x1x1xf32>
  %y = native.conv(%x : tensor<?x4xf32>) times(%wt : tensor<64x4x1x1xf32>) into %out : tensor<?x64xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 1, 1, 4>, outputs = 64 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<?x64xf32>
  return %y : tensor<?x64xf32>
}

// -----

// Groups have panels of their own; those of one channel each have them together.
// CHECK-LABEL: func.func @groups
// CHECK-SAME:    memref<2x2x16xf32> {native.channels = 2 : i64, native.groups = 2 : i64, native.panels = 16 : i64
// CHECK-LABEL: func.func @depthwise
// CHECK-SAME:    memref<2x9x16xf32> {native.panels = 16 : i64, native.state = "w", native.transposed}
func.func @groups(%x: tensor<?x16xf32>, %w: memref<32x2x1x1xf32> {native.state = "w"}, %out: tensor<?x128xf32>) -> tensor<?x128xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<32x2x1x1xf32> to tensor<32x2x1x1xf32>
  %y = native.conv(%x : tensor<?x16xf32>) times(%wt : tensor<32x2x1x1xf32>) into %out : tensor<?x128xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 2, 2, 4>, outputs = 32 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 2 : i64} -> tensor<?x128xf32>
  return %y : tensor<?x128xf32>
}
func.func @depthwise(%x: tensor<?x288xf32>, %w: memref<32x1x3x3xf32> {native.state = "w"}, %out: tensor<?x32xf32>) -> tensor<?x32xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<32x1x3x3xf32> to tensor<32x1x3x3xf32>
  %y = native.conv(%x : tensor<?x288xf32>) times(%wt : tensor<32x1x3x3xf32>) into %out : tensor<?x32xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 3, 3, 32>, outputs = 32 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 32 : i64} -> tensor<?x32xf32>
  return %y : tensor<?x32xf32>
}

// -----

// A tile that somebody gave stays; what becomes a polynomial is written down once.
// CHECK-LABEL: func.func @given
// CHECK:         deferred
// CHECK-SAME:    tile = array<i64: 1, 2, 1>
func.func @given(%x: tensor<?x64xf32>, %w: memref<16x4x1x1xf32> {native.state = "w"}, %out: tensor<?x256xf32>) -> tensor<?x256xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<16x4x1x1xf32> to tensor<16x4x1x1xf32>
  %y = native.conv(%x : tensor<?x64xf32>) times(%wt : tensor<16x4x1x1xf32>) into %out : tensor<?x256xf32> {
  ^bb0(%s: f32):
    %t = math.tanh %s : f32
    native.yield %t : f32
  } {image = array<i64: 4, 4, 4>, outputs = 16 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, tile = array<i64: 1, 2, 1>} -> tensor<?x256xf32>
  return %y : tensor<?x256xf32>
}

// -----

// Weights that are larger than an image, and many, meet all images together.
// CHECK-LABEL: func.func @large
// CHECK:         sweep, tile
// CHECK-LABEL: func.func @small
// CHECK-NOT:     sweep
func.func @large(%x: tensor<?x2048xf32>, %w: memref<128x128x3x3xf32> {native.state = "w"}, %out: tensor<?x2048xf32>) -> tensor<?x2048xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<128x128x3x3xf32> to tensor<128x128x3x3xf32>
  %y = native.conv(%x : tensor<?x2048xf32>) times(%wt : tensor<128x128x3x3xf32>) into %out : tensor<?x2048xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 4, 4, 128>, outputs = 128 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} -> tensor<?x2048xf32>
  return %y : tensor<?x2048xf32>
}
func.func @small(%x: tensor<?x1024xf32>, %w: memref<64x64x3x3xf32> {native.state = "w"}, %out: tensor<?x1024xf32>) -> tensor<?x1024xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<64x64x3x3xf32> to tensor<64x64x3x3xf32>
  %y = native.conv(%x : tensor<?x1024xf32>) times(%wt : tensor<64x64x3x3xf32>) into %out : tensor<?x1024xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 4, 4, 64>, outputs = 64 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} -> tensor<?x1024xf32>
  return %y : tensor<?x1024xf32>
}

// -----

// Windows of 3x3, enough channels and places: minimal filtering, 16 matrices for 3 panels, and 2 panels together. A long
// epilogue is written down four times at most, and not deferred.
// CHECK-LABEL: func.func @winograd
// CHECK-SAME:    memref<48x32x16xf32> {native.panels = 16 : i64, native.state = "w", native.winograd}
// CHECK-NOT:     deferred
// CHECK:         tile = array<i64: 6, 1, 2>
// CHECK-SAME:    winograd
// CHECK-LABEL: func.func @few_channels
// CHECK-NOT:     winograd
// CHECK-LABEL: func.func @few_places
// CHECK-NOT:     winograd
func.func @winograd(%x: tensor<?x8192xf32>, %w: memref<48x32x3x3xf32> {native.state = "w"}, %out: tensor<?x12288xf32>) -> tensor<?x12288xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<48x32x3x3xf32> to tensor<48x32x3x3xf32>
  %y = native.conv(%x : tensor<?x8192xf32>) times(%wt : tensor<48x32x3x3xf32>) into %out : tensor<?x12288xf32> {
  ^bb0(%s: f32):
    %t = math.tanh %s : f32
    native.yield %t : f32
  } {image = array<i64: 16, 16, 32>, outputs = 48 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} -> tensor<?x12288xf32>
  return %y : tensor<?x12288xf32>
}
func.func @few_channels(%x: tensor<?x4096xf32>, %w: memref<48x16x3x3xf32> {native.state = "w"}, %out: tensor<?x12288xf32>) -> tensor<?x12288xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<48x16x3x3xf32> to tensor<48x16x3x3xf32>
  %y = native.conv(%x : tensor<?x4096xf32>) times(%wt : tensor<48x16x3x3xf32>) into %out : tensor<?x12288xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 16, 16, 16>, outputs = 48 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} -> tensor<?x12288xf32>
  return %y : tensor<?x12288xf32>
}
func.func @few_places(%x: tensor<?x512xf32>, %w: memref<48x32x3x3xf32> {native.state = "w"}, %out: tensor<?x768xf32>) -> tensor<?x768xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<48x32x3x3xf32> to tensor<48x32x3x3xf32>
  %y = native.conv(%x : tensor<?x512xf32>) times(%wt : tensor<48x32x3x3xf32>) into %out : tensor<?x768xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 4, 4, 32>, outputs = 48 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} -> tensor<?x768xf32>
  return %y : tensor<?x768xf32>
}

// -----

func.func @computed(%x: tensor<?x4xf32>, %w: tensor<16x4x1x1xf32>, %out: tensor<?x16xf32>) -> tensor<?x16xf32> {
  // expected-error @+1 {{expected a weight, found a computed value}}
  %y = native.conv(%x : tensor<?x4xf32>) times(%w : tensor<16x4x1x1xf32>) into %out : tensor<?x16xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 1, 1, 4>, outputs = 16 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}

// RUN: tez-opt %s --split-input-file --verify-diagnostics

func.func @conv_c1(%x: tensor<3x8xf32>, %w: tensor<2x2x1x1xf32>, %out: tensor<4x8xf32>) {
  // expected-error @+1 {{C1: expected input and result of rank 2 with static columns and the same rows}}
  %y = native.conv(%x : tensor<3x8xf32>) times(%w : tensor<2x2x1x1xf32>) into %out : tensor<4x8xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 2, 2, 2>, outputs = 2 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<4x8xf32>
  return
}

// -----

func.func @conv_c2(%x: tensor<?x8xf32>, %w: tensor<2x2x1x1xf32>, %out: tensor<?x8xf32>) {
  // expected-error @+1 {{C2: expected an image of 8 numbers, found 2, 3, 2}}
  %y = native.conv(%x : tensor<?x8xf32>) times(%w : tensor<2x2x1x1xf32>) into %out : tensor<?x8xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 2, 3, 2>, outputs = 2 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<?x8xf32>
  return
}

// -----

func.func @conv_c3(%x: tensor<?x8xf32>, %w: tensor<2x2x2x2xf32>, %out: tensor<?x8xf32>) {
  // expected-error @+1 {{C3: expected two windows inside of the padded image}}
  %y = native.conv(%x : tensor<?x8xf32>) times(%w : tensor<2x2x2x2xf32>) into %out : tensor<?x8xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 2, 2, 2>, outputs = 2 : i64, window = array<i64: 2, 2>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 2, 1>} -> tensor<?x8xf32>
  return
}

// -----

func.func @conv_c4(%x: tensor<?x8xf32>, %w: tensor<2x2x1x1xf32>, %out: tensor<?x6xf32>) {
  // expected-error @+1 {{C4: expected 2 x 2 x 2 columns of the result, found 6}}
  %y = native.conv(%x : tensor<?x8xf32>) times(%w : tensor<2x2x1x1xf32>) into %out : tensor<?x6xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 2, 2, 2>, outputs = 2 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<?x6xf32>
  return
}

// -----

func.func @conv_groups(%x: tensor<?x8xf32>, %w: tensor<3x1x1x1xf32>, %out: tensor<?x12xf32>) {
  // expected-error @+1 {{C4: 2 groups do not divide 2 channels and 3 outputs}}
  %y = native.conv(%x : tensor<?x8xf32>) times(%w : tensor<3x1x1x1xf32>) into %out : tensor<?x12xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 2, 2, 2>, outputs = 3 : i64, groups = 2 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<?x12xf32>
  return
}

// -----

func.func @conv_c5(%x: tensor<?x8xf32>, %w: tensor<2x3x4xf32>, %out: tensor<?x8xf32>) {
  // expected-error @+1 {{C5: the weight is 'tensor<2x3x4xf32>', expected 2, 2, 1, 1 or its panels of depth 2}}
  %y = native.conv(%x : tensor<?x8xf32>) times(%w : tensor<2x3x4xf32>) into %out : tensor<?x8xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 2, 2, 2>, outputs = 2 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<?x8xf32>
  return
}

// -----

func.func @conv_c6(%x: tensor<?x8xf32>, %w: tensor<2x2x1x1xf32>, %b: tensor<8xf32>, %out: tensor<?x8xf32>) {
  // expected-error @+1 {{C6: extra 0 is 'tensor<8xf32>', the result 'tensor<?x8xf32>'}}
  %y = native.conv(%x : tensor<?x8xf32>) times(%w : tensor<2x2x1x1xf32>) with(%b : tensor<8xf32>) into %out : tensor<?x8xf32> {
  ^bb0(%s: f32, %c: f32):
    native.yield %s : f32
  } {image = array<i64: 2, 2, 2>, outputs = 2 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<?x8xf32>
  return
}

// -----

func.func @conv_c7(%x: tensor<?x8xf32>, %w: tensor<2x2x1x1xf32>, %out: tensor<?x8xf32>) {
  // expected-error @+1 {{C7: the epilogue must take 1 arguments of type 'f32' and end in native.yield}}
  %y = native.conv(%x : tensor<?x8xf32>) times(%w : tensor<2x2x1x1xf32>) into %out : tensor<?x8xf32> {
  ^bb0(%s: f32, %c: f32):
    native.yield %s : f32
  } {image = array<i64: 2, 2, 2>, outputs = 2 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<?x8xf32>
  return
}

// -----

func.func @conv_c8(%x: tensor<?x8xf32>, %w: tensor<2x2x1x1xf32>, %out: tensor<?x8xf32>) {
  // expected-error @+1 {{C8: the tile must be rows, columns and panels >= 1}}
  %y = native.conv(%x : tensor<?x8xf32>) times(%w : tensor<2x2x1x1xf32>) into %out : tensor<?x8xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 2, 2, 2>, outputs = 2 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, tile = array<i64: 1, 2>} -> tensor<?x8xf32>
  return
}

// -----

func.func @conv_c9(%x: tensor<?x8xf32>, %w: tensor<2x1x1x1xf32>, %out: tensor<?x8xf32>) {
  // expected-error @+1 {{C9: a planar input of 2 groups}}
  %y = native.conv(%x : tensor<?x8xf32>) times(%w : tensor<2x1x1x1xf32>) into %out : tensor<?x8xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 2, 2, 2>, outputs = 2 : i64, groups = 2 : i64, planar, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<?x8xf32>
  return
}

// -----

func.func @conv_c10(%x: tensor<?x32xf32>, %w: tensor<2x2x3x3xf32>, %out: tensor<?x8xf32>) {
  // expected-error @+1 {{C10: winograd is for windows of 3x3 with strides and dilations of 1, one group and channels last}}
  %y = native.conv(%x : tensor<?x32xf32>) times(%w : tensor<2x2x3x3xf32>) into %out : tensor<?x8xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 4, 4, 2>, outputs = 2 : i64, winograd, window = array<i64: 3, 3>, stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} -> tensor<?x8xf32>
  return
}

// -----

// The 16 matrices have the depth of the channels, not of the window.
func.func @conv_c5_winograd(%x: memref<?x32xf32>, %w: memref<1x18x4xf32>, %out: memref<?x64xf32>) {
  // expected-error @+1 {{C5: the weight is 'memref<1x18x4xf32>', expected 4, 2, 3, 3 or its panels of depth 2}}
  native.conv(%x : memref<?x32xf32>) times(%w : memref<1x18x4xf32>) into %out : memref<?x64xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 4, 4, 2>, outputs = 4 : i64, winograd, window = array<i64: 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
  return
}

// -----

func.func @pool_c1(%x: tensor<?x?xf32>, %out: tensor<?x2xf32>) {
  // expected-error @+1 {{C1: expected input and result of rank 2 with static columns and the same rows}}
  %y = native.pool(%x : tensor<?x?xf32>) into %out : tensor<?x2xf32> {image = array<i64: 2, 2, 2>, places = array<i64: 1, 1>, window = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>} -> tensor<?x2xf32>
  return
}

// -----

func.func @pool_c2(%x: tensor<?x8xf32>, %out: tensor<?x2xf32>) {
  // expected-error @+1 {{C2: expected an image of 8 numbers, found 2, 2}}
  %y = native.pool(%x : tensor<?x8xf32>) into %out : tensor<?x2xf32> {image = array<i64: 2, 2>, places = array<i64: 1, 1>, window = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>} -> tensor<?x2xf32>
  return
}

// -----

// The second window would begin behind the image.
func.func @pool_c3(%x: tensor<?x8xf32>, %out: tensor<?x4xf32>) {
  // expected-error @+1 {{C3: expected two windows, strides and places >= 1 and paddings >= 0, and a part of every window inside of the image}}
  %y = native.pool(%x : tensor<?x8xf32>) into %out : tensor<?x4xf32> {image = array<i64: 2, 2, 2>, places = array<i64: 2, 1>, window = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>} -> tensor<?x4xf32>
  return
}

// -----

func.func @pool_c4(%x: tensor<?x8xf32>, %out: tensor<?x4xf32>) {
  // expected-error @+1 {{C4: 4 columns of the result for 1, 1 places of 2 channels}}
  %y = native.pool(%x : tensor<?x8xf32>) into %out : tensor<?x4xf32> {image = array<i64: 2, 2, 2>, places = array<i64: 1, 1>, window = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>} -> tensor<?x4xf32>
  return
}

// -----

func.func @transpose_c1(%x: tensor<?x8xf32>, %out: tensor<?x6xf32>) {
  // expected-error @+1 {{C1: expected one shape, found 'tensor<?x8xf32>' and 'tensor<?x6xf32>'}}
  %y = native.transpose(%x : tensor<?x8xf32>) into %out : tensor<?x6xf32> {matrix = array<i64: 2, 4>} -> tensor<?x6xf32>
  return
}

// -----

func.func @transpose_c2(%x: tensor<?x8xf32>, %out: tensor<?x8xf32>) {
  // expected-error @+1 {{C2: expected a matrix of 8 numbers, found 2, 3}}
  %y = native.transpose(%x : tensor<?x8xf32>) into %out : tensor<?x8xf32> {matrix = array<i64: 2, 3>} -> tensor<?x8xf32>
  return
}

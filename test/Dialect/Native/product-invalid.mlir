// RUN: tez-opt --split-input-file --verify-diagnostics %s

func.func @product_c1(%x: tensor<7x3xf32>, %w: tensor<3x4xf32>, %y: tensor<?x4xf32>) {
  // expected-error @+1 {{C1: left factor 0 is 'tensor<7x3xf32>', the result 'tensor<?x4xf32>'}}
  native.product(%x : tensor<7x3xf32>) times(%w : tensor<3x4xf32>) into %y : tensor<?x4xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } -> tensor<?x4xf32>
  return
}

// -----

func.func @product_c2(%x: tensor<?x3xf32>, %w: tensor<4x3xf32>, %y: tensor<?x4xf32>) {
  // expected-error @+1 {{C2: right factor 0 is 'tensor<4x3xf32>', expected 3 x 4, or its panels}}
  native.product(%x : tensor<?x3xf32>) times(%w : tensor<4x3xf32>) into %y : tensor<?x4xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } -> tensor<?x4xf32>
  return
}

// -----

// 20 columns need two panels of 16.
func.func @product_c2(%x: tensor<?x3xf32>, %w: tensor<1x3x16xf32>, %y: tensor<?x20xf32>) {
  // expected-error @+1 {{C2: right factor 0 is 'tensor<1x3x16xf32>'}}
  native.product(%x : tensor<?x3xf32>) times(%w : tensor<1x3x16xf32>) into %y : tensor<?x20xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } -> tensor<?x20xf32>
  return
}

// -----

func.func @product_c3(%x: tensor<?x3xf32>, %w: tensor<3x4xf32>, %b: tensor<3xf32>, %y: tensor<?x4xf32>) {
  // expected-error @+1 {{C3: extra 0 is 'tensor<3xf32>'}}
  native.product(%x : tensor<?x3xf32>) times(%w : tensor<3x4xf32>) with(%b : tensor<3xf32>) into %y : tensor<?x4xf32> {
  ^bb0(%s: f32, %c: f32):
    native.yield %s : f32
  } -> tensor<?x4xf32>
  return
}

// -----

// Without tiles of one row there are rows that none fits.
func.func @product_c4(%x: tensor<?x3xf32>, %w: tensor<3x4xf32>, %y: tensor<?x4xf32>) {
  // expected-error @+1 {{C4: the schedule must be pairs (rows, panels) with falling rows down to 1}}
  native.product(%x : tensor<?x3xf32>) times(%w : tensor<3x4xf32>) into %y : tensor<?x4xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {schedule = array<i64: 6, 1, 2, 1>} -> tensor<?x4xf32>
  return
}

// -----

func.func @product_c5(%x: tensor<?x3xf32>, %w: tensor<3x4xf32>, %y: tensor<?x4xf32>) {
  // expected-error @+1 {{C5: the epilogue must take ('f32') and end in native.yield of 'f32'}}
  native.product(%x : tensor<?x3xf32>) times(%w : tensor<3x4xf32>) into %y : tensor<?x4xf32> {
  ^bb0(%s: f32, %t: f32):
    native.yield %s : f32
  } -> tensor<?x4xf32>
  return
}

// -----

func.func @product_c6(%x: tensor<?x3xf32>, %w: tensor<3x4xf32>, %y: tensor<?x4xf32>) {
  // expected-error @+1 {{C6: only a single product of f32 is cut into pieces}}
  native.product(%x, %x : tensor<?x3xf32>, tensor<?x3xf32>) times(%w, %w : tensor<3x4xf32>, tensor<3x4xf32>) into %y : tensor<?x4xf32> {
  ^bb0(%s: f32, %t: f32):
    native.yield %s : f32
  } {piece = 2 : i64} -> tensor<?x4xf32>
  return
}

// -----

// Packed terms of 8 bits are groups of four, the last filled up: two of them here.
func.func @product_c2(%x: tensor<?x5xi8>, %w: tensor<1x1x64xi8>, %y: tensor<?x4xi32>) {
  // expected-error @+1 {{C2: right factor 0 is 'tensor<1x1x64xi8>', expected 5 x 4, or its panels}}
  native.product(%x : tensor<?x5xi8>) times(%w : tensor<1x1x64xi8>) into %y : tensor<?x4xi32> {
  ^bb0(%s: i32):
    native.yield %s : i32
  } -> tensor<?x4xi32>
  return
}

// -----

func.func @product_c3(%x: tensor<?x3xf32>, %w: tensor<3x4xf32>, %b: tensor<?x2xf32>, %y: tensor<?x4xf32>) {
  // expected-error @+1 {{C3: extra 0 is 'tensor<?x2xf32>'}}
  native.product(%x : tensor<?x3xf32>) times(%w : tensor<3x4xf32>) with(%b : tensor<?x2xf32>) into %y : tensor<?x4xf32> {
  ^bb0(%s: f32, %c: f32):
    native.yield %s : f32
  } -> tensor<?x4xf32>
  return
}

// -----

// The sums of 8-bit products have 32.
func.func @product_c5(%x: tensor<?x3xi8>, %w: tensor<3x4xi8>, %y: tensor<?x4xi8>) {
  // expected-error @+1 {{C5: the epilogue must take ('i32') and end in native.yield of 'i8'}}
  native.product(%x : tensor<?x3xi8>) times(%w : tensor<3x4xi8>) into %y : tensor<?x4xi8> {
  ^bb0(%s: i8):
    native.yield %s : i8
  } -> tensor<?x4xi8>
  return
}

// -----

func.func @product_c6(%x: tensor<?x3xbf16>, %w: tensor<3x4xbf16>, %y: tensor<?x4xf32>) {
  // expected-error @+1 {{C6: only a single product of f32 is cut into pieces}}
  native.product(%x : tensor<?x3xbf16>) times(%w : tensor<3x4xbf16>) into %y : tensor<?x4xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {piece = 2 : i64} -> tensor<?x4xf32>
  return
}

// -----

func.func @product_c7(%x: tensor<?x3xbf16>, %w: tensor<3x4xf32>, %y: tensor<?x4xf32>) {
  // expected-error @+1 {{C7: factors 0 are 'tensor<?x3xbf16>' and 'tensor<3x4xf32>', expected f32, bf16 or i8}}
  native.product(%x : tensor<?x3xbf16>) times(%w : tensor<3x4xf32>) into %y : tensor<?x4xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } -> tensor<?x4xf32>
  return
}

// -----

func.func @product_c7(%x: tensor<?x3xf16>, %w: tensor<3x4xf16>, %y: tensor<?x4xf32>) {
  // expected-error @+1 {{C7: factors 0 are}}
  native.product(%x : tensor<?x3xf16>) times(%w : tensor<3x4xf16>) into %y : tensor<?x4xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } -> tensor<?x4xf32>
  return
}

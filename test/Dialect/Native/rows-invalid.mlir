// RUN: tez-opt --split-input-file --verify-diagnostics %s

func.func @row_norm_c1(%x: memref<?x4xf32>, %y: memref<?x5xf32>) {
  // expected-error @+1 {{C1: expected input and result of one shape, of rank 2 with static columns, found 'memref<?x4xf32>' and 'memref<?x5xf32>'}}
  native.row_norm(%x : memref<?x4xf32>) into %y : memref<?x5xf32> {eps = 0.0 : f64}
  return
}

// -----

func.func @row_norm_c2(%x: memref<?x4xf32>, %w: memref<5xf32>, %y: memref<?x4xf32>) {
  // expected-error @+1 {{C2: expected one number a column, found 'memref<5xf32>' for 'memref<?x4xf32>'}}
  native.row_norm(%x : memref<?x4xf32>) scale(%w : memref<5xf32>) into %y : memref<?x4xf32> {eps = 0.0 : f64}
  return
}

// -----

func.func @row_norm_c2(%x: memref<?x4xf32>, %b: memref<1x4xf32>, %y: memref<?x4xf32>) {
  // expected-error @+1 {{C2: expected one number a column}}
  native.row_norm(%x : memref<?x4xf32>) shift(%b : memref<1x4xf32>) into %y : memref<?x4xf32> {eps = 0.0 : f64}
  return
}

// -----

func.func @row_norm_c3(%x: memref<?x4xf32>, %y: memref<?x4xf32>) {
  // expected-error @+1 {{C3: eps is}}
  native.row_norm(%x : memref<?x4xf32>) into %y : memref<?x4xf32> {eps = -1.0 : f64}
  return
}

// -----

func.func @row_softmax_c1(%x: memref<?x?xf32>, %y: memref<?x?xf32>) {
  // expected-error @+1 {{C1: expected input and result of one shape, of rank 2 with static columns}}
  native.row_softmax(%x : memref<?x?xf32>) into %y : memref<?x?xf32>
  return
}

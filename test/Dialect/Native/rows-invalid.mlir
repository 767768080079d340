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

// -----

func.func @columns_c1(%x: tensor<?x?xf32>, %out: tensor<?x8xf32>) {
  // expected-error @+1 {{C1: expected operands and a result of rank 2 with static columns and the same rows}}
  %y = native.columns(%x : tensor<?x?xf32>) into %out : tensor<?x8xf32> {begins = array<i64: 0>, counts = array<i64: 8>, groups = 1 : i64} -> tensor<?x8xf32>
  return
}

// -----

func.func @columns_c2(%x: tensor<?x12xf32>, %out: tensor<?x8xf32>) {
  // expected-error @+1 {{C2: expected a part of each operand's groups, found begins 2 and counts 2 in 4 groups}}
  %y = native.columns(%x : tensor<?x12xf32>) into %out : tensor<?x8xf32> {begins = array<i64: 2>, counts = array<i64: 2>, groups = 4 : i64} -> tensor<?x8xf32>
  return
}

// -----

func.func @columns_c3(%x: tensor<?x12xf32>, %out: tensor<?x9xf32>) {
  // expected-error @+1 {{C3: the parts are 8 columns, the result is 'tensor<?x9xf32>'}}
  %y = native.columns(%x : tensor<?x12xf32>) into %out : tensor<?x9xf32> {begins = array<i64: 1>, counts = array<i64: 2>, groups = 4 : i64} -> tensor<?x9xf32>
  return
}

// -----

func.func @row_grid_c1(%x: memref<?x4xbf16>, %s: memref<?x1xf32>, %z: memref<?x1xf32>) {
  // expected-error @+1 {{C1: expected f32 of rank 2 with static columns, found 'memref<?x4xbf16>'}}
  native.row_grid(%x : memref<?x4xbf16>) into %s, %z : memref<?x1xf32>, memref<?x1xf32>
  return
}

// -----

func.func @row_grid_c2(%x: memref<?x4xf32>, %s: memref<?x1xf32>, %z: memref<?x1xi32>) {
  // expected-error @+1 {{C2: expected one f32 a row, found 'memref<?x1xi32>'}}
  native.row_grid(%x : memref<?x4xf32>) into %s, %z : memref<?x1xf32>, memref<?x1xi32>
  return
}

// -----

func.func @row_grid_c2(%x: memref<?x4xf32>, %s: memref<?x4xf32>, %z: memref<?x1xf32>) {
  // expected-error @+1 {{C2: expected one f32 a row, found 'memref<?x4xf32>'}}
  native.row_grid(%x : memref<?x4xf32>) into %s, %z : memref<?x4xf32>, memref<?x1xf32>
  return
}

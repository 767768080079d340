// RUN: tez-opt %s --split-input-file --verify-diagnostics

esper.kernel @linear_c1(%x: tensor<f32>, %w: tensor<8x4xf32>) {
  // expected-error@+2 {{input must have rank >= 1, found rank 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.linear %x, %w : (tensor<f32>, tensor<8x4xf32>) -> tensor<8xf32>
  esper.return
}

// -----

esper.kernel @linear_c2(%x: tensor<?x5xf32>, %w: tensor<8x4xf32>) {
  // expected-error@+2 {{last dimension of input (5) must equal dimension 1 of weight (4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.linear %x, %w : (tensor<?x5xf32>, tensor<8x4xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @linear_c2(%x: tensor<?x4xf32>, %w: tensor<4xf32>) {
  // expected-error@+2 {{weight must have rank 2, found (4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @linear_c3(%x: tensor<?x4xf32>, %w: tensor<8x4xf32>, %b: tensor<4xf32>) {
  // expected-error@+2 {{bias must have shape (8), found (4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.linear %x, %w, %b : (tensor<?x4xf32>, tensor<8x4xf32>, tensor<4xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @bilinear_c1(%a: tensor<3x4xf32>, %b: tensor<2x6xf32>, %w: tensor<5x4x6xf32>) {
  // expected-error@+2 {{left (3, 4) and right (2, 6) must have the same rank >= 1 and equal leading dimensions}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.bilinear %a, %b, %w : (tensor<3x4xf32>, tensor<2x6xf32>, tensor<5x4x6xf32>) -> tensor<3x5xf32>
  esper.return
}

// -----

esper.kernel @bilinear_c2(%a: tensor<?x4xf32>, %b: tensor<?x6xf32>, %w: tensor<5x6x4xf32>) {
  // expected-error@+2 {{weight must have shape (outputs, 4, 6), found (5, 6, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.bilinear %a, %b, %w : (tensor<?x4xf32>, tensor<?x6xf32>, tensor<5x6x4xf32>) -> tensor<?x5xf32>
  esper.return
}

// -----

esper.kernel @bilinear_c3(%a: tensor<?x4xf32>, %b: tensor<?x6xf32>, %w: tensor<5x4x6xf32>, %c: tensor<4xf32>) {
  // expected-error@+2 {{bias must have shape (5), found (4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.bilinear %a, %b, %w, %c : (tensor<?x4xf32>, tensor<?x6xf32>, tensor<5x4x6xf32>, tensor<4xf32>) -> tensor<?x5xf32>
  esper.return
}

// -----

esper.kernel @matmul_c1(%a: tensor<f32>, %b: tensor<4xf32>) {
  // expected-error@+2 {{operands must have rank >= 1, found () and (4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.matmul %a, %b : (tensor<f32>, tensor<4xf32>) -> tensor<f32>
  esper.return
}

// -----

esper.kernel @matmul_c2(%a: tensor<?x4xf32>, %b: tensor<5x6xf32>) {
  // expected-error@+2 {{contracted dimensions differ: 4 and 5}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.matmul %a, %b : (tensor<?x4xf32>, tensor<5x6xf32>) -> tensor<?x6xf32>
  esper.return
}

// -----

esper.kernel @matmul_c3(%a: tensor<2x3x4xf32>, %b: tensor<3x4x6xf32>) {
  // expected-error@+2 {{leading dimensions of (2, 3, 4) and (3, 4, 6) do not broadcast}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.matmul %a, %b : (tensor<2x3x4xf32>, tensor<3x4x6xf32>) -> tensor<3x3x6xf32>
  esper.return
}

// -----

esper.kernel @embedding_c1(%i: tensor<?xf32>, %w: tensor<10x4xf32>) {
  // expected-error@+2 {{indices must be integers, found 'f32'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.embedding %i, %w : (tensor<?xf32>, tensor<10x4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @embedding_c2(%i: tensor<?xi64>, %w: tensor<10xf32>) {
  // expected-error@+2 {{weight must have rank 2, found (10)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.embedding %i, %w : (tensor<?xi64>, tensor<10xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @embedding_c3(%i: tensor<?xi64>, %w: tensor<10x4xf32>) {
  // expected-error@+2 {{padding_idx must be -1 or a row of weight (0 to 9), found 10}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.embedding %i, %w {padding_idx = 10 : i64} : (tensor<?xi64>, tensor<10x4xf32>) -> tensor<?x4xf32>
  esper.return
}

// REQUIRES: torch
// RUN: tez-opt %s %against_torch

esper.kernel @linear(%x: tensor<?x3xf32>, %v: tensor<3xf32>, %z: tensor<?x2x?x3xf32>)
    -> (tensor<?x4xf32>, tensor<4xf32>, tensor<?x2x?x4xf32>, tensor<?x1xf32>) {
  %w = esper.param "weight" <uniform, -1.0, 1.0> : tensor<4x3xf32>
  %b = esper.param "bias" <normal, 0.0, 1.0> : tensor<4xf32>
  %u = esper.param "narrow" <normal, 0.0, 1.0> : tensor<1x3xf32>
  %0 = esper.linear %x, %w, %b : (tensor<?x3xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %1 = esper.linear %v, %w : (tensor<3xf32>, tensor<4x3xf32>) -> tensor<4xf32>
  %2 = esper.linear %z, %w, %b : (tensor<?x2x?x3xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<?x2x?x4xf32>
  %3 = esper.linear %x, %u : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x1xf32>
  esper.return %0, %1, %2, %3 : tensor<?x4xf32>, tensor<4xf32>, tensor<?x2x?x4xf32>, tensor<?x1xf32>
}

// Any number of leading dimensions, none among them.
esper.kernel @linear_leading(%x: tensor<?x3xf32>) -> tensor<?x2xf32> attributes {leading_any} {
  %w = esper.param "weight" <uniform, -1.0, 1.0> : tensor<2x3xf32>
  %y = esper.linear %x, %w : (tensor<?x3xf32>, tensor<2x3xf32>) -> tensor<?x2xf32>
  esper.return %y : tensor<?x2xf32>
}

// A kernel of a width that is nobody's power of two, long enough for blocks.
esper.kernel @linear_wide(%x: tensor<?x131xf32>) -> tensor<?x67xf32> {
  %w = esper.param "weight" <uniform, -0.1, 0.1> : tensor<67x131xf32>
  %b = esper.param "bias" <uniform, -0.1, 0.1> : tensor<67xf32>
  %y = esper.linear %x, %w, %b : (tensor<?x131xf32>, tensor<67x131xf32>, tensor<67xf32>) -> tensor<?x67xf32>
  esper.return %y : tensor<?x67xf32>
}

esper.kernel @bilinear(%a: tensor<?x3xf32>, %b: tensor<?x2xf32>, %c: tensor<?x2x3xf32>, %d: tensor<?x2x2xf32>)
    -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x2x4xf32>) {
  %w = esper.param "weight" <uniform, -1.0, 1.0> : tensor<4x3x2xf32>
  %bias = esper.param "bias" <normal, 0.0, 1.0> : tensor<4xf32>
  %0 = esper.bilinear %a, %b, %w, %bias : (tensor<?x3xf32>, tensor<?x2xf32>, tensor<4x3x2xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %1 = esper.bilinear %a, %b, %w : (tensor<?x3xf32>, tensor<?x2xf32>, tensor<4x3x2xf32>) -> tensor<?x4xf32>
  %2 = esper.bilinear %c, %d, %w, %bias : (tensor<?x2x3xf32>, tensor<?x2x2xf32>, tensor<4x3x2xf32>, tensor<4xf32>) -> tensor<?x2x4xf32>
  esper.return %0, %1, %2 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x2x4xf32>
}

// Every case of torch's rule: vectors, matrices, batches, broadcast batches.
esper.kernel @matmul(%v: tensor<3xf32>, %m: tensor<?x3xf32>, %n: tensor<3x2xf32>, %t: tensor<5x1x?x3xf32>, %u: tensor<2x3x4xf32>)
    -> (tensor<f32>, tensor<?xf32>, tensor<2xf32>, tensor<?x2xf32>, tensor<5x2x?x4xf32>, tensor<5x1x?x2xf32>, tensor<2x4xf32>, tensor<5x1x?xf32>) {
  %0 = esper.matmul %v, %v : (tensor<3xf32>, tensor<3xf32>) -> tensor<f32>
  %1 = esper.matmul %m, %v : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?xf32>
  %2 = esper.matmul %v, %n : (tensor<3xf32>, tensor<3x2xf32>) -> tensor<2xf32>
  %3 = esper.matmul %m, %n : (tensor<?x3xf32>, tensor<3x2xf32>) -> tensor<?x2xf32>
  %4 = esper.matmul %t, %u : (tensor<5x1x?x3xf32>, tensor<2x3x4xf32>) -> tensor<5x2x?x4xf32>
  %5 = esper.matmul %t, %n : (tensor<5x1x?x3xf32>, tensor<3x2xf32>) -> tensor<5x1x?x2xf32>
  %6 = esper.matmul %v, %u : (tensor<3xf32>, tensor<2x3x4xf32>) -> tensor<2x4xf32>
  %7 = esper.matmul %t, %v : (tensor<5x1x?x3xf32>, tensor<3xf32>) -> tensor<5x1x?xf32>
  esper.return %0, %1, %2, %3, %4, %5, %6, %7 : tensor<f32>, tensor<?xf32>, tensor<2xf32>, tensor<?x2xf32>, tensor<5x2x?x4xf32>, tensor<5x1x?x2xf32>, tensor<2x4xf32>, tensor<5x1x?xf32>
}

// The padding row takes no gradient; frequency scaling divides by the count of an index.
esper.kernel @embedding(%i: tensor<?x4xi64>, %j: tensor<?xi64>)
    -> (tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x3xf32>) {
  %w = esper.param "plain" <normal, 0.0, 1.0> : tensor<3x3xf32>
  %p = esper.param "padded" <normal, 0.0, 1.0, zero_row = 1> : tensor<3x3xf32>
  %f = esper.param "frequency" <normal, 0.0, 1.0> : tensor<3x3xf32>
  %0 = esper.embedding %i, %w : (tensor<?x4xi64>, tensor<3x3xf32>) -> tensor<?x4x3xf32>
  %1 = esper.embedding %i, %p {padding_idx = 1 : i64} : (tensor<?x4xi64>, tensor<3x3xf32>) -> tensor<?x4x3xf32>
  %2 = esper.embedding %i, %f {scale_grad_by_freq = true} : (tensor<?x4xi64>, tensor<3x3xf32>) -> tensor<?x4x3xf32>
  %3 = esper.embedding %j, %w : (tensor<?xi64>, tensor<3x3xf32>) -> tensor<?x3xf32>
  esper.return %0, %1, %2, %3 : tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x3xf32>
}

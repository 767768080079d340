// RUN: tez-opt %s --esper-to-torchscript --verify-diagnostics

esper.kernel @composite(%x: tensor<2x3x8xf32>, %w: tensor<24x8xf32>, %o: tensor<8x8xf32>) -> tensor<2x3x8xf32> {
  %t = esper.training "mha"
  // expected-error@+1 {{has no TorchScript form; composites must be decomposed first}}
  %y = "esper.attention"(%x, %x, %x, %w, %o, %t) <{num_heads = 2 : i64, dropout = 0.0 : f64, need_weights = false, operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0>}> : (tensor<2x3x8xf32>, tensor<2x3x8xf32>, tensor<2x3x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> tensor<2x3x8xf32>
  esper.return %y : tensor<2x3x8xf32>
}

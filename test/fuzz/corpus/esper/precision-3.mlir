esper.kernel @quantized(%x: tensor<?x8xf32>, %i: tensor<?x3x?x32xf32>) -> (tensor<?x4xf32>, tensor<?x6x?x16xf32>) {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x8xf32>
  %k = esper.param "kernel" <uniform, -0.5, 0.5> : tensor<6x3x2x2xf32>
  %q, %s = esper.quantize_weight %w : (tensor<4x8xf32>) -> (tensor<4x8xi8>, tensor<4xf32>)
  %r, %t = esper.quantize_weight %k : (tensor<6x3x2x2xf32>) -> (tensor<6x3x2x2xi8>, tensor<6xf32>)
  %y = esper.quantized_linear %x, %q, %s {relu} : (tensor<?x8xf32>, tensor<4x8xi8>, tensor<4xf32>) -> tensor<?x4xf32>
  %z = esper.quantized_conv %i, %r, %t {stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 0.5 : f64, input_zero = 3 : i64, output_scale = 0.25 : f64, output_zero = 255 : i64}
      : (tensor<?x3x?x32xf32>, tensor<6x3x2x2xi8>, tensor<6xf32>) -> tensor<?x6x?x16xf32>
  esper.return %y, %z : tensor<?x4xf32>, tensor<?x6x?x16xf32>
}

// RUN: tez-opt --esper-to-torchscript --split-input-file --verify-diagnostics %s | FileCheck %s

// The packed weights are the module's; what only they read is not. The bias is also read otherwise.
// CHECK-LABEL: ts.module @linears
// CHECK-NEXT:    ts.buffer "b"
// CHECK-NEXT:    ts.packed "w_packed" "quantized::linear_prepack" of "w", "s", "b"
// CHECK-NEXT:    ts.packed "w_packed_" "quantized::linear_prepack" of "w", "s", ""
// CHECK-NEXT:    ts.forward
// CHECK-NEXT:      %[[B:.*]] = ts.get "b"
// CHECK-NEXT:      %[[P:.*]] = ts.get "w_packed" : !ts.packed
// CHECK-NEXT:      ts.call "quantized::linear_dynamic"(%arg0, %[[P]], true)
// CHECK-NEXT:      %[[O:.*]] = ts.get "w_packed_" : !ts.packed
// CHECK-NEXT:      %[[C:.*]] = ts.call "aten::clamp"(%arg0, -5.000000e+00, 5.850000e+01)
// CHECK-NEXT:      ts.call "quantized::linear_with_input_q_dq_qweight_dq_relu_output_fp32"(%[[C]], 5.000000e-01, 10, %[[O]])
// CHECK-NEXT:      ts.call "aten::add"({{.*}}, %[[B]], 1)
esper.kernel @linears(%x: tensor<?x3xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) attributes {esper.infer} {
  %w = esper.buffer "w" <constant, 0.0> : tensor<2x3xi8>
  %s = esper.buffer "s" <constant, 1.0> : tensor<2xf32>
  %b = esper.buffer "b" <constant, 1.0> : tensor<2xf32>
  %0 = esper.quantized_linear %x, %w, %s, %b : (tensor<?x3xf32>, tensor<2x3xi8>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %1 = esper.quantized_linear %x, %w, %s {input_scale = 0.5 : f64, input_zero = 10 : i64, relu} : (tensor<?x3xf32>, tensor<2x3xi8>, tensor<2xf32>) -> tensor<?x2xf32>
  %2 = esper.add %1, %b : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  esper.return %0, %2 : tensor<?x2xf32>, tensor<?x2xf32>
}

// -----

// torch takes no vector here.
// CHECK-LABEL: ts.module @leading
// CHECK:         ts.if
// CHECK-NEXT:      ts.call "quantized::linear_relu_dynamic"(%arg0,
// CHECK:         else
// CHECK-NEXT:      %[[R:.*]] = ts.call "aten::unsqueeze"(%arg0, 0)
// CHECK-NEXT:      %[[Y:.*]] = ts.call "quantized::linear_relu_dynamic"(%[[R]],
// CHECK-NEXT:      ts.call "aten::squeeze"(%[[Y]], 0)
esper.kernel @leading(%x: tensor<?x3xf32>) -> tensor<?x2xf32> attributes {esper.infer, leading_any} {
  %w = esper.buffer "w" <constant, 0.0> : tensor<2x3xi8>
  %s = esper.buffer "s" <constant, 1.0> : tensor<2xf32>
  %0 = esper.quantized_linear %x, %w, %s {relu} : (tensor<?x3xf32>, tensor<2x3xi8>, tensor<2xf32>) -> tensor<?x2xf32>
  esper.return %0 : tensor<?x2xf32>
}

// -----

// Between two convolutions on the same grid the images stay in 8 bits, on its 128 numbers. Images without a batch get one.
// CHECK-LABEL: ts.module @convolutions
// CHECK:         %[[RANK:.*]] = ts.call "aten::dim"(%arg0)
// CHECK:         %[[IMAGES:.*]] = ts.call "aten::gt"(%[[RANK]], 3)
// CHECK:         %[[H:.*]] = ts.if %[[IMAGES]]
// CHECK-NEXT:      %[[C:.*]] = ts.call "aten::clamp"(%arg0, -5.000000e+00, 1.220000e+02)
// CHECK-NEXT:      %[[Q:.*]] = ts.call "aten::quantize_per_tensor"(%[[C]], 1.000000e+00, 5, 13)
// CHECK-NEXT:      %[[A:.*]] = ts.call "quantized::conv2d_relu"(%[[Q]], %{{.*}}, 5.000000e-01, 0)
// CHECK-NEXT:      %[[K:.*]] = ts.call "aten::clamp"(%[[A]], {{-?}}0.000000e+00, 6.350000e+01)
// CHECK-NEXT:      ts.yield %[[K]]
// CHECK:         } else {
// CHECK-NEXT:      ts.call "aten::unsqueeze"(%arg0, 0)
// CHECK:           ts.call "aten::squeeze"(%{{.*}}, 0)
// CHECK:         ts.if
// CHECK-NEXT:      %[[B:.*]] = ts.call "quantized::conv2d"(%[[H]], %{{.*}}, 2.000000e+00, 7)
// CHECK-NEXT:      %[[Y:.*]] = ts.call "aten::dequantize"(%[[B]])
// CHECK-NEXT:      ts.yield %[[Y]]
esper.kernel @convolutions(%x: tensor<?x4x8x8xf32>) -> tensor<?x4x8x8xf32> attributes {esper.infer} {
  %w = esper.buffer "w" <constant, 0.0> : tensor<4x4x1x1xi8>
  %s = esper.buffer "s" <constant, 1.0> : tensor<4xf32>
  %0 = esper.quantized_conv %x, %w, %s {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 1.0 : f64, input_zero = 5 : i64, output_scale = 0.5 : f64, output_zero = 0 : i64, relu} : (tensor<?x4x8x8xf32>, tensor<4x4x1x1xi8>, tensor<4xf32>) -> tensor<?x4x8x8xf32>
  %1 = esper.quantized_conv %0, %w, %s {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 0.5 : f64, input_zero = 0 : i64, output_scale = 2.0 : f64, output_zero = 7 : i64} : (tensor<?x4x8x8xf32>, tensor<4x4x1x1xi8>, tensor<4xf32>) -> tensor<?x4x8x8xf32>
  esper.return %1 : tensor<?x4x8x8xf32>
}

// -----

// On two grids, or read otherwise, they do not.
// CHECK-LABEL: ts.module @other_grid
// CHECK:         "aten::quantize_per_tensor"
// CHECK:         "quantized::conv2d"
// CHECK-NEXT:    "aten::dequantize"
// CHECK:         "aten::quantize_per_tensor"
esper.kernel @other_grid(%x: tensor<?x4x8x8xf32>) -> tensor<?x4x8x8xf32> attributes {esper.infer} {
  %w = esper.buffer "w" <constant, 0.0> : tensor<4x4x1x1xi8>
  %s = esper.buffer "s" <constant, 1.0> : tensor<4xf32>
  %0 = esper.quantized_conv %x, %w, %s {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 1.0 : f64, input_zero = 5 : i64, output_scale = 0.5 : f64, output_zero = 0 : i64} : (tensor<?x4x8x8xf32>, tensor<4x4x1x1xi8>, tensor<4xf32>) -> tensor<?x4x8x8xf32>
  %1 = esper.quantized_conv %0, %w, %s {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 0.5 : f64, input_zero = 1 : i64, output_scale = 2.0 : f64, output_zero = 7 : i64} : (tensor<?x4x8x8xf32>, tensor<4x4x1x1xi8>, tensor<4xf32>) -> tensor<?x4x8x8xf32>
  esper.return %1 : tensor<?x4x8x8xf32>
}

// -----

// Maxima of 8-bit numbers are some of them.
// CHECK-LABEL: ts.module @pooled
// CHECK:         ts.call "quantized::conv2d"
// CHECK-NOT:     dequantize
// CHECK:         %[[P:.*]] = ts.call "aten::max_pool2d"
// CHECK-NOT:     quantize_per_tensor
// CHECK:         %[[B:.*]] = ts.call "quantized::conv2d"(%[[P]],
// CHECK-NEXT:    ts.call "aten::dequantize"(%[[B]])
esper.kernel @pooled(%x: tensor<?x4x8x8xf32>) -> tensor<?x4x4x4xf32> attributes {esper.infer} {
  %w = esper.buffer "w" <constant, 0.0> : tensor<4x4x1x1xi8>
  %s = esper.buffer "s" <constant, 1.0> : tensor<4xf32>
  %0 = esper.quantized_conv %x, %w, %s {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 1.0 : f64, input_zero = 5 : i64, output_scale = 0.5 : f64, output_zero = 0 : i64} : (tensor<?x4x8x8xf32>, tensor<4x4x1x1xi8>, tensor<4xf32>) -> tensor<?x4x8x8xf32>
  %p = esper.max_pool %0 {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x4x8x8xf32>) -> tensor<?x4x4x4xf32>
  %1 = esper.quantized_conv %p, %w, %s {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 0.5 : f64, input_zero = 0 : i64, output_scale = 2.0 : f64, output_zero = 7 : i64} : (tensor<?x4x4x4xf32>, tensor<4x4x1x1xi8>, tensor<4xf32>) -> tensor<?x4x4x4xf32>
  esper.return %1 : tensor<?x4x4x4xf32>
}

// -----

// All or none: one reader in fp32 and the pool is one of fp32, too.
// CHECK-LABEL: ts.module @pooled_and_read
// CHECK:         %[[A:.*]] = ts.call "quantized::conv2d"
// CHECK-NEXT:    ts.call "aten::dequantize"(%[[A]])
// CHECK:         %[[P:.*]] = ts.call "aten::max_pool2d"
// CHECK:         %[[C:.*]] = ts.call "aten::clamp"(%[[P]],
// CHECK-NEXT:    ts.call "aten::quantize_per_tensor"(%[[C]],
esper.kernel @pooled_and_read(%x: tensor<?x4x8x8xf32>) -> (tensor<?x4x4x4xf32>, tensor<?x4x8x8xf32>) attributes {esper.infer} {
  %w = esper.buffer "w" <constant, 0.0> : tensor<4x4x1x1xi8>
  %s = esper.buffer "s" <constant, 1.0> : tensor<4xf32>
  %0 = esper.quantized_conv %x, %w, %s {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 1.0 : f64, input_zero = 5 : i64, output_scale = 0.5 : f64, output_zero = 0 : i64} : (tensor<?x4x8x8xf32>, tensor<4x4x1x1xi8>, tensor<4xf32>) -> tensor<?x4x8x8xf32>
  %p = esper.max_pool %0 {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x4x8x8xf32>) -> tensor<?x4x4x4xf32>
  %1 = esper.quantized_conv %p, %w, %s {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 0.5 : f64, input_zero = 0 : i64, output_scale = 2.0 : f64, output_zero = 7 : i64} : (tensor<?x4x4x4xf32>, tensor<4x4x1x1xi8>, tensor<4xf32>) -> tensor<?x4x4x4xf32>
  esper.return %1, %0 : tensor<?x4x4x4xf32>, tensor<?x4x8x8xf32>
}

// -----

// CHECK-LABEL: ts.module @cast
// CHECK:         ts.call "aten::to"(%arg0, 15, false, false, none)
esper.kernel @cast(%x: tensor<?x4xf32>) -> tensor<?x4xbf16> attributes {esper.infer} {
  %0 = esper.cast %x {to = bf16} : (tensor<?x4xf32>) -> tensor<?x4xbf16>
  esper.return %0 : tensor<?x4xbf16>
}

// -----

esper.kernel @not_frozen(%x: tensor<?x3xf32>) -> tensor<?x2xf32> attributes {esper.infer} {
  %p = esper.param "w" <constant, 0.0> : tensor<2x3xf32>
  %w, %s = esper.quantize_weight %p : (tensor<2x3xf32>) -> (tensor<2x3xi8>, tensor<2xf32>)
  // expected-error@+1 {{packs its weight, scales and bias, which must be parameters or buffers (esper-freeze-state makes buffers of what is computed)}}
  %0 = esper.quantized_linear %x, %w, %s : (tensor<?x3xf32>, tensor<2x3xi8>, tensor<2xf32>) -> tensor<?x2xf32>
  esper.return %0 : tensor<?x2xf32>
}

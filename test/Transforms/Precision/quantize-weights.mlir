// RUN: tez-opt --pass-pipeline='builtin.module(esper.kernel(esper-quantize-weights{least-elements=16}))' %s | FileCheck %s

// CHECK-LABEL: esper.kernel @dynamic(
// CHECK:         %[[W:.*]] = esper.param "weight"
// CHECK:         %[[B:.*]] = esper.param "bias"
// CHECK-NEXT:    %[[Q:.*]], %[[S:.*]] = esper.quantize_weight %[[W]]
// CHECK-NEXT:    %[[Y:.*]] = esper.quantized_linear %arg0, %[[Q]], %[[S]], %[[B]] :
// CHECK-NEXT:    esper.return %[[Y]]
esper.kernel @dynamic(%x: tensor<?x4xf32>) -> tensor<?x4xf32> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %b = esper.param "bias" <uniform, -0.5, 0.5> : tensor<4xf32>
  %y = esper.linear %x, %w, %b : (tensor<?x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// From -1 to 1.54, and 0 among it, in 127 steps; a relu that reads it alone goes along.
// CHECK-LABEL: esper.kernel @static(
// CHECK:         esper.quantized_linear {{.*}} {input_scale = 0.0{{(19999|2)[0-9]*}} : f64, input_zero = 50 : i64, relu}
// CHECK-NOT:     esper.activation
// CHECK:         esper.quantized_linear {{.*}} {input_scale = 1.000000e+00 : f64, input_zero = 0 : i64}
// CHECK:         esper.activation "gelu"
esper.kernel @static(%x: tensor<?x4xf32>) -> tensor<?x4xf32> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %h = esper.linear %x, %w {esper.input_range = array<f64: -1.0, 1.54>, esper.output_range = array<f64: 0.0, 1.0>} : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %r = esper.activation "relu" %h : tensor<?x4xf32>
  %g = esper.linear %r, %w {esper.input_range = array<f64: 0.0, 127.0>, esper.output_range = array<f64: 0.0, 1.0>} : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %y = esper.activation "gelu" %g : tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// A relu that is not alone stays.
// CHECK-LABEL: esper.kernel @read_twice(
// CHECK:         esper.quantized_linear
// CHECK-NOT:     relu}
// CHECK:         esper.activation "relu"
esper.kernel @read_twice(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %h = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %r = esper.activation "relu" %h : tensor<?x4xf32>
  esper.return %h, %r : tensor<?x4xf32>, tensor<?x4xf32>
}

// A convolution where it was measured: an output from 0 takes the zero 0.
// CHECK-LABEL: esper.kernel @convolutions(
// CHECK:         esper.quantized_conv
// CHECK-SAME:      input_scale = 5.000000e-01 : f64, input_zero = 64 : i64, output_scale = 2.500000e-01 : f64, output_zero = 0 : i64
// CHECK-SAME:      relu
// CHECK:         esper.conv %
esper.kernel @convolutions(%x: tensor<?x4x8x8xf32>) -> (tensor<?x4x8x8xf32>, tensor<?x4x8x8xf32>) attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4x1x1xf32>
  %a = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, esper.input_range = array<f64: -32.0, 31.5>, esper.output_range = array<f64: 0.0, 31.75>} : (tensor<?x4x8x8xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x8x8xf32>
  %r = esper.activation "relu" %a : tensor<?x4x8x8xf32>
  %b = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x4x8x8xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x8x8xf32>
  esper.return %r, %b : tensor<?x4x8x8xf32>, tensor<?x4x8x8xf32>
}

// What a plan keeps, small weights, weights and biases that are inputs, sequences.
// CHECK-LABEL: esper.kernel @left_alone(
// CHECK-NOT:     esper.quantize
// CHECK:         esper.return
esper.kernel @left_alone(%x: tensor<?x4xf32>, %v: tensor<4x4xf32>, %c: tensor<4xf32>, %s: tensor<?x4x8xf32>)
    -> (tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4x8xf32>) attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %u = esper.param "small" <uniform, -0.5, 0.5> : tensor<2x4xf32>
  %k = esper.param "kernel" <uniform, -0.5, 0.5> : tensor<4x4x1xf32>
  %0 = esper.linear %x, %w {esper.keep_float} : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %1 = esper.linear %x, %u : (tensor<?x4xf32>, tensor<2x4xf32>) -> tensor<?x2xf32>
  %2 = esper.linear %x, %v : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %3 = esper.linear %x, %w, %c : (tensor<?x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %4 = esper.conv %s, %k {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>, esper.input_range = array<f64: -1.0, 1.0>, esper.output_range = array<f64: 0.0, 1.0>} : (tensor<?x4x8xf32>, tensor<4x4x1xf32>) -> tensor<?x4x8xf32>
  esper.return %0, %1, %2, %3, %4 : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4x8xf32>
}

// CHECK-LABEL: esper.kernel @trains(
// CHECK-NOT:     esper.quantize
// CHECK:         esper.return
esper.kernel @trains(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %a = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return %a : tensor<?x4xf32>
}

// A range that has no grid is none.
// CHECK-LABEL: esper.kernel @no_grid(
// CHECK:         esper.quantized_linear
// CHECK-NOT:     input_scale
// CHECK:         esper.return
esper.kernel @no_grid(%x: tensor<?x4xf32>) -> tensor<?x4xf32> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %h = esper.linear %x, %w {esper.input_range = array<f64: 0.0, 0.0>, esper.output_range = array<f64: 0.0, 1.0>} : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return %h : tensor<?x4xf32>
}

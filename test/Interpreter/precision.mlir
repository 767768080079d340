// RUN: tez-opt %s %test_passes --mlir-disable-threading --split-input-file --verify-diagnostics -o /dev/null \
// RUN:   --pass-pipeline='builtin.module(esper.kernel(test-interpret))' | FileCheck %s

// Numbers computed by hand. With `rounds` values are those of the types, without it those of the reals. That torch's
// operators agree is what validation and test/Integration/precision.py find.

// 1.00390625 lies between two numbers of bf16, whose last bit is 2^-7 here: to the even one.
// CHECK-LABEL: @cast
// CHECK-NEXT:  output 0 <3> [1 1.01562 3.38953e+38]
// CHECK-NEXT:  gradient of input 0 <3> [1 1 1]
esper.kernel @cast(%x: tensor<3xf32>) -> tensor<3xf32> attributes {rounds,
    inputs = [dense<[1.00390625, 1.01171875, 3.3895e38]> : tensor<3xf64>]} {
  %n = esper.cast %x {to = bf16} : (tensor<3xf32>) -> tensor<3xbf16>
  %w = esper.cast %n {to = f32} : (tensor<3xbf16>) -> tensor<3xf32>
  esper.return %w : tensor<3xf32>
}

// -----

// CHECK-LABEL: @cast_unrounded
// CHECK-NEXT:  output 0 <1> [1.00391]
esper.kernel @cast_unrounded(%x: tensor<1xf32>) -> tensor<1xf32> attributes {
    inputs = [dense<[1.00390625]> : tensor<1xf64>]} {
  %n = esper.cast %x {to = bf16} : (tensor<1xf32>) -> tensor<1xbf16>
  %w = esper.cast %n {to = f32} : (tensor<1xbf16>) -> tensor<1xf32>
  esper.return %w : tensor<1xf32>
}

// -----

// Results of ops are rounded, too: 1 + 2^-8 is half way, to even. 70000 is too much for f16.
// CHECK-LABEL: @sums
// CHECK-NEXT:  output 0 <1> [1]
// CHECK-NEXT:  output 1 <1> [inf]
esper.kernel @sums(%a: tensor<1xbf16>, %b: tensor<1xbf16>, %c: tensor<1xf16>) -> (tensor<1xbf16>, tensor<1xf16>) attributes {rounds,
    inputs = [dense<[1.0]> : tensor<1xf64>, dense<[0.00390625]> : tensor<1xf64>, dense<[35000.0]> : tensor<1xf64>]} {
  %0 = esper.add %a, %b : (tensor<1xbf16>, tensor<1xbf16>) -> tensor<1xbf16>
  %1 = esper.add %c, %c : (tensor<1xf16>, tensor<1xf16>) -> tensor<1xf16>
  esper.return %0, %1 : tensor<1xbf16>, tensor<1xf16>
}

// -----

// Scales are 2 / 127 and 1 (nothing but zeros): 2 becomes 127, 1 becomes 63.5, which is 64.
// CHECK-LABEL: @quantize_weight
// CHECK-NEXT:  output 0 <2x2> [-127 64 0 0]
// CHECK-NEXT:  output 1 <2> [0.015748 1]
esper.kernel @quantize_weight() -> (tensor<2x2xi8>, tensor<2xf32>) attributes {rounds,
    state = {w = dense<[[-2.0, 1.0], [0.0, 0.0]]> : tensor<2x2xf64>}} {
  %w = esper.param "w" <constant, 0.0> : tensor<2x2xf32>
  %q, %s = esper.quantize_weight %w : (tensor<2x2xf32>) -> (tensor<2x2xi8>, tensor<2xf32>)
  esper.return %q, %s : tensor<2x2xi8>, tensor<2xf32>
}

// -----

// From -1 to 1.54 in 127 steps of 0.02: 0.503 becomes 0.5. Twice the sum, plus 1.
// CHECK-LABEL: @dynamic
// CHECK-NEXT:  output 0 <1x1> [3.08]
esper.kernel @dynamic(%x: tensor<1x3xf32>) -> tensor<1x1xf32> attributes {rounds,
    inputs = [dense<[[-1.0, 1.54, 0.503]]> : tensor<1x3xf64>],
    state = {w = dense<1> : tensor<1x3xi8>, s = dense<2.0> : tensor<1xf64>, b = dense<1.0> : tensor<1xf64>}} {
  %w = esper.buffer "w" <constant, 0.0> : tensor<1x3xi8>
  %s = esper.buffer "s" <constant, 0.0> : tensor<1xf32>
  %b = esper.buffer "b" <constant, 0.0> : tensor<1xf32>
  %y = esper.quantized_linear %x, %w, %s, %b : (tensor<1x3xf32>, tensor<1x3xi8>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  esper.return %y : tensor<1x1xf32>
}

// -----

// Steps of 0.5 from -5 to 58.5: -100 is clamped to -5, 0.3 becomes 0.5; relu.
// CHECK-LABEL: @static
// CHECK-NEXT:  output 0 <2x2> [0 4.5 0.5 0]
esper.kernel @static(%x: tensor<2x2xf32>) -> tensor<2x2xf32> attributes {rounds,
    inputs = [dense<[[-100.0, 0.3], [0.5, 0.0]]> : tensor<2x2xf64>],
    state = {w = dense<[[1, 1], [-1, -1]]> : tensor<2x2xi8>, s = dense<1.0> : tensor<2xf64>}} {
  %w = esper.buffer "w" <constant, 0.0> : tensor<2x2xi8>
  %s = esper.buffer "s" <constant, 0.0> : tensor<2xf32>
  %y = esper.quantized_linear %x, %w, %s {input_scale = 0.5 : f64, input_zero = 10 : i64, relu}
      : (tensor<2x2xf32>, tensor<2x2xi8>, tensor<2xf32>) -> tensor<2x2xf32>
  esper.return %y : tensor<2x2xf32>
}

// -----

// CHECK-LABEL: @unrounded
// CHECK-NEXT:  output 0 <1x1> [-99.7]
// CHECK-NEXT:  gradient of input 0 <1x2> [1 1]
esper.kernel @unrounded(%x: tensor<1x2xf32>) -> tensor<1x1xf32> attributes {
    inputs = [dense<[[-100.0, 0.3]]> : tensor<1x2xf64>],
    state = {w = dense<1> : tensor<1x2xi8>, s = dense<1.0> : tensor<1xf64>}} {
  %w = esper.buffer "w" <constant, 0.0> : tensor<1x2xi8>
  %s = esper.buffer "s" <constant, 0.0> : tensor<1xf32>
  %y = esper.quantized_linear %x, %w, %s {input_scale = 0.5 : f64, input_zero = 10 : i64}
      : (tensor<1x2xf32>, tensor<1x2xi8>, tensor<1xf32>) -> tensor<1x1xf32>
  esper.return %y : tensor<1x1xf32>
}

// -----

// Input 0.26 is 0.25 in steps of 0.25; three times that is 0.75, which is 1 in steps of 0.5 (to even), below its end.
// CHECK-LABEL: @conv
// CHECK-NEXT:  output 0 <1x1x1x2> [1 60]
esper.kernel @conv(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32> attributes {rounds,
    inputs = [dense<[[[[0.26, 60.0]]]]> : tensor<1x1x1x2xf64>],
    state = {w = dense<3> : tensor<1x1x1x1xi8>, s = dense<1.0> : tensor<1xf64>}} {
  %w = esper.buffer "w" <constant, 0.0> : tensor<1x1x1x1xi8>
  %s = esper.buffer "s" <constant, 0.0> : tensor<1xf32>
  %y = esper.quantized_conv %x, %w, %s {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>,
        input_scale = 0.25 : f64, input_zero = 0 : i64, output_scale = 0.5 : f64, output_zero = 135 : i64}
      : (tensor<1x1x1x2xf32>, tensor<1x1x1x1xi8>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  esper.return %y : tensor<1x1x1x2xf32>
}

// REQUIRES: torch
// RUN: tez-opt %s %against_torch

// Every row of Activations.def. The inputs are four times a normal variable, so that both tails are met.
esper.kernel @activation(%x: tensor<?x4x5xf32>) -> (tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>) {
  %z = esper.scale %x, 4.000000e+00 : tensor<?x4x5xf32>
  %0 = esper.activation "relu" %z : tensor<?x4x5xf32>
  %1 = esper.activation "relu6" %z : tensor<?x4x5xf32>
  %2 = esper.activation "gelu" %z : tensor<?x4x5xf32>
  %3 = esper.activation "gelu_tanh" %z : tensor<?x4x5xf32>
  %4 = esper.activation "silu" %z : tensor<?x4x5xf32>
  %5 = esper.activation "mish" %z : tensor<?x4x5xf32>
  %6 = esper.activation "tanh" %z : tensor<?x4x5xf32>
  %7 = esper.activation "sigmoid" %z : tensor<?x4x5xf32>
  %8 = esper.activation "log_sigmoid" %z : tensor<?x4x5xf32>
  %9 = esper.activation "hardswish" %z : tensor<?x4x5xf32>
  %10 = esper.activation "hardsigmoid" %z : tensor<?x4x5xf32>
  %11 = esper.activation "selu" %z : tensor<?x4x5xf32>
  %12 = esper.activation "elu"(1.500000e+00) %z : tensor<?x4x5xf32>
  %13 = esper.activation "celu"(5.000000e-01) %z : tensor<?x4x5xf32>
  %14 = esper.activation "leaky_relu"(1.000000e-02) %z : tensor<?x4x5xf32>
  %15 = esper.activation "leaky_relu"(-2.500000e-01) %z : tensor<?x4x5xf32>
  %16 = esper.activation "softplus"(1.000000e+00, 2.000000e+01) %z : tensor<?x4x5xf32>
  %17 = esper.activation "softplus"(2.000000e+00, 1.000000e+00) %z : tensor<?x4x5xf32>
  %18 = esper.activation "hardtanh"(-1.000000e+00, 1.000000e+00) %z : tensor<?x4x5xf32>
  %19 = esper.activation "hardtanh"(-5.000000e-01, 2.000000e+00) %z : tensor<?x4x5xf32>
  %20 = esper.activation "threshold"(1.000000e-01, 2.000000e+01) %z : tensor<?x4x5xf32>
  %21 = esper.activation "hardshrink"(5.000000e-01) %z : tensor<?x4x5xf32>
  %22 = esper.activation "softshrink"(5.000000e-01) %z : tensor<?x4x5xf32>
  %23 = esper.activation "neg" %z : tensor<?x4x5xf32>
  %24 = esper.activation "exp" %z : tensor<?x4x5xf32>
  %25 = esper.activation "abs" %z : tensor<?x4x5xf32>
  %26 = esper.activation "square" %z : tensor<?x4x5xf32>
  %27 = esper.activation "add_scalar"(2.500000e-01) %z : tensor<?x4x5xf32>
  %28 = esper.activation "pow"(2.000000e+00) %z : tensor<?x4x5xf32>
  %29 = esper.activation "pow"(3.000000e+00) %z : tensor<?x4x5xf32>
  %30 = esper.activation "pow"(0.000000e+00) %z : tensor<?x4x5xf32>
  %31 = esper.activation "pow"(1.000000e+00) %z : tensor<?x4x5xf32>
  esper.return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31 : tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>
}

// Functions of positive numbers.
esper.kernel @activation_positive(%x: tensor<?x4x5xf32>) -> (tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>) {
  %e = esper.activation "abs" %x : tensor<?x4x5xf32>
  %z = esper.activation "add_scalar"(1.000000e-01) %e : tensor<?x4x5xf32>
  %0 = esper.activation "log" %z : tensor<?x4x5xf32>
  %1 = esper.activation "sqrt" %z : tensor<?x4x5xf32>
  %2 = esper.activation "rsqrt" %z : tensor<?x4x5xf32>
  %3 = esper.activation "pow"(5.000000e-01) %z : tensor<?x4x5xf32>
  %4 = esper.activation "pow"(-1.000000e+00) %z : tensor<?x4x5xf32>
  %5 = esper.activation "pow"(2.500000e+00) %z : tensor<?x4x5xf32>
  esper.return %0, %1, %2, %3, %4, %5 : tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>
}

// Far out: no overflow where the function has a finite limit.
esper.kernel @activation_tails(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %z = esper.scale %x, 2.000000e+02 : tensor<?x4xf32>
  %0 = esper.activation "log_sigmoid" %z : tensor<?x4xf32>
  %1 = esper.activation "mish" %z : tensor<?x4xf32>
  %2 = esper.activation "softplus"(1.000000e+00, 2.000000e+01) %z : tensor<?x4xf32>
  %3 = esper.activation "silu" %z : tensor<?x4xf32>
  %4 = esper.activation "gelu" %z : tensor<?x4xf32>
  %5 = esper.activation "elu"(1.000000e+00) %z : tensor<?x4xf32>
  esper.return %0, %1, %2, %3, %4, %5 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// One slope, one for each channel, a vector; channels are dimension 1.
esper.kernel @prelu(%x: tensor<?x4x3xf32>, %v: tensor<5xf32>) -> (tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<5xf32>) {
  %one = esper.param "one" <constant, 2.500000e-01> : tensor<1xf32>
  %each = esper.param "each" <uniform, -1.0, 1.0> : tensor<4xf32>
  %0 = esper.prelu %x, %one : (tensor<?x4x3xf32>, tensor<1xf32>) -> tensor<?x4x3xf32>
  %1 = esper.prelu %x, %each : (tensor<?x4x3xf32>, tensor<4xf32>) -> tensor<?x4x3xf32>
  %2 = esper.prelu %v, %one : (tensor<5xf32>, tensor<1xf32>) -> tensor<5xf32>
  esper.return %0, %1, %2 : tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<5xf32>
}

// A number alone has one slope.
esper.kernel @prelu_number(%x: tensor<f32>) -> tensor<f32> {
  %w = esper.param "weight" <constant, 0.25> : tensor<1xf32>
  %0 = esper.prelu %x, %w : (tensor<f32>, tensor<1xf32>) -> tensor<f32>
  esper.return %0 : tensor<f32>
}

esper.kernel @glu(%x: tensor<?x4x6xf32>) -> (tensor<?x4x3xf32>, tensor<?x2x6xf32>) {
  %0 = esper.glu %x {dim = -1 : i64} : (tensor<?x4x6xf32>) -> tensor<?x4x3xf32>
  %1 = esper.glu %x {dim = 1 : i64} : (tensor<?x4x6xf32>) -> tensor<?x2x6xf32>
  esper.return %0, %1 : tensor<?x4x3xf32>, tensor<?x2x6xf32>
}

esper.kernel @softmax(%x: tensor<?x4x3xf32>, %v: tensor<5xf32>) -> (tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<5xf32>) {
  %big = esper.scale %x, 3.000000e+02 : tensor<?x4x3xf32>
  %0 = esper.softmax %x {dim = -1 : i64} : (tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  %1 = esper.softmax %x {dim = 1 : i64} : (tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  %2 = esper.softmax %x {dim = 0 : i64} : (tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  %3 = esper.softmax %big {dim = -1 : i64} : (tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  %4 = esper.softmax %v {dim = 0 : i64} : (tensor<5xf32>) -> tensor<5xf32>
  esper.return %0, %1, %2, %3, %4 : tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<5xf32>
}

esper.kernel @log_softmax(%x: tensor<?x4x3xf32>, %v: tensor<5xf32>) -> (tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<5xf32>) {
  %big = esper.scale %x, 3.000000e+02 : tensor<?x4x3xf32>
  %0 = esper.log_softmax %x {dim = -1 : i64} : (tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  %1 = esper.log_softmax %x {dim = 1 : i64} : (tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  %2 = esper.log_softmax %x {dim = 0 : i64} : (tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  %3 = esper.log_softmax %big {dim = -1 : i64} : (tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  %4 = esper.log_softmax %v {dim = 0 : i64} : (tensor<5xf32>) -> tensor<5xf32>
  esper.return %0, %1, %2, %3, %4 : tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<5xf32>
}

// Steps, bounds and waves.
esper.kernel @activation_steps(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %0 = esper.activation "clamp"(-5.000000e-01, 1.000000e+00) %x : tensor<?x4xf32>
  %1 = esper.activation "clamp"(0.000000e+00, 0x7FF0000000000000) %x : tensor<?x4xf32>
  %2 = esper.activation "round" %x : tensor<?x4xf32>
  %3 = esper.activation "floor" %x : tensor<?x4xf32>
  %4 = esper.activation "sign" %x : tensor<?x4xf32>
  %5 = esper.activation "sin" %x : tensor<?x4xf32>
  %6 = esper.activation "cos" %x : tensor<?x4xf32>
  esper.return %0, %1, %2, %3, %4, %5, %6 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// Waves, their inverses, and what is exact near 0; the arguments are between -1 and 1.
esper.kernel @activation_inverses(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %s = esper.activation "sin" %x : tensor<?x4xf32>
  %h = esper.scale %s, 5.000000e-01 : tensor<?x4xf32>
  %0 = esper.activation "erf" %x : tensor<?x4xf32>
  %1 = esper.activation "log1p" %h : tensor<?x4xf32>
  %2 = esper.activation "expm1" %x : tensor<?x4xf32>
  %3 = esper.activation "tan" %h : tensor<?x4xf32>
  %4 = esper.activation "asin" %h : tensor<?x4xf32>
  %5 = esper.activation "acos" %h : tensor<?x4xf32>
  %6 = esper.activation "atan" %x : tensor<?x4xf32>
  %7 = esper.activation "asinh" %x : tensor<?x4xf32>
  esper.return %0, %1, %2, %3, %4, %5, %6, %7 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

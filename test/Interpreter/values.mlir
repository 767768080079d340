// RUN: tez-opt %s %test_passes --mlir-disable-threading --split-input-file --verify-diagnostics -o /dev/null \
// RUN:   --pass-pipeline='builtin.module(esper.kernel(test-interpret))' | FileCheck %s

// Numbers computed by hand, without torch. The upstream gradient is 1 everywhere.

// CHECK-LABEL: @linear
// CHECK-NEXT:  output 0 <1x3> [1 1 0.5]
// CHECK-NEXT:  gradient of input 0 <1x2> [3.5 -0.5]
// CHECK-NEXT:  gradient of 'weight' <3x2> [1 2 1 2 1 2]
// CHECK-NEXT:  gradient of 'bias' <3> [1 1 1]
esper.kernel @linear(%x: tensor<?x2xf32>) -> tensor<?x3xf32> attributes {
    inputs = [dense<[[1.0, 2.0]]> : tensor<1x2xf64>],
    state = {weight = dense<[[1.0, 0.0], [2.0, -1.0], [0.5, 0.5]]> : tensor<3x2xf64>, bias = dense<[0.0, 1.0, -1.0]> : tensor<3xf64>}} {
  %w = esper.param "weight" <constant, 0.0> : tensor<3x2xf32>
  %b = esper.param "bias" <constant, 0.0> : tensor<3xf32>
  %y = esper.linear %x, %w, %b : (tensor<?x2xf32>, tensor<3x2xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  esper.return %y : tensor<?x3xf32>
}

// -----

// softmax(0, 0, log 2) is (1/4, 1/4, 1/2); the gradient is s (w - w . s).
// CHECK-LABEL: @softmax
// CHECK-NEXT:  output 0 <3> [0.25 0.5 2]
// CHECK-NEXT:  gradient of input 0 <3> [-0.4375 -0.1875 0.625]
// CHECK-NEXT:  gradient of 'weight' <3> [0.25 0.25 0.5]
esper.kernel @softmax(%x: tensor<3xf32>) -> tensor<3xf32> attributes {
    inputs = [dense<[0.0, 0.0, 0.6931471805599453]> : tensor<3xf64>],
    state = {weight = dense<[1.0, 2.0, 4.0]> : tensor<3xf64>}} {
  %w = esper.param "weight" <constant, 0.0> : tensor<3xf32>
  %s = esper.softmax %x {dim = 0 : i64} : (tensor<3xf32>) -> tensor<3xf32>
  %y = esper.multiply %s, %w : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  esper.return %y : tensor<3xf32>
}

// -----

// The batch (1, 3) has mean 2, variance 1 and unbiased variance 2.
// CHECK-LABEL: @batch_norm_train
// CHECK-NEXT:  output 0 <2x1> [-1 1]
// CHECK-NEXT:  update of 'mean' <1> [0.2]
// CHECK-NEXT:  update of 'var' <1> [1.1]
// CHECK-NEXT:  update of 'count' <> [4]
// CHECK-NEXT:  gradient of input 0 <2x1> [0 0]
esper.kernel @batch_norm_train(%x: tensor<?x1xf32>) -> tensor<?x1xf32> attributes {
    inputs = [dense<[[1.0], [3.0]]> : tensor<2x1xf64>], training} {
  %t = esper.training ""
  %m = esper.buffer "mean" <constant, 0.0> : tensor<1xf32>
  %v = esper.buffer "var" <constant, 1.0> : tensor<1xf32>
  %n = esper.buffer "count" <constant, 3.0> : tensor<i64>
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) training(%t) {eps = 0.0 : f64, momentum = 0.1 : f64}
      : (tensor<?x1xf32>, tensor<1xf32>, tensor<1xf32>, i1) -> (tensor<?x1xf32>, tensor<1xf32>, tensor<1xf32>)
  %k = esper.increment %n, %t : tensor<i64>
  esper.return %y : tensor<?x1xf32> updates("mean" = %nm : tensor<1xf32>, "var" = %nv : tensor<1xf32>, "count" = %k : tensor<i64>)
}

// -----

// The same norm outside of training: (x - 0.5) / 2, and nothing moves.
// CHECK-LABEL: @batch_norm_eval
// CHECK-NEXT:  output 0 <2x1> [0.25 1.25]
// CHECK-NEXT:  update of 'mean' <1> [0.5]
// CHECK-NEXT:  update of 'var' <1> [4]
// CHECK-NEXT:  gradient of input 0 <2x1> [0.5 0.5]
esper.kernel @batch_norm_eval(%x: tensor<?x1xf32>) -> tensor<?x1xf32> attributes {
    inputs = [dense<[[1.0], [3.0]]> : tensor<2x1xf64>]} {
  %t = esper.training ""
  %m = esper.buffer "mean" <constant, 0.5> : tensor<1xf32>
  %v = esper.buffer "var" <constant, 4.0> : tensor<1xf32>
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) training(%t) {eps = 0.0 : f64, momentum = 0.1 : f64}
      : (tensor<?x1xf32>, tensor<1xf32>, tensor<1xf32>, i1) -> (tensor<?x1xf32>, tensor<1xf32>, tensor<1xf32>)
  esper.return %y : tensor<?x1xf32> updates("mean" = %nm : tensor<1xf32>, "var" = %nv : tensor<1xf32>)
}

// -----

// Gates i = f = o = 1/2, g = tanh(atanh 1/2) = 1/2: c' = 1/2 + 1/4, h' = tanh(3/4) / 2.
// dc'/dc = 1/2, dh'/dc = (1 - tanh(3/4)^2) / 4.
// CHECK-LABEL: @lstm_step
// CHECK-NEXT:  output 0 <1x1> [0.317574]
// CHECK-NEXT:  output 1 <1x1> [0.75]
// CHECK-NEXT:  gradient of input 0 <1x1> [0]
// CHECK-NEXT:  gradient of input 1 <1x1> [0]
// CHECK-NEXT:  gradient of input 2 <1x1> [0.649146]
esper.kernel @lstm_step(%x: tensor<?x1xf32>, %h: tensor<?x1xf32>, %c: tensor<?x1xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>) attributes {
    inputs = [dense<5.0> : tensor<1x1xf64>, dense<7.0> : tensor<1x1xf64>, dense<1.0> : tensor<1x1xf64>],
    state = {b = dense<[0.0, 0.0, 0.5493061443340549, 0.0]> : tensor<4xf64>}} {
  %wi = esper.param "wi" <constant, 0.0> : tensor<4x1xf32>
  %wh = esper.param "wh" <constant, 0.0> : tensor<4x1xf32>
  %b = esper.param "b" <constant, 0.0> : tensor<4xf32>
  %z = esper.param "z" <constant, 0.0> : tensor<4xf32>
  %h1, %c1 = esper.lstm_cell %x h(%h) c(%c) w_ih(%wi) w_hh(%wh) b_ih(%b) b_hh(%z)
      : (tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x1xf32>, tensor<4x1xf32>, tensor<4x1xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>)
  esper.return %h1, %c1 : tensor<?x1xf32>, tensor<?x1xf32>
}

// -----

// CHECK-LABEL: @left_out
// CHECK-NEXT:  output 0 <2> [1 4]
// CHECK-NEXT:  gradient of input 0 <2> [2 4]
esper.kernel @left_out(%x: tensor<?xf32>, %o: !esper.optional<tensor<?xf32>>) -> tensor<?xf32> attributes {
    inputs = [dense<[1.0, 2.0]> : tensor<2xf64>, unit]} {
  %v = esper.value_or %o, %x : !esper.optional<tensor<?xf32>>
  %y = esper.multiply %v, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  esper.return %y : tensor<?xf32>
}

// -----

// Outside of training dropout draws nothing, so no source is needed.
// CHECK-LABEL: @dropout_eval
// CHECK-NEXT:  output 0 <2> [1 2]
esper.kernel @dropout_eval(%x: tensor<?xf32>) -> tensor<?xf32> attributes {inputs = [dense<[1.0, 2.0]> : tensor<2xf64>]} {
  %t = esper.training ""
  %y = esper.dropout element(5.000000e-01) %x, %t : tensor<?xf32>
  esper.return %y : tensor<?xf32>
}

// -----

esper.kernel @dropout_train(%x: tensor<?xf32>) -> tensor<?xf32> attributes {inputs = [dense<[1.0, 2.0]> : tensor<2xf64>], training} {
  %t = esper.training ""
  // expected-error@+1 {{draws random numbers, but the interpreter was given no source of them}}
  %y = esper.dropout element(5.000000e-01) %x, %t : tensor<?xf32>
  esper.return %y : tensor<?xf32>
}

// -----

// expected-error@+1 {{takes 1 inputs, found 0}}
esper.kernel @no_inputs(%x: tensor<?xf32>) -> tensor<?xf32> {
  esper.return %x : tensor<?xf32>
}

// -----

esper.kernel @no_row(%i: tensor<?xi64>) -> tensor<?x2xf32> attributes {inputs = [dense<[0, 3]> : tensor<2xi64>]} {
  %w = esper.param "weight" <constant, 0.0> : tensor<3x2xf32>
  // expected-error@+1 {{looks up index 3, expected one in [0, 3)}}
  %y = esper.embedding %i, %w : (tensor<?xi64>, tensor<3x2xf32>) -> tensor<?x2xf32>
  esper.return %y : tensor<?x2xf32>
}

// -----

esper.kernel @no_class(%i: tensor<?xi64>) -> tensor<?x2xi64> attributes {inputs = [dense<[1, -1]> : tensor<2xi64>]} {
  // expected-error@+1 {{looks up index -1, expected one in [0, 2)}}
  %y = esper.one_hot %i {num_classes = 2 : i64} : (tensor<?xi64>) -> tensor<?x2xi64>
  esper.return %y : tensor<?x2xi64>
}

// -----

// Two inputs whose batches disagree.
esper.kernel @shapes(%x: tensor<?x2xf32>, %y: tensor<?x2xf32>) -> tensor<?x2xf32> attributes {
    inputs = [dense<0.0> : tensor<3x2xf64>, dense<0.0> : tensor<4x2xf64>]} {
  // expected-error@+1 {{broadcast}}
  %z = esper.add %x, %y : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  esper.return %z : tensor<?x2xf32>
}

// -----

// The norm of the gradient (3, 4) is 5: it is scaled down to 1 by 1 / (5 + 1e-6), and not up to 10. The
// greatest magnitude is 4, the sum 7.
// CHECK-LABEL: @clip_gradient
// CHECK-NEXT:  output 0 <2> [3 8]
// CHECK-NEXT:  output 1 <2> [3 8]
// CHECK-NEXT:  output 2 <2> [3 8]
// CHECK-NEXT:  output 3 <2> [3 8]
// CHECK-NEXT:  gradient of input 0 <2> [0.6 0.8]
// CHECK-NEXT:  gradient of input 1 <2> [3 4]
// CHECK-NEXT:  gradient of input 2 <2> [0.75 1]
// CHECK-NEXT:  gradient of input 3 <2> [0.428571 0.571428]
esper.kernel @clip_gradient(%a: tensor<2xf32>, %b: tensor<2xf32>, %c: tensor<2xf32>, %d: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) attributes {
    inputs = [dense<[1.0, 2.0]> : tensor<2xf64>, dense<[1.0, 2.0]> : tensor<2xf64>, dense<[1.0, 2.0]> : tensor<2xf64>, dense<[1.0, 2.0]> : tensor<2xf64>],
    state = {weight = dense<[3.0, 4.0]> : tensor<2xf64>}} {
  %g = esper.buffer "weight" <constant, 3.0> : tensor<2xf32>
  %0 = esper.clip_gradient(1.0) %a {norm_type = 2.0 : f64} : tensor<2xf32>
  %1 = esper.clip_gradient(10.0) %b {norm_type = 2.0 : f64} : tensor<2xf32>
  %2 = esper.clip_gradient(1.0) %c {norm_type = 0x7FF0000000000000 : f64} : tensor<2xf32>
  %3 = esper.clip_gradient(1.0) %d {norm_type = 1.0 : f64} : tensor<2xf32>
  %4 = esper.multiply %0, %g : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %5 = esper.multiply %1, %g : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %6 = esper.multiply %2, %g : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %7 = esper.multiply %3, %g : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  esper.return %4, %5, %6, %7 : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

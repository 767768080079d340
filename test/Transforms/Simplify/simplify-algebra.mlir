// RUN: tez-opt --esper-simplify-algebra %s | FileCheck %s
// RUN: tez-opt %s %test_passes -o /dev/null --pass-pipeline='builtin.module(tez-keep-reference,esper.kernel(esper-simplify-algebra),test-compare-with-reference)'

// CHECK-LABEL: esper.kernel @cancel(
// CHECK-NEXT:    %[[H:.*]] = esper.activation "tanh" %arg0
// CHECK-NEXT:    %[[Y:.*]] = esper.activation "gelu" %[[H]]
// CHECK-NEXT:    esper.return %[[Y]]
esper.kernel @cancel(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %h = esper.activation "tanh" %x : tensor<?x4xf32>
  %a = esper.activation "neg" %h : tensor<?x4xf32>
  %b = esper.activation "neg" %a : tensor<?x4xf32>
  %y = esper.activation "gelu" %b : tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// CHECK-LABEL: esper.kernel @functions(
// CHECK-NEXT:    %[[A:.*]] = esper.activation "abs" %arg0
// CHECK-NEXT:    %[[B:.*]] = esper.activation "square" %arg1
// CHECK-NEXT:    %[[C:.*]] = esper.scale %arg2, -3.000000e+00
// CHECK-NEXT:    %[[D:.*]] = esper.scale %arg3, 5.000000e-01
// CHECK-NEXT:    esper.return %[[A]], %[[B]], %[[C]], %[[D]]
esper.kernel @functions(%p: tensor<?x4xf32>, %q: tensor<?x4xf32>, %r: tensor<?x4xf32>, %s: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %a = esper.activation "abs" %p : tensor<?x4xf32>
  %b = esper.activation "abs" %a : tensor<?x4xf32>
  %c = esper.activation "neg" %q : tensor<?x4xf32>
  %d = esper.activation "square" %c : tensor<?x4xf32>
  %e = esper.activation "neg" %r : tensor<?x4xf32>
  %f = esper.scale %e, 3.0 : tensor<?x4xf32>
  %g = esper.scale %s, -0.5 : tensor<?x4xf32>
  %h = esper.activation "neg" %g : tensor<?x4xf32>
  esper.return %b, %d, %f, %h : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// A sum with a negation on either side, and a difference.
// CHECK-LABEL: esper.kernel @arithmetic(
// CHECK:         %[[T:.*]] = esper.activation "tanh" %arg0
// CHECK-NEXT:    %[[S:.*]] = esper.activation "sigmoid" %arg0
// CHECK-NEXT:    %[[R:.*]] = esper.activation "silu" %arg0
// CHECK-NEXT:    %[[A:.*]] = esper.subtract %arg0, %[[T]]
// CHECK-NEXT:    %[[B:.*]] = esper.subtract %[[A]], %[[S]]
// CHECK-NEXT:    %[[Y:.*]] = esper.add %[[B]], %[[R]]
// CHECK-NEXT:    esper.return %[[Y]]
esper.kernel @arithmetic(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %t = esper.activation "tanh" %x : tensor<?x4xf32>
  %s = esper.activation "sigmoid" %x : tensor<?x4xf32>
  %r = esper.activation "silu" %x : tensor<?x4xf32>
  %nt = esper.activation "neg" %t : tensor<?x4xf32>
  %ns = esper.activation "neg" %s : tensor<?x4xf32>
  %nr = esper.activation "neg" %r : tensor<?x4xf32>
  %a = esper.add %x, %nt : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %b = esper.add %ns, %a : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %y = esper.subtract %b, %nr : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// CHECK-LABEL: esper.kernel @products(
// CHECK-NOT:     "neg"
// CHECK:         %[[Z:.*]] = esper.multiply
// CHECK-NEXT:    esper.divide %[[Z]], %arg1
// CHECK-NEXT:    esper.return
esper.kernel @products(%x: tensor<2x4xf32>, %q: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %t = esper.activation "tanh" %x : tensor<2x4xf32>
  %s = esper.activation "sigmoid" %x : tensor<2x4xf32>
  %nt = esper.activation "neg" %t : tensor<2x4xf32>
  %ns = esper.activation "neg" %s : tensor<2x4xf32>
  %a = esper.multiply %nt, %ns : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %na = esper.activation "neg" %a : tensor<2x4xf32>
  %nq = esper.activation "neg" %q : tensor<2x4xf32>
  %y = esper.divide %na, %nq : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  esper.return %y : tensor<2x4xf32>
}

// What is negated may have fewer dimensions in other calls, or be smaller in this one: for inference only.
// CHECK-LABEL: esper.kernel @spread(
// CHECK-COUNT-2: esper.activation "neg"
// CHECK:         %[[A:.*]] = esper.add %arg0
// CHECK-NEXT:    esper.subtract %[[A]]
esper.kernel @spread(%x: tensor<?x4xf32>, %z: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %w = esper.param "w" <uniform, 0.5, 1.5> : tensor<4xf32>
  %nz = esper.activation "neg" %z : tensor<?x4xf32>
  %nw = esper.activation "neg" %w : tensor<4xf32>
  %a = esper.add %x, %nz : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %y = esper.subtract %a, %nw : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// CHECK-LABEL: esper.kernel @spread_for_inference(
// CHECK-NOT:     "neg"
// CHECK:         %[[A:.*]] = esper.subtract %arg0, %arg1
// CHECK-NEXT:    esper.add %[[A]]
esper.kernel @spread_for_inference(%x: tensor<?x4xf32>, %z: tensor<?x4xf32>) -> tensor<?x4xf32> attributes {esper.infer} {
  %w = esper.param "w" <uniform, 0.5, 1.5> : tensor<4xf32>
  %nz = esper.activation "neg" %z : tensor<?x4xf32>
  %nw = esper.activation "neg" %w : tensor<4xf32>
  %a = esper.add %x, %nz : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %y = esper.subtract %a, %nw : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// The gradient would be a zero of the other sign.
// CHECK-LABEL: esper.kernel @signs_of_zero(
// CHECK-NEXT:    esper.activation "neg"
// CHECK-NEXT:    esper.activation "abs"
// CHECK-NEXT:    esper.activation "abs"
// CHECK-NEXT:    esper.activation "square"
esper.kernel @signs_of_zero(%x: tensor<?x4xf32>, %z: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %a = esper.activation "neg" %x : tensor<?x4xf32>
  %b = esper.activation "abs" %a : tensor<?x4xf32>
  %c = esper.activation "abs" %z : tensor<?x4xf32>
  %d = esper.activation "square" %c : tensor<?x4xf32>
  esper.return %b, %d : tensor<?x4xf32>, tensor<?x4xf32>
}

// CHECK-LABEL: esper.kernel @signs_of_zero_for_inference(
// CHECK-NEXT:    %[[A:.*]] = esper.activation "abs" %arg0
// CHECK-NEXT:    %[[B:.*]] = esper.activation "square" %arg0
// CHECK-NEXT:    esper.return %[[A]], %[[B]]
esper.kernel @signs_of_zero_for_inference(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) attributes {esper.infer} {
  %a = esper.activation "neg" %x : tensor<?x4xf32>
  %b = esper.activation "abs" %a : tensor<?x4xf32>
  %c = esper.activation "abs" %x : tensor<?x4xf32>
  %d = esper.activation "square" %c : tensor<?x4xf32>
  esper.return %b, %d : tensor<?x4xf32>, tensor<?x4xf32>
}

// Gradients of several readers are a sum, whose order is torch's: %arg0 has two.
// CHECK-LABEL: esper.kernel @read_twice(
// CHECK-NEXT:    esper.activation "neg" %arg0
// CHECK-NEXT:    esper.activation "square"
// CHECK-NEXT:    esper.activation "tanh" %arg0
esper.kernel @read_twice(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %a = esper.activation "neg" %x : tensor<?x4xf32>
  %b = esper.activation "square" %a : tensor<?x4xf32>
  %c = esper.activation "tanh" %x : tensor<?x4xf32>
  esper.return %b, %c : tensor<?x4xf32>, tensor<?x4xf32>
}

// The negation is needed elsewhere; a difference of a negation is no sum, and a
// negated difference no difference: both would change the sign of a zero.
// CHECK-LABEL: esper.kernel @kept(
// CHECK:         %[[N:.*]] = esper.activation "neg" %arg0
// CHECK-NEXT:    esper.add %arg1, %[[N]]
// CHECK-NEXT:    esper.subtract %[[N]], %arg1
// CHECK-NEXT:    %[[D:.*]] = esper.subtract %arg0, %arg1
// CHECK-NEXT:    esper.activation "neg" %[[D]]
// CHECK-NEXT:    %[[T:.*]] = esper.activation "tanh" %arg0
// CHECK-NEXT:    esper.activation "neg" %[[T]]
esper.kernel @kept(%x: tensor<2x4xf32>, %z: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) attributes {esper.infer} {
  %n = esper.activation "neg" %x : tensor<2x4xf32>
  %a = esper.add %z, %n : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %b = esper.subtract %n, %z : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %d = esper.subtract %x, %z : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %c = esper.activation "neg" %d : tensor<2x4xf32>
  %t = esper.activation "tanh" %x : tensor<2x4xf32>
  %e = esper.activation "neg" %t : tensor<2x4xf32>
  esper.return %a, %b, %c, %e : tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>
}

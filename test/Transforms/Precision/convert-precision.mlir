// RUN: tez-opt --esper-convert-precision %s | FileCheck %s
// RUN: tez-opt --pass-pipeline='builtin.module(esper.kernel(esper-convert-precision{to=f16}))' %s | FileCheck %s --check-prefix=HALF

// Products and what goes element by element in bf16; the norm in fp32; results as they were.
// CHECK-LABEL: esper.kernel @block(
// CHECK:         %[[W:.*]] = esper.param "weight"
// CHECK-NEXT:    %[[WN:.*]] = esper.cast %[[W]] {to = bf16}
// CHECK-NEXT:    %[[B:.*]] = esper.param "bias"
// CHECK-NEXT:    %[[BN:.*]] = esper.cast %[[B]] {to = bf16}
// CHECK-NEXT:    %[[V:.*]] = esper.linear %[[X:.*]], %[[WN]], %[[BN]] : {{.*}} -> tensor<?x4xbf16>
// CHECK-NEXT:    %[[R:.*]] = esper.activation "relu" %[[V]] : tensor<?x4xbf16>
// CHECK-NEXT:    %[[S:.*]] = esper.add %[[R]], %[[V]] : {{.*}} -> tensor<?x4xbf16>
// CHECK-NEXT:    %[[F:.*]] = esper.cast %[[S]] {to = f32}
// CHECK-NEXT:    %[[N:.*]] = esper.layer_norm %[[F]]
// CHECK-SAME:      -> tensor<?x4xf32>
// CHECK-NEXT:    esper.return %[[N]] : tensor<?x4xf32>
// HALF-LABEL:  esper.kernel @block(
// HALF:          esper.linear {{.*}} -> tensor<?x4xf16>
esper.kernel @block(%x: tensor<?x4xf32>) -> tensor<?x4xf32> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %b = esper.param "bias" <uniform, -0.5, 0.5> : tensor<4xf32>
  %h = esper.linear %x, %w, %b : (tensor<?x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %r = esper.activation "relu" %h : tensor<?x4xf32>
  %s = esper.add %r, %h : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %n = esper.layer_norm %s {normalized_shape = array<i64: 4>, eps = 1.0e-05 : f64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  esper.return %n : tensor<?x4xf32>
}

// A value is converted once, however many read it. A sum with an fp32 operand is one of fp32. exp has a wide range.
// CHECK-LABEL: esper.kernel @mixed(
// CHECK-NEXT:    %[[X:.*]] = esper.cast %arg0 {to = bf16}
// CHECK-NOT:     esper.cast %arg0
// CHECK:         %[[A:.*]] = esper.linear %[[X]]
// CHECK-NEXT:    %[[F:.*]] = esper.cast %[[A]] {to = f32}
// CHECK:         %[[B:.*]] = esper.linear %[[X]]
// CHECK-NEXT:    esper.add %arg0, %[[F]] : {{.*}} -> tensor<?x4xf32>
// CHECK-NEXT:    esper.activation "exp" %[[F]] : tensor<?x4xf32>
// CHECK-NEXT:    %[[M:.*]] = esper.scale %[[B]], 2
// CHECK-NEXT:    %[[L:.*]] = esper.cast %[[M]] {to = f32}
esper.kernel @mixed(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %a = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %v = esper.param "other" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %b = esper.linear %x, %v : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %s = esper.add %x, %a : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %e = esper.activation "exp" %a : tensor<?x4xf32>
  %m = esper.scale %b, 2.0 : tensor<?x4xf32>
  esper.return %s, %e, %m : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// State takes the type of what it meets.
// CHECK-LABEL: esper.kernel @state(
// CHECK:         %[[G:.*]] = esper.param "gain"
// CHECK-NEXT:    %[[N:.*]] = esper.cast %[[G]] {to = bf16}
// CHECK:         esper.multiply %{{.*}}, %[[N]] : {{.*}} -> tensor<?x4xbf16>
esper.kernel @state(%x: tensor<?x4xf32>) -> tensor<?x4xf32> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %g = esper.param "gain" <uniform, -0.5, 0.5> : tensor<4xf32>
  %a = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %y = esper.multiply %a, %g : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// Without a product there is nothing to gain.
// CHECK-LABEL: esper.kernel @alone(
// CHECK-NOT:     esper.cast
// CHECK:         esper.return
esper.kernel @alone(%x: tensor<?x4xf32>, %d: tensor<?x4xf64>) -> (tensor<?x4xf32>, tensor<?x4xf64>) attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf64>
  %r = esper.activation "relu" %x : tensor<?x4xf32>
  %y = esper.linear %d, %w : (tensor<?x4xf64>, tensor<4x4xf64>) -> tensor<?x4xf64>
  esper.return %r, %y : tensor<?x4xf32>, tensor<?x4xf64>
}

// CHECK-LABEL: esper.kernel @trains(
// CHECK-NOT:     esper.cast
// CHECK:         esper.return
esper.kernel @trains(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %a = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return %a : tensor<?x4xf32>
}

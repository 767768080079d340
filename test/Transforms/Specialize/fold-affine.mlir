// RUN: tez-opt --esper-fold-affine %s | FileCheck %s
// RUN: tez-opt %s %test_passes -o /dev/null --pass-pipeline='builtin.module(tez-keep-reference,esper.kernel(esper-fold-affine),test-compare-with-reference{training=false})'

// CHECK-LABEL: esper.kernel @number(
// CHECK-DAG:     %[[W:.*]] = esper.scale %{{.*}}, 2.500000e-01 : tensor<6x4xf32>
// CHECK-DAG:     %[[B:.*]] = esper.scale %{{.*}}, 2.500000e-01 : tensor<6xf32>
// CHECK:         %[[Y:.*]] = esper.linear %arg0, %[[W]], %[[B]]
// CHECK-NEXT:    esper.return %[[Y]]
esper.kernel @number(%x: tensor<?x4xf32>) -> tensor<?x6xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<6x4xf32>
  %b = esper.param "bias" <uniform, -0.5, 0.5> : tensor<6xf32>
  %l = esper.linear %x, %w, %b : (tensor<?x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  %y = esper.scale %l, 0.25 : tensor<?x6xf32>
  esper.return %y : tensor<?x6xf32>
}

// A sum and a product with one number a channel, from either side.
// CHECK-LABEL: esper.kernel @channels(
// CHECK:         esper.conv %arg0
// CHECK-NEXT:    esper.return
esper.kernel @channels(%x: tensor<?x3x?xf32>) -> tensor<?x2x?xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<2x3x1xf32>
  %s = esper.param "scale" <uniform, 0.5, 1.5> : tensor<2x1xf32>
  %h = esper.param "shift" <uniform, -0.5, 0.5> : tensor<2x1xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<?x3x?xf32>, tensor<2x3x1xf32>) -> tensor<?x2x?xf32>
  %a = esper.add %c, %h : (tensor<?x2x?xf32>, tensor<2x1xf32>) -> tensor<?x2x?xf32>
  %y = esper.multiply %s, %a : (tensor<2x1xf32>, tensor<?x2x?xf32>) -> tensor<?x2x?xf32>
  esper.return %y : tensor<?x2x?xf32>
}

// A norm without weight and bias gets them.
// CHECK-LABEL: esper.kernel @norm(
// CHECK:         esper.layer_norm %arg0 weight(%{{.*}}) bias(%{{.*}})
// CHECK-NEXT:    esper.return
esper.kernel @norm(%x: tensor<?x6xf32>) -> tensor<?x6xf32> {
  %s = esper.param "scale" <uniform, 0.5, 1.5> : tensor<6xf32>
  %h = esper.param "shift" <uniform, -0.5, 0.5> : tensor<6xf32>
  %n = esper.layer_norm %x {normalized_shape = array<i64: 6>, eps = 1.0e-5 : f64} : (tensor<?x6xf32>) -> tensor<?x6xf32>
  %a = esper.multiply %n, %s : (tensor<?x6xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  %y = esper.add %a, %h : (tensor<?x6xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  esper.return %y : tensor<?x6xf32>
}

// In front of a linear: a shift becomes a bias, which is a linear of its own until it is frozen.
// CHECK-LABEL: esper.kernel @before(
// CHECK:         %[[W:.*]] = esper.multiply %{{.*}}, %{{.*}} : (tensor<6x4xf32>, tensor<4xf32>) -> tensor<6x4xf32>
// CHECK:         %[[B:.*]] = esper.linear %{{.*}}, %{{.*}} : (tensor<4xf32>, tensor<6x4xf32>) -> tensor<6xf32>
// CHECK:         esper.linear %arg0, %{{.*}}, %{{.*}} : (tensor<?x4xf32>
// CHECK-NEXT:    esper.return
esper.kernel @before(%x: tensor<?x4xf32>) -> tensor<?x6xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<6x4xf32>
  %s = esper.param "scale" <uniform, 0.5, 1.5> : tensor<4xf32>
  %h = esper.param "shift" <uniform, -0.5, 0.5> : tensor<4xf32>
  %a = esper.scale %x, 2.0 : tensor<?x4xf32>
  %b = esper.add %h, %a : (tensor<4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %c = esper.multiply %b, %s : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %y = esper.linear %c, %w : (tensor<?x4xf32>, tensor<6x4xf32>) -> tensor<?x6xf32>
  esper.return %y : tensor<?x6xf32>
}

// Not one number a channel; not constant; a norm without weight and a number; read elsewhere.
// CHECK-LABEL: esper.kernel @kept(
// CHECK:         esper.add
// CHECK:         esper.multiply
// CHECK:         esper.scale
// CHECK:         esper.scale
esper.kernel @kept(%x: tensor<?x5x6xf32>, %z: tensor<6xf32>) -> (tensor<?x5x6xf32>, tensor<?x5x6xf32>, tensor<?x5x6xf32>) {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<6x6xf32>
  %h = esper.param "shift" <uniform, -0.5, 0.5> : tensor<5x1xf32>
  %a = esper.linear %x, %w : (tensor<?x5x6xf32>, tensor<6x6xf32>) -> tensor<?x5x6xf32>
  %b = esper.add %a, %h : (tensor<?x5x6xf32>, tensor<5x1xf32>) -> tensor<?x5x6xf32>
  %c = esper.linear %b, %w : (tensor<?x5x6xf32>, tensor<6x6xf32>) -> tensor<?x5x6xf32>
  %d = esper.multiply %c, %z : (tensor<?x5x6xf32>, tensor<6xf32>) -> tensor<?x5x6xf32>
  %n = esper.layer_norm %d {normalized_shape = array<i64: 6>, eps = 1.0e-5 : f64} : (tensor<?x5x6xf32>) -> tensor<?x5x6xf32>
  %e = esper.scale %n, 0.25 : tensor<?x5x6xf32>
  %f = esper.linear %e, %w : (tensor<?x5x6xf32>, tensor<6x6xf32>) -> tensor<?x5x6xf32>
  %g = esper.scale %f, 0.25 : tensor<?x5x6xf32>
  esper.return %e, %f, %g : tensor<?x5x6xf32>, tensor<?x5x6xf32>, tensor<?x5x6xf32>
}

// One feature is broadcast to four.
// CHECK-LABEL: esper.kernel @broadcast(
// CHECK:         esper.multiply
// CHECK-NEXT:    esper.linear
esper.kernel @broadcast(%x: tensor<?x1xf32>) -> tensor<?x6xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<6x4xf32>
  %s = esper.param "scale" <uniform, 0.5, 1.5> : tensor<4xf32>
  %c = esper.multiply %x, %s : (tensor<?x1xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %y = esper.linear %c, %w : (tensor<?x4xf32>, tensor<6x4xf32>) -> tensor<?x6xf32>
  esper.return %y : tensor<?x6xf32>
}

// A call without a batch would get one from the constant.
// CHECK-LABEL: esper.kernel @full_rank(
// CHECK:         esper.linear
// CHECK-NEXT:    esper.add
esper.kernel @full_rank(%x: tensor<?x4xf32>) -> tensor<?x6xf32> attributes {leading_any} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<6x4xf32>
  %h = esper.param "shift" <uniform, -0.5, 0.5> : tensor<1x6xf32>
  %l = esper.linear %x, %w : (tensor<?x4xf32>, tensor<6x4xf32>) -> tensor<?x6xf32>
  %y = esper.add %l, %h : (tensor<?x6xf32>, tensor<1x6xf32>) -> tensor<?x6xf32>
  esper.return %y : tensor<?x6xf32>
}

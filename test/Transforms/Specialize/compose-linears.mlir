// RUN: tez-opt --esper-compose-linears %s | FileCheck %s

// CHECK-LABEL: esper.kernel @three(
// CHECK-DAG:     %[[A:.*]] = esper.param "a.weight"
// CHECK-DAG:     %[[B:.*]] = esper.param "b.weight"
// CHECK-DAG:     %[[C:.*]] = esper.param "c.weight"
// CHECK-DAG:     esper.matmul
// CHECK:         %[[Y:.*]] = esper.linear %arg0, %{{.*}}, %{{.*}} : (tensor<?x8xf32>, tensor<6x8xf32>, tensor<6xf32>)
// CHECK-NEXT:    esper.return %[[Y]]
esper.kernel @three(%x: tensor<?x8xf32>) -> tensor<?x6xf32> attributes {esper.infer} {
  %a = esper.param "a.weight" <uniform, -0.5, 0.5> : tensor<16x8xf32>
  %ab = esper.param "a.bias" <uniform, -0.5, 0.5> : tensor<16xf32>
  %b = esper.param "b.weight" <uniform, -0.5, 0.5> : tensor<16x16xf32>
  %c = esper.param "c.weight" <uniform, -0.5, 0.5> : tensor<6x16xf32>
  %cb = esper.param "c.bias" <uniform, -0.5, 0.5> : tensor<6xf32>
  %0 = esper.linear %x, %a, %ab : (tensor<?x8xf32>, tensor<16x8xf32>, tensor<16xf32>) -> tensor<?x16xf32>
  %1 = esper.linear %0, %b : (tensor<?x16xf32>, tensor<16x16xf32>) -> tensor<?x16xf32>
  %2 = esper.linear %1, %c, %cb : (tensor<?x16xf32>, tensor<6x16xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  esper.return %2 : tensor<?x6xf32>
}

// A bottleneck is smaller than what it stands for.
// CHECK-LABEL: esper.kernel @bottleneck(
// CHECK-COUNT-2: esper.linear
esper.kernel @bottleneck(%x: tensor<?x16xf32>) -> tensor<?x16xf32> attributes {esper.infer} {
  %a = esper.param "a" <uniform, -0.5, 0.5> : tensor<4x16xf32>
  %b = esper.param "b" <uniform, -0.5, 0.5> : tensor<16x4xf32>
  %0 = esper.linear %x, %a : (tensor<?x16xf32>, tensor<4x16xf32>) -> tensor<?x4xf32>
  %1 = esper.linear %0, %b : (tensor<?x4xf32>, tensor<16x4xf32>) -> tensor<?x16xf32>
  esper.return %1 : tensor<?x16xf32>
}

// CHECK-LABEL: esper.kernel @read_twice(
// CHECK-COUNT-2: esper.linear
esper.kernel @read_twice(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>) attributes {esper.infer} {
  %a = esper.param "a" <uniform, -0.5, 0.5> : tensor<8x8xf32>
  %0 = esper.linear %x, %a : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  %1 = esper.linear %0, %a : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  esper.return %0, %1 : tensor<?x8xf32>, tensor<?x8xf32>
}

// CHECK-LABEL: esper.kernel @given(
// CHECK-COUNT-2: esper.linear
esper.kernel @given(%x: tensor<?x8xf32>, %w: tensor<8x8xf32>) -> tensor<?x8xf32> attributes {esper.infer} {
  %a = esper.param "a" <uniform, -0.5, 0.5> : tensor<8x8xf32>
  %0 = esper.linear %x, %a : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  %1 = esper.linear %0, %w : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  esper.return %1 : tensor<?x8xf32>
}

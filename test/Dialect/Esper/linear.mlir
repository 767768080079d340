// RUN: tez-opt %s | tez-opt | FileCheck %s

// CHECK-LABEL: esper.kernel @linear(
esper.kernel @linear(%x: tensor<?x?x4xf32>, %r: tensor<4xf32>, %d: tensor<?xf32>, %w: tensor<8x4xf32>, %b: tensor<8xf32>) -> (tensor<?x?x8xf32>, tensor<8xf32>, tensor<8xf32>) {
  // CHECK: esper.linear %{{.*}}, %{{.*}}, %{{.*}} : (tensor<?x?x4xf32>, tensor<8x4xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %0 = esper.linear %x, %w, %b : (tensor<?x?x4xf32>, tensor<8x4xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  // CHECK: esper.linear %{{.*}}, %{{.*}} : (tensor<4xf32>, tensor<8x4xf32>) -> tensor<8xf32>
  %1 = esper.linear %r, %w : (tensor<4xf32>, tensor<8x4xf32>) -> tensor<8xf32>
  %2 = esper.linear %d, %w : (tensor<?xf32>, tensor<8x4xf32>) -> tensor<8xf32>
  esper.return %0, %1, %2 : tensor<?x?x8xf32>, tensor<8xf32>, tensor<8xf32>
}

// CHECK-LABEL: esper.kernel @bilinear(
esper.kernel @bilinear(%a: tensor<?x4xf32>, %b: tensor<3x6xf32>, %w: tensor<5x4x6xf32>, %c: tensor<5xf32>) -> tensor<?x5xf32> {
  // CHECK: esper.bilinear %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<3x6xf32>, tensor<5x4x6xf32>, tensor<5xf32>) -> tensor<?x5xf32>
  %0 = esper.bilinear %a, %b, %w, %c : (tensor<?x4xf32>, tensor<3x6xf32>, tensor<5x4x6xf32>, tensor<5xf32>) -> tensor<?x5xf32>
  esper.return %0 : tensor<?x5xf32>
}

// CHECK-LABEL: esper.kernel @matmul(
esper.kernel @matmul(%a: tensor<?x3x4xf32>, %b: tensor<2x1x4x6xf32>, %r: tensor<4xf32>) -> (tensor<2x?x3x6xf32>, tensor<?x3xf32>, tensor<2x1x6xf32>, tensor<f32>) {
  // CHECK: esper.matmul %{{.*}}, %{{.*}} : (tensor<?x3x4xf32>, tensor<2x1x4x6xf32>) -> tensor<2x?x3x6xf32>
  %0 = esper.matmul %a, %b : (tensor<?x3x4xf32>, tensor<2x1x4x6xf32>) -> tensor<2x?x3x6xf32>
  // CHECK: -> tensor<?x3xf32>
  %1 = esper.matmul %a, %r : (tensor<?x3x4xf32>, tensor<4xf32>) -> tensor<?x3xf32>
  // CHECK: -> tensor<2x1x6xf32>
  %2 = esper.matmul %r, %b : (tensor<4xf32>, tensor<2x1x4x6xf32>) -> tensor<2x1x6xf32>
  // CHECK: -> tensor<f32>
  %3 = esper.matmul %r, %r : (tensor<4xf32>, tensor<4xf32>) -> tensor<f32>
  esper.return %0, %1, %2, %3 : tensor<2x?x3x6xf32>, tensor<?x3xf32>, tensor<2x1x6xf32>, tensor<f32>
}

// CHECK-LABEL: esper.kernel @embedding(
esper.kernel @embedding(%i: tensor<?x?xi64>, %s: tensor<i32>, %w: tensor<100x16xf32>) -> (tensor<?x?x16xf32>, tensor<16xf32>) {
  // CHECK: esper.embedding %{{.*}}, %{{.*}} {padding_idx = 99 : i64} : (tensor<?x?xi64>, tensor<100x16xf32>) -> tensor<?x?x16xf32>
  %0 = esper.embedding %i, %w {padding_idx = 99 : i64} : (tensor<?x?xi64>, tensor<100x16xf32>) -> tensor<?x?x16xf32>
  // CHECK: (tensor<i32>, tensor<100x16xf32>) -> tensor<16xf32>
  %1 = esper.embedding %s, %w : (tensor<i32>, tensor<100x16xf32>) -> tensor<16xf32>
  esper.return %0, %1 : tensor<?x?x16xf32>, tensor<16xf32>
}

// RUN: tez-opt --esper-fuse-attention %s | FileCheck %s
// RUN: tez-opt %s %test_passes -o /dev/null --pass-pipeline='builtin.module(tez-keep-reference,esper.kernel(esper-fuse-attention,esper-decompose-composites),test-compare-with-reference{training=false})'

// CHECK-LABEL: esper.kernel @scaled_query(
// CHECK-NEXT:    %[[Y:.*]] = esper.sdpa %arg0, %arg1, %arg2 {scale = 5.000000e-01 : f64}
// CHECK-NEXT:    esper.return %[[Y]]
esper.kernel @scaled_query(%q: tensor<?x2x5x4xf32>, %k: tensor<?x2x3x4xf32>, %v: tensor<?x2x3x4xf32>) -> tensor<?x2x5x4xf32> {
  %s = esper.scale %q, 0.5 : tensor<?x2x5x4xf32>
  %t = esper.transpose %k {dim0 = -2 : i64, dim1 = -1 : i64} : (tensor<?x2x3x4xf32>) -> tensor<?x2x4x3xf32>
  %p = esper.matmul %s, %t : (tensor<?x2x5x4xf32>, tensor<?x2x4x3xf32>) -> tensor<?x2x5x3xf32>
  %w = esper.softmax %p {dim = -1 : i64} : (tensor<?x2x5x3xf32>) -> tensor<?x2x5x3xf32>
  %y = esper.matmul %w, %v : (tensor<?x2x5x3xf32>, tensor<?x2x3x4xf32>) -> tensor<?x2x5x4xf32>
  esper.return %y : tensor<?x2x5x4xf32>
}

// CHECK-LABEL: esper.kernel @scaled_scores_and_mask(
// CHECK-NEXT:    esper.sdpa %arg0, %arg0, %arg0 {causal = true, scale = 2.500000e-01 : f64}
esper.kernel @scaled_scores_and_mask(%q: tensor<?x5x4xf32>) -> tensor<?x5x4xf32> {
  %t = esper.transpose %q {dim0 = 1 : i64, dim1 = 2 : i64} : (tensor<?x5x4xf32>) -> tensor<?x4x5xf32>
  %p = esper.matmul %q, %t : (tensor<?x5x4xf32>, tensor<?x4x5xf32>) -> tensor<?x5x5xf32>
  %s = esper.scale %p, 0.25 : tensor<?x5x5xf32>
  %m = esper.causal_mask %s : tensor<?x5x5xf32>
  %w = esper.softmax %m {dim = 2 : i64} : (tensor<?x5x5xf32>) -> tensor<?x5x5xf32>
  %y = esper.matmul %w, %q : (tensor<?x5x5xf32>, tensor<?x5x4xf32>) -> tensor<?x5x4xf32>
  esper.return %y : tensor<?x5x4xf32>
}

// The weights are returned.
// CHECK-LABEL: esper.kernel @weights_escape(
// CHECK-NOT:     esper.sdpa
esper.kernel @weights_escape(%q: tensor<?x5x4xf32>) -> (tensor<?x5x4xf32>, tensor<?x5x5xf32>) {
  %t = esper.transpose %q {dim0 = 1 : i64, dim1 = 2 : i64} : (tensor<?x5x4xf32>) -> tensor<?x4x5xf32>
  %p = esper.matmul %q, %t : (tensor<?x5x4xf32>, tensor<?x4x5xf32>) -> tensor<?x5x5xf32>
  %w = esper.softmax %p {dim = -1 : i64} : (tensor<?x5x5xf32>) -> tensor<?x5x5xf32>
  %y = esper.matmul %w, %q : (tensor<?x5x5xf32>, tensor<?x5x4xf32>) -> tensor<?x5x4xf32>
  esper.return %y, %w : tensor<?x5x4xf32>, tensor<?x5x5xf32>
}

// A softmax over the queries; a key that is not transposed; values that broadcast; scores read twice.
// CHECK-LABEL: esper.kernel @kept(
// CHECK-NOT:     esper.sdpa
esper.kernel @kept(%q: tensor<?x4x4xf32>, %v: tensor<4x4xf32>) -> (tensor<?x4x4xf32>, tensor<?x4x4xf32>, tensor<?x4x4xf32>, tensor<?x4x4xf32>, tensor<?x4x4xf32>) {
  %t = esper.transpose %q {dim0 = 1 : i64, dim1 = 2 : i64} : (tensor<?x4x4xf32>) -> tensor<?x4x4xf32>
  %p = esper.matmul %q, %t : (tensor<?x4x4xf32>, tensor<?x4x4xf32>) -> tensor<?x4x4xf32>
  %w = esper.softmax %p {dim = 1 : i64} : (tensor<?x4x4xf32>) -> tensor<?x4x4xf32>
  %a = esper.matmul %w, %q : (tensor<?x4x4xf32>, tensor<?x4x4xf32>) -> tensor<?x4x4xf32>
  %r = esper.matmul %q, %q : (tensor<?x4x4xf32>, tensor<?x4x4xf32>) -> tensor<?x4x4xf32>
  %x = esper.softmax %r {dim = -1 : i64} : (tensor<?x4x4xf32>) -> tensor<?x4x4xf32>
  %b = esper.matmul %x, %q : (tensor<?x4x4xf32>, tensor<?x4x4xf32>) -> tensor<?x4x4xf32>
  %s = esper.matmul %a, %t : (tensor<?x4x4xf32>, tensor<?x4x4xf32>) -> tensor<?x4x4xf32>
  %y = esper.softmax %s {dim = -1 : i64} : (tensor<?x4x4xf32>) -> tensor<?x4x4xf32>
  %c = esper.matmul %y, %v : (tensor<?x4x4xf32>, tensor<4x4xf32>) -> tensor<?x4x4xf32>
  %u = esper.matmul %b, %t : (tensor<?x4x4xf32>, tensor<?x4x4xf32>) -> tensor<?x4x4xf32>
  %z = esper.softmax %u {dim = -1 : i64} : (tensor<?x4x4xf32>) -> tensor<?x4x4xf32>
  %d = esper.matmul %z, %q : (tensor<?x4x4xf32>, tensor<?x4x4xf32>) -> tensor<?x4x4xf32>
  esper.return %a, %b, %c, %d, %u : tensor<?x4x4xf32>, tensor<?x4x4xf32>, tensor<?x4x4xf32>, tensor<?x4x4xf32>, tensor<?x4x4xf32>
}

// torch would make NaN of a mask that it scales by no positive number.
// CHECK-LABEL: esper.kernel @negative_scale(
// CHECK-NOT:     esper.sdpa
esper.kernel @negative_scale(%q: tensor<?x5x4xf32>) -> tensor<?x5x4xf32> {
  %t = esper.transpose %q {dim0 = 1 : i64, dim1 = 2 : i64} : (tensor<?x5x4xf32>) -> tensor<?x4x5xf32>
  %p = esper.matmul %q, %t : (tensor<?x5x4xf32>, tensor<?x4x5xf32>) -> tensor<?x5x5xf32>
  %s = esper.scale %p, -0.25 : tensor<?x5x5xf32>
  %m = esper.causal_mask %s : tensor<?x5x5xf32>
  %w = esper.softmax %m {dim = 2 : i64} : (tensor<?x5x5xf32>) -> tensor<?x5x5xf32>
  %y = esper.matmul %w, %q : (tensor<?x5x5xf32>, tensor<?x5x4xf32>) -> tensor<?x5x4xf32>
  esper.return %y : tensor<?x5x4xf32>
}

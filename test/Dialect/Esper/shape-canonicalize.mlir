// RUN: tez-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: esper.kernel @same_shape(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x8xf32> {esper.fixed_rank}, %[[S:[^:]*]]: tensor<2x3xf32> {esper.fixed_rank}
esper.kernel @same_shape(%x: tensor<?x8xf32> {esper.fixed_rank}, %s: tensor<2x3xf32> {esper.fixed_rank}) -> (tensor<?x8xf32>, tensor<2x3xf32>, tensor<?x8xf32>, tensor<?x8xf32>) {
  // CHECK-NEXT: esper.return %[[X]], %[[S]], %[[X]], %[[X]]
  %0 = esper.reshape %x {shape = array<i64: -1, 8>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %1 = esper.reshape %s {shape = array<i64: 2, 3>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = esper.flatten %x {start_dim = 1 : i64, end_dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %3 = esper.unflatten %x {dim = 0 : i64, sizes = array<i64: -1>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return %0, %1, %2, %3 : tensor<?x8xf32>, tensor<2x3xf32>, tensor<?x8xf32>, tensor<?x8xf32>
}

// Of three dimensions they would make two.
// CHECK-LABEL: esper.kernel @other_ranks(
esper.kernel @other_ranks(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) {
  // CHECK: esper.reshape
  // CHECK: esper.flatten
  // CHECK-NOT: esper.flatten
  %0 = esper.reshape %x {shape = array<i64: -1, 8>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %1 = esper.flatten %x {start_dim = 1 : i64, end_dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %2 = esper.flatten %x {start_dim = -1 : i64, end_dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return %0, %1, %2 : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>
}

// (2, 0) may become (5, 0); a scalar gains a rank.
// CHECK-LABEL: esper.kernel @same_type_other_shape(
esper.kernel @same_type_other_shape(%x: tensor<?x0xf32>, %s: tensor<f32>) -> (tensor<?x0xf32>, tensor<1xf32>) {
  // CHECK: esper.reshape
  // CHECK: esper.flatten
  %0 = esper.reshape %x {shape = array<i64: 5, 0>} : (tensor<?x0xf32>) -> tensor<5x0xf32>
  %1 = esper.concat %x, %0 {dim = 0 : i64} : (tensor<?x0xf32>, tensor<5x0xf32>) -> tensor<?x0xf32>
  %2 = esper.flatten %s {start_dim = 0 : i64, end_dim = 0 : i64} : (tensor<f32>) -> tensor<1xf32>
  esper.return %1, %2 : tensor<?x0xf32>, tensor<1xf32>
}

// CHECK-LABEL: esper.kernel @reshape_of_reshape(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x8xf32>
esper.kernel @reshape_of_reshape(%x: tensor<?x8xf32>) -> (tensor<?x4xf32>, tensor<8xf32>) {
  // CHECK: esper.reshape %[[X]] {shape = array<i64: -1, 4>}
  %0 = esper.reshape %x {shape = array<i64: -1, 2, 4>} : (tensor<?x8xf32>) -> tensor<?x2x4xf32>
  %1 = esper.reshape %0 {shape = array<i64: -1, 4>} : (tensor<?x2x4xf32>) -> tensor<?x4xf32>
  // The inner one says that the batch is one.
  // CHECK: %[[P:.*]] = esper.reshape %[[X]] {shape = array<i64: 2, 4>}
  // CHECK: esper.reshape %[[P]] {shape = array<i64: -1>}
  %2 = esper.reshape %x {shape = array<i64: 2, 4>} : (tensor<?x8xf32>) -> tensor<2x4xf32>
  %3 = esper.reshape %2 {shape = array<i64: -1>} : (tensor<2x4xf32>) -> tensor<8xf32>
  esper.return %1, %3 : tensor<?x4xf32>, tensor<8xf32>
}

// CHECK-LABEL: esper.kernel @transpose(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x4x8xf32>
esper.kernel @transpose(%x: tensor<?x4x8xf32>) -> (tensor<?x4x8xf32>, tensor<?x4x8xf32>, tensor<8x?x4xf32>) {
  %0 = esper.transpose %x {dim0 = 1 : i64, dim1 = -1 : i64} : (tensor<?x4x8xf32>) -> tensor<?x8x4xf32>
  %1 = esper.transpose %0 {dim0 = 2 : i64, dim1 = -2 : i64} : (tensor<?x8x4xf32>) -> tensor<?x4x8xf32>
  %2 = esper.transpose %x {dim0 = 1 : i64, dim1 = -2 : i64} : (tensor<?x4x8xf32>) -> tensor<?x4x8xf32>
  // Other dimensions: both stay.
  // CHECK: esper.transpose
  // CHECK: %[[T:.*]] = esper.transpose
  %3 = esper.transpose %0 {dim0 = 0 : i64, dim1 = 1 : i64} : (tensor<?x8x4xf32>) -> tensor<8x?x4xf32>
  // CHECK: esper.return %[[X]], %[[X]], %[[T]]
  esper.return %1, %2, %3 : tensor<?x4x8xf32>, tensor<?x4x8xf32>, tensor<8x?x4xf32>
}

// CHECK-LABEL: esper.kernel @permute(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x4x8xf32>
esper.kernel @permute(%x: tensor<?x4x8xf32>) -> (tensor<8x?x4xf32>, tensor<?x4x8xf32>, tensor<?x4x8xf32>) {
  // CHECK: %[[P:.*]] = esper.permute %[[X]] {dims = array<i64: 2, 0, 1>}
  // CHECK: esper.return %[[P]], %[[X]], %[[X]]
  %0 = esper.permute %x {dims = array<i64: 1, 2, 0>} : (tensor<?x4x8xf32>) -> tensor<4x8x?xf32>
  %1 = esper.permute %0 {dims = array<i64: 1, 2, 0>} : (tensor<4x8x?xf32>) -> tensor<8x?x4xf32>
  %2 = esper.permute %1 {dims = array<i64: 1, -1, 0>} : (tensor<8x?x4xf32>) -> tensor<?x4x8xf32>
  %3 = esper.permute %x {dims = array<i64: 0, -2, 2>} : (tensor<?x4x8xf32>) -> tensor<?x4x8xf32>
  esper.return %1, %2, %3 : tensor<8x?x4xf32>, tensor<?x4x8xf32>, tensor<?x4x8xf32>
}

// CHECK-LABEL: esper.kernel @one_part(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x8xf32>
esper.kernel @one_part(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>, tensor<3x8xf32>) {
  %0 = esper.concat %x {dim = 0 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %1 = esper.split %x {sizes = array<i64: 8>, dim = 1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  // This one says that the batch is three.
  // CHECK: %[[S:.*]] = esper.split
  %2 = esper.split %x {sizes = array<i64: 3>, dim = 0 : i64} : (tensor<?x8xf32>) -> tensor<3x8xf32>
  // CHECK: esper.return %[[X]], %[[X]], %[[S]]
  esper.return %0, %1, %2 : tensor<?x8xf32>, tensor<?x8xf32>, tensor<3x8xf32>
}

// CHECK-LABEL: esper.kernel @slice(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x8xf32>
esper.kernel @slice(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) {
  %0 = esper.slice %x {dim = 1 : i64, start = -9 : i64, end = 100 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %1 = esper.slice %x {dim = 0 : i64, start = 0 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  // Of an unknown size 100 may be a part.
  // CHECK: %[[S:.*]] = esper.slice
  %2 = esper.slice %x {dim = 0 : i64, start = 0 : i64, end = 100 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  // CHECK: esper.return %[[X]], %[[X]], %[[S]]
  esper.return %0, %1, %2 : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>
}

// CHECK-LABEL: esper.kernel @pad(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x8xf32>
esper.kernel @pad(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  %0 = esper.pad %x {pads = array<i64: 0, 0>, mode = #esper<pad_mode reflect>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  // Shifted by one.
  // CHECK: %[[P:.*]] = esper.pad
  %1 = esper.pad %x {pads = array<i64: 1, -1>, mode = #esper<pad_mode constant>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  // CHECK: esper.return %[[X]], %[[P]]
  esper.return %0, %1 : tensor<?x8xf32>, tensor<?x8xf32>
}

// CHECK-LABEL: esper.kernel @expand_as(
// CHECK-SAME:    %[[S:[^:]*]]: tensor<2x3xf32>, %[[X:[^:]*]]: tensor<?x8xf32>
esper.kernel @expand_as(%s: tensor<2x3xf32>, %x: tensor<?x8xf32>) -> (tensor<2x3xf32>, tensor<?x8xf32>) {
  %0 = esper.expand_as %s, %s : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // A batch of one may meet a batch of n.
  // CHECK: %[[E:.*]] = esper.expand_as
  %1 = esper.expand_as %x, %x : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  // CHECK: esper.return %[[S]], %[[E]]
  esper.return %0, %1 : tensor<2x3xf32>, tensor<?x8xf32>
}

// CHECK-LABEL: esper.kernel @squeeze(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x8xf32>
esper.kernel @squeeze(%x: tensor<?x8xf32>, %y: tensor<?x1xf32>) -> (tensor<?x8xf32>, tensor<?xf32>) {
  // CHECK: %[[S:.*]] = esper.squeeze
  // CHECK: esper.return %[[X]], %[[S]]
  %0 = esper.squeeze %x {dim = 1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %1 = esper.squeeze %y {dim = 1 : i64} : (tensor<?x1xf32>) -> tensor<?xf32>
  esper.return %0, %1 : tensor<?x8xf32>, tensor<?xf32>
}

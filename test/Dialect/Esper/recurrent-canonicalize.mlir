// RUN: tez-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: esper.kernel @dropout_outside_of_training(
esper.kernel @dropout_outside_of_training(%x: tensor<?x?x3xf32>, %i: tensor<4x3xf32>, %h: tensor<4x4xf32>) -> tensor<?x?x4xf32> {
  %f = esper.flag false
  // CHECK: esper.rnn {{.*}}dropout = 0.000000e+00 : f64
  %y, %hn = esper.rnn %x training %f weights(%i, %h, %h, %h)
      {hidden_size = 4 : i64, num_layers = 2 : i64, bias = false, batch_first = true, dropout = 0.5 : f64, bidirectional = false}
      : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<2x?x4xf32>)
  esper.return %y : tensor<?x?x4xf32>
}

// Two layers draw and stay although nobody reads them; a single layer has nothing to drop.
// CHECK-LABEL: esper.kernel @unread(
esper.kernel @unread(%x: tensor<?x?x3xf32>, %i: tensor<4x3xf32>, %h: tensor<4x4xf32>) {
  %t = esper.training ""
  // CHECK:     esper.rnn {{.*}}num_layers = 2
  // CHECK-NOT: esper.rnn
  %y, %hn = esper.rnn %x training %t weights(%i, %h, %h, %h)
      {hidden_size = 4 : i64, num_layers = 2 : i64, bias = false, batch_first = true, dropout = 0.5 : f64, bidirectional = false}
      : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<2x?x4xf32>)
  %z, %zn = esper.rnn %x training %t weights(%i, %h)
      {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.5 : f64, bidirectional = false}
      : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// RUN: tez-opt %s | tez-opt | FileCheck %s

// CHECK-LABEL: esper.kernel @lstm(
esper.kernel @lstm(%x: tensor<?x?x3xf32>, %h: tensor<1x?x4xf32>, %wi: tensor<16x3xf32>, %wh: tensor<16x4xf32>, %b: tensor<16xf32>) -> tensor<?x?x4xf32> {
  %t = esper.training "rnn"
  // CHECK: esper.lstm %{{.*}} training %{{.*}} weights(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}) {batch_first = true, bias = true, bidirectional = false, dropout = 0.000000e+00 : f64, hidden_size = 4 : i64, num_layers = 1 : i64} :
  // CHECK-SAME: -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  %y, %hn, %cn = esper.lstm %x training %t weights(%wi, %wh, %b, %b)
      {hidden_size = 4 : i64, num_layers = 1 : i64, bias = true, batch_first = true, dropout = 0.0 : f64, bidirectional = false}
      : (tensor<?x?x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  // CHECK: esper.lstm %{{.*}} h0(%[[H:.*]]) c0(%[[H]]) training
  %y2, %hn2, %cn2 = esper.lstm %x h0(%h) c0(%h) training %t weights(%wi, %wh)
      {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false}
      : (tensor<?x?x3xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return %y : tensor<?x?x4xf32>
}

// Two directions, two layers, a projection; positions first.
// CHECK-LABEL: esper.kernel @lstm_projected(
esper.kernel @lstm_projected(%x: tensor<?x5x3xf32>, %i0: tensor<16x3xf32>, %i1: tensor<16x4xf32>, %h: tensor<16x2xf32>, %r: tensor<2x4xf32>) -> tensor<?x5x4xf32> {
  %t = esper.training ""
  // CHECK: proj_size = 2 : i64
  // CHECK-SAME: -> (tensor<?x5x4xf32>, tensor<4x5x2xf32>, tensor<4x5x4xf32>)
  %y, %hn, %cn = esper.lstm %x training %t weights(%i0, %h, %r, %i0, %h, %r, %i1, %h, %r, %i1, %h, %r)
      {hidden_size = 4 : i64, num_layers = 2 : i64, bias = false, batch_first = false, dropout = 0.5 : f64, bidirectional = true, proj_size = 2 : i64}
      : (tensor<?x5x3xf32>, i1, tensor<16x3xf32>, tensor<16x2xf32>, tensor<2x4xf32>, tensor<16x3xf32>, tensor<16x2xf32>, tensor<2x4xf32>, tensor<16x4xf32>, tensor<16x2xf32>, tensor<2x4xf32>, tensor<16x4xf32>, tensor<16x2xf32>, tensor<2x4xf32>)
      -> (tensor<?x5x4xf32>, tensor<4x5x2xf32>, tensor<4x5x4xf32>)
  esper.return %y : tensor<?x5x4xf32>
}

// CHECK-LABEL: esper.kernel @gru(
esper.kernel @gru(%x: tensor<?x?x3xf32>, %h: tensor<2x?x4xf32>, %wi: tensor<12x3xf32>, %wh: tensor<12x4xf32>) -> tensor<?x?x8xf32> {
  %t = esper.training ""
  // CHECK: esper.gru %{{.*}} h0(%{{.*}}) training %{{.*}} weights(
  // CHECK-SAME: -> (tensor<?x?x8xf32>, tensor<2x?x4xf32>)
  %y, %hn = esper.gru %x h0(%h) training %t weights(%wi, %wh, %wi, %wh)
      {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = true}
      : (tensor<?x?x3xf32>, tensor<2x?x4xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<?x?x8xf32>, tensor<2x?x4xf32>)
  esper.return %y : tensor<?x?x8xf32>
}

// CHECK-LABEL: esper.kernel @rnn(
esper.kernel @rnn(%x: tensor<?x?x3xf32>, %wi: tensor<4x3xf32>, %wh: tensor<4x4xf32>) -> tensor<?x?x4xf32> {
  %t = esper.training ""
  // CHECK: nonlinearity = "relu"
  %y, %hn = esper.rnn %x training %t weights(%wi, %wh)
      {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false, nonlinearity = "relu"}
      : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return %y : tensor<?x?x4xf32>
}

// CHECK-LABEL: esper.kernel @cells(
esper.kernel @cells(%x: tensor<?x3xf32>, %h: tensor<?x4xf32>, %i4: tensor<16x3xf32>, %h4: tensor<16x4xf32>, %i3: tensor<12x3xf32>, %h3: tensor<12x4xf32>, %b3: tensor<12xf32>, %i1: tensor<4x3xf32>, %h1: tensor<4x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK: esper.lstm_cell %{{.*}} h(%{{.*}}) c(%{{.*}}) w_ih(%{{.*}}) w_hh(%{{.*}}) : {{.*}} -> (tensor<?x4xf32>, tensor<?x4xf32>)
  %0, %c = esper.lstm_cell %x h(%h) c(%h) w_ih(%i4) w_hh(%h4) : (tensor<?x3xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  // CHECK: esper.gru_cell %{{.*}} w_ih(%{{.*}}) w_hh(%{{.*}}) b_ih(%{{.*}}) b_hh(%{{.*}}) :
  %1 = esper.gru_cell %x w_ih(%i3) w_hh(%h3) b_ih(%b3) b_hh(%b3) : (tensor<?x3xf32>, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<12xf32>) -> tensor<?x4xf32>
  // CHECK: esper.rnn_cell %{{.*}} w_ih(%{{.*}}) w_hh(%{{.*}}) {nonlinearity = "relu"} :
  %2 = esper.rnn_cell %x w_ih(%i1) w_hh(%h1) {nonlinearity = "relu"} : (tensor<?x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return %0, %1, %2 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

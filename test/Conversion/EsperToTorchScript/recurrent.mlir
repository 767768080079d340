// RUN: tez-opt %s --esper-to-torchscript | FileCheck %s

// An absent state is made from the input, so that no size, dtype or device is
// named in the graph.
// CHECK-LABEL: ts.module @lstm
// CHECK:         ts.forward(%[[X:.*]]: !ts.tensor "input0")
// CHECK:           %[[STEP:.*]] = ts.call "aten::select"(%[[X]], 1, 0)
// CHECK:           %[[ONE:.*]] = ts.call "aten::select"(%[[STEP]], -1, 0)
// CHECK:           %[[Z:.*]] = ts.call "aten::zeros_like"(%[[ONE]])
// CHECK:           ts.call "aten::expand"(%{{.*}}, array<i64: 1, -1, 4>)
// CHECK:           %[[H:.*]] = ts.call "aten::contiguous"
// CHECK:           %[[C:.*]] = ts.call "aten::contiguous"
// CHECK:           %[[S:.*]] = ts.list %[[H]], %[[C]]
// CHECK:           %[[W:.*]] = ts.list
// CHECK:           ts.call "aten::lstm"(%[[X]], %[[S]], %[[W]], true, 1, 0.000000e+00, %{{.*}}, false, true)
esper.kernel @lstm(%x: tensor<?x?x3xf32>) -> tensor<?x?x4xf32> {
  %t = esper.training "rnn"
  %wi = esper.param "rnn.weight_ih_l0" <constant, 0.0> : tensor<16x3xf32>
  %wh = esper.param "rnn.weight_hh_l0" <constant, 0.0> : tensor<16x4xf32>
  %bi = esper.param "rnn.bias_ih_l0" <constant, 0.0> : tensor<16xf32>
  %bh = esper.param "rnn.bias_hh_l0" <constant, 0.0> : tensor<16xf32>
  %y, %h, %c = esper.lstm %x training %t weights(%wi, %wh, %bi, %bh)
      {hidden_size = 4 : i64, num_layers = 1 : i64, bias = true, batch_first = true,
       dropout = 0.000000e+00 : f64, bidirectional = false}
      : (tensor<?x?x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>,
         tensor<16xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return %y : tensor<?x?x4xf32>
}

// A given state is passed on.
// CHECK-LABEL: ts.module @gru
// CHECK:         ts.forward(%[[X:.*]]: !ts.tensor "input0", %[[H0:.*]]: !ts.tensor "input1")
// CHECK-NOT:       zeros_like
// CHECK:           ts.call "aten::gru"(%[[X]], %[[H0]],
esper.kernel @gru(%x: tensor<5x?x3xf32>, %h0: tensor<1x?x4xf32>) -> tensor<1x?x4xf32> {
  %t = esper.training ""
  %wi = esper.param "weight_ih_l0" <constant, 0.0> : tensor<12x3xf32>
  %wh = esper.param "weight_hh_l0" <constant, 0.0> : tensor<12x4xf32>
  %y, %h = "esper.gru"(%x, %h0, %t, %wi, %wh) <{hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = false, dropout = 0.0 : f64, bidirectional = false, operandSegmentSizes = array<i32: 1, 1, 1, 2>}>
      : (tensor<5x?x3xf32>, tensor<1x?x4xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<5x?x4xf32>, tensor<1x?x4xf32>)
  esper.return %h : tensor<1x?x4xf32>
}

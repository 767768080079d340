// RUN: tez-opt %s --esper-to-torchscript | FileCheck %s
// Results of forward lie in no input, in no state and in no other result.

// CHECK-LABEL: ts.module @identity
// CHECK:         ts.forward(%[[X:.*]]: !ts.tensor
// CHECK:           %[[C:.*]] = ts.call "aten::clone"(%[[X]], none)
// CHECK:           ts.return %[[C]]
esper.kernel @identity(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  esper.return %x : tensor<?x4xf32>
}

// Views of a view of the input.
// CHECK-LABEL: ts.module @views
// CHECK:           %[[T:.*]] = ts.call "aten::transpose"
// CHECK:           %[[F:.*]] = ts.call "aten::flatten"(%[[T]]
// CHECK:           %[[C:.*]] = ts.call "aten::clone"(%[[F]], none)
// CHECK:           ts.return %[[C]]
esper.kernel @views(%x: tensor<2x3x4xf32>) -> tensor<12x2xf32> {
  %t = esper.transpose %x {dim0 = 0 : i64, dim1 = 2 : i64} : (tensor<2x3x4xf32>) -> tensor<4x3x2xf32>
  %f = esper.flatten %t {start_dim = 0 : i64, end_dim = 1 : i64} : (tensor<4x3x2xf32>) -> tensor<12x2xf32>
  esper.return %f : tensor<12x2xf32>
}

// Dropout returns its input in eval mode.
// CHECK-LABEL: ts.module @dropout
// CHECK:           %[[D:.*]] = ts.call "aten::dropout"
// CHECK:           %[[C:.*]] = ts.call "aten::clone"(%[[D]], none)
// CHECK:           ts.return %[[C]]
esper.kernel @dropout(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %t = esper.training ""
  %y = esper.dropout element(5.000000e-01) %x, %t : tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// A parameter, and a buffer as it was before the call: what is overwritten is read as a copy.
// CHECK-LABEL: ts.module @state
// CHECK:           %[[W:.*]] = ts.get "w"
// CHECK:           %[[B:.*]] = ts.get "b"
// CHECK:           %[[CB:.*]] = ts.call "aten::clone"(%[[B]], none)
// CHECK:           %[[N:.*]] = ts.call "aten::mul"(%[[CB]],
// CHECK:           %[[CW:.*]] = ts.call "aten::clone"(%[[W]], none)
// CHECK:           ts.call "aten::copy_"(%[[B]]
// CHECK:           ts.return %[[CW]], %[[CB]]
esper.kernel @state(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %w = esper.param "w" <constant, 1.0> : tensor<4xf32>
  %b = esper.buffer "b" <constant, 2.0> : tensor<4xf32>
  %n = esper.multiply %b, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  esper.return %w, %b : tensor<4xf32>, tensor<4xf32> updates("b" = %n : tensor<4xf32>)
}

// Of results that share memory the first keeps it.
// CHECK-LABEL: ts.module @twice
// CHECK:           %[[Y:.*]] = ts.call "aten::relu"
// CHECK:           %[[T:.*]] = ts.call "aten::transpose"(%[[Y]]
// CHECK:           %[[C:.*]] = ts.call "aten::clone"(%[[T]], none)
// CHECK-NOT:       aten::clone
// CHECK:           ts.return %[[Y]], %[[C]]
esper.kernel @twice(%x: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<4x3xf32>) {
  %y = esper.activation "relu" %x : tensor<3x4xf32>
  %t = esper.transpose %y {dim0 = 0 : i64, dim1 = 1 : i64} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  esper.return %y, %t : tensor<3x4xf32>, tensor<4x3xf32>
}

// What is computed is the caller's without a copy, views included.
// CHECK-LABEL: ts.module @computed
// CHECK-NOT:       aten::clone
// CHECK:           ts.return
esper.kernel @computed(%x: tensor<3x4xf32>) -> (tensor<4x3xf32>, tensor<3x4xf32>) {
  %y = esper.activation "relu" %x : tensor<3x4xf32>
  %t = esper.transpose %y {dim0 = 0 : i64, dim1 = 1 : i64} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %z = esper.activation "tanh" %x : tensor<3x4xf32>
  esper.return %t, %z : tensor<4x3xf32>, tensor<3x4xf32>
}

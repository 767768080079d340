// RUN: tez-opt %s --esper-to-torchscript | FileCheck %s

// An image without a batch is for the plain operators; what cuDNN computes has no call of its own.
// CHECK-LABEL: ts.module @relu
// CHECK:         ts.forward(%[[X:.*]]: !ts.tensor "input")
// CHECK:           %[[W:.*]] = ts.get "weight"
// CHECK:           %[[B:.*]] = ts.get "bias"
// CHECK-NEXT:      %[[R:.*]] = ts.call "aten::dim"(%[[X]])
// CHECK-NEXT:      %[[N:.*]] = ts.call "aten::ne"(%[[R]], 4)
// CHECK-NEXT:      %[[Y:.*]] = ts.if %[[N]]
// CHECK-NEXT:        %[[C:.*]] = ts.call "aten::conv2d"(%[[X]], %[[W]], %[[B]], array<i64: 2, 1>, array<i64: 1, 0>, array<i64: 1, 2>, 1)
// CHECK-NEXT:        ts.call "aten::relu"(%[[C]])
// CHECK:             ts.call "aten::cudnn_convolution_relu"(%[[X]], %[[W]], %[[B]], array<i64: 2, 1>, array<i64: 1, 0>, array<i64: 1, 2>, 1)
// CHECK:           ts.return %[[Y]]
esper.kernel @relu(%x: tensor<?x3x8x8xf32> {esper.name = "input"}) -> tensor<?x4x4x4xf32> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x3x3x3xf32>
  %b = esper.param "bias" <uniform, -0.5, 0.5> : tensor<4xf32>
  %c = esper.conv %x, %w, %b {stride = array<i64: 2, 1>, padding = array<i64: 1, 0>, dilation = array<i64: 1, 2>} : (tensor<?x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<?x4x4x4xf32>
  %y = esper.activation "relu" %c {esper.fused = "cudnn_convolution_relu"} : tensor<?x4x4x4xf32>
  esper.return %y : tensor<?x4x4x4xf32>
}

// CHECK-LABEL: ts.module @residual
// CHECK:         ts.forward(%[[X:.*]]: !ts.tensor "input")
// CHECK:           ts.if
// CHECK-NEXT:        %[[C:.*]] = ts.call "aten::conv3d"
// CHECK:             %[[S:.*]] = ts.call "aten::add"(%[[C]], %[[X]], 1)
// CHECK-NEXT:        ts.call "aten::relu"(%[[S]])
// CHECK:             ts.call "aten::cudnn_convolution_add_relu"(%[[X]], %{{.*}}, %[[X]], 1, none, array<i64: 1, 1, 1>, array<i64: 0, 0, 0>, array<i64: 1, 1, 1>, 2)
// CHECK-NOT:       aten::add
// CHECK:           ts.return
esper.kernel @residual(%x: tensor<?x4x3x3x3xf32> {esper.name = "input"}) -> tensor<?x4x3x3x3xf32> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x2x1x1x1xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1, 1, 1>, padding = array<i64: 0, 0, 0>, dilation = array<i64: 1, 1, 1>, groups = 2 : i64} : (tensor<?x4x3x3x3xf32>, tensor<4x2x1x1x1xf32>) -> tensor<?x4x3x3x3xf32>
  %s = esper.add %c, %x : (tensor<?x4x3x3x3xf32>, tensor<?x4x3x3x3xf32>) -> tensor<?x4x3x3x3xf32>
  %y = esper.activation "relu" %s {esper.fused = "cudnn_convolution_add_relu"} : tensor<?x4x3x3x3xf32>
  esper.return %y : tensor<?x4x3x3x3xf32>
}

// What something else reads too is emitted, whatever the hint says.
// CHECK-LABEL: ts.module @read_elsewhere
// CHECK:           %[[C:.*]] = ts.call "aten::conv2d"
// CHECK:           ts.call "aten::cudnn_convolution_relu"
// CHECK:           ts.return %[[C]]
esper.kernel @read_elsewhere(%x: tensor<?x3x4x4xf32>) -> (tensor<?x3x4x4xf32>, tensor<?x3x4x4xf32>) attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<3x3x1x1xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x3x4x4xf32>, tensor<3x3x1x1xf32>) -> tensor<?x3x4x4xf32>
  %y = esper.activation "relu" %c {esper.fused = "cudnn_convolution_relu"} : tensor<?x3x4x4xf32>
  esper.return %c, %y : tensor<?x3x4x4xf32>, tensor<?x3x4x4xf32>
}

// A pass has put something else in between, or what broadcasts: the hint is overlooked.
// CHECK-LABEL: ts.module @outdated
// CHECK-NOT:       cudnn
// CHECK:           ts.return
esper.kernel @outdated(%x: tensor<?x3x4x4xf32>, %z: tensor<3x1x1xf32>) -> (tensor<?x3x4x4xf32>, tensor<?x3x4x4xf32>) attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<3x3x1x1xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x3x4x4xf32>, tensor<3x3x1x1xf32>) -> tensor<?x3x4x4xf32>
  %h = esper.scale %c, 2.0 : tensor<?x3x4x4xf32>
  %y = esper.activation "relu" %h {esper.fused = "cudnn_convolution_relu"} : tensor<?x3x4x4xf32>
  %s = esper.add %c, %z : (tensor<?x3x4x4xf32>, tensor<3x1x1xf32>) -> tensor<?x3x4x4xf32>
  %v = esper.activation "relu" %s {esper.fused = "cudnn_convolution_add_relu"} : tensor<?x3x4x4xf32>
  esper.return %y, %v : tensor<?x3x4x4xf32>, tensor<?x3x4x4xf32>
}

// RUN: tez-opt %s --esper-to-torchscript | FileCheck %s

// CHECK-LABEL: ts.module @causal
// CHECK:         ts.forward(%[[S:.*]]: !ts.tensor "input0")
// CHECK:           %[[ONES:.*]] = ts.call "aten::ones_like"(%[[S]])
// CHECK:           %[[LOWER:.*]] = ts.call "aten::tril"(%[[ONES]], 0)
// CHECK:           %[[ABOVE:.*]] = ts.call "aten::eq"(%[[LOWER]], 0)
// CHECK:           ts.call "aten::masked_fill"(%[[S]], %[[ABOVE]], 0xFFF0000000000000)
esper.kernel @causal(%s: tensor<?x?x?xf32>) -> tensor<?x?x?xf32> {
  %y = esper.causal_mask %s : tensor<?x?x?xf32>
  esper.return %y : tensor<?x?x?xf32>
}

// Noise only in training: a branch on the flag.
// CHECK-LABEL: ts.module @noise
// CHECK:           %[[T:.*]] = ts.training "n"
// CHECK:           ts.if %[[T]] -> (!ts.tensor) {
// CHECK:             ts.call "aten::randn_like"
// CHECK:           } else {
// CHECK-NEXT:        ts.yield %arg0
esper.kernel @noise(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %t = esper.training "n"
  %y = "esper.noise"(%x, %t) <{std = 1.000000e-01 : f64, training_only = true}> : (tensor<?x4xf32>, i1) -> tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// Noise always: no branch.
// CHECK-LABEL: ts.module @always
// CHECK-NOT:       ts.if
// CHECK:           ts.call "aten::randn_like"
esper.kernel @always(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %t = esper.training "n"
  %y = "esper.noise"(%x, %t) <{std = 1.000000e-01 : f64, training_only = false}> : (tensor<?x4xf32>, i1) -> tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// A flag known at compile time is a literal of the call.
// CHECK-LABEL: ts.module @known
// CHECK:           ts.call "aten::dropout"(%arg0, 5.000000e-01, true)
esper.kernel @known(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %t = esper.flag true
  %y = esper.dropout element(5.000000e-01) %x, %t : tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// CHECK-LABEL: ts.module @slopes
// CHECK:           %[[T:.*]] = ts.training ""
// CHECK:           ts.call "aten::rrelu"(%arg0, 2.500000e-01, 5.000000e-01, %[[T]], none)
esper.kernel @slopes(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %t = esper.training ""
  %y = esper.rrelu(2.500000e-01, 5.000000e-01) %x, %t : tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// A size that is kept and not known is the input's at run time.
// CHECK-LABEL: ts.module @adaptive
// CHECK:         ts.forward(%[[X:.*]]: !ts.tensor "input0")
// CHECK:           %[[ONE:.*]] = ts.int 1
// CHECK:           %[[W:.*]] = ts.call "aten::size"(%[[X]], -1)
// CHECK:           %[[L:.*]] = ts.int_list %[[ONE]], %[[W]]
// CHECK:           ts.call "aten::adaptive_avg_pool2d"(%[[X]], %[[L]])
// CHECK:           %[[P:.*]]:2 = ts.call "aten::adaptive_max_pool2d"(%{{.*}}, array<i64: 1, 2>)
// CHECK:           ts.return %[[P]]#0
esper.kernel @adaptive(%x: tensor<?x8x?x?xf32>) -> tensor<?x8x1x2xf32> {
  %y = esper.adaptive_avg_pool %x {output_size = array<i64: 1, -1>} : (tensor<?x8x?x?xf32>) -> tensor<?x8x1x?xf32>
  %z = esper.adaptive_max_pool %y {output_size = array<i64: 1, 2>} : (tensor<?x8x1x?xf32>) -> tensor<?x8x1x2xf32>
  esper.return %z : tensor<?x8x1x2xf32>
}

// An input of a fixed rank is checked before anything else, and no other.
// CHECK-LABEL: ts.module @fixed
// CHECK:         ts.forward(%[[A:.*]]: !ts.tensor "a", %[[B:.*]]: !ts.tensor "b") {
// CHECK-NEXT:      ts.require_rank %[[B]] "b" 3
// CHECK-NOT:       ts.require_rank
// CHECK:           ts.call "aten::instance_norm"(%[[B]]
esper.kernel @fixed(%a: tensor<?x4xf32> {esper.name = "a"}, %b: tensor<?x4x?xf32> {esper.name = "b", esper.fixed_rank})
    -> (tensor<?x4xf32>, tensor<?x4x?xf32>) {
  %t = esper.flag true
  %y = esper.instance_norm %b use_input_stats(%t) {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x4x?xf32>, i1) -> tensor<?x4x?xf32>
  esper.return %a, %y : tensor<?x4xf32>, tensor<?x4x?xf32>
}

// To torch images of one channel are contiguous as they are, with the strides of channels-last.
// CHECK-LABEL: ts.module @row_major
// CHECK:         ts.forward(%[[X:.*]]: !ts.tensor "input0", %[[Y:.*]]: !ts.tensor "input1")
// CHECK-DAG:       ts.call "aten::contiguous"(%[[X]], 0)
// CHECK-DAG:       ts.call "aten::clone"(%[[Y]], 0)
esper.kernel @row_major(%x: tensor<?x3x?x?xf32>, %y: tensor<?x1x?x?xf32>) -> (tensor<?x3x?x?xf32>, tensor<?x1x?x?xf32>) {
  %a = esper.contiguous contiguous %x : tensor<?x3x?x?xf32>
  %b = esper.contiguous contiguous %y : tensor<?x1x?x?xf32>
  esper.return %a, %b : tensor<?x3x?x?xf32>, tensor<?x1x?x?xf32>
}

// Where a kernel trains, torch could not differentiate strided 1x1 convolutions of other images; one of 3x3 is left alone.
// CHECK-LABEL: ts.module @pointwise trainable
// CHECK:         ts.forward(%[[X:.*]]: !ts.tensor "input0")
// CHECK:           %[[R:.*]] = ts.call "aten::contiguous"(%[[X]], 0)
// CHECK:           ts.call "aten::conv2d"(%[[R]],
// CHECK:           ts.call "aten::conv2d"(%[[X]],
esper.kernel @pointwise(%x: tensor<?x4x?x?xf32>) -> (tensor<?x4x?x?xf32>, tensor<?x4x?x?xf32>) {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<4x4x1x1xf32>
  %v = esper.param "1.weight" <uniform, -0.5, 0.5> : tensor<4x4x3x3xf32>
  %c = esper.conv %x, %w {stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>}
      : (tensor<?x4x?x?xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x?x?xf32>
  %d = esper.conv %x, %v {stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>}
      : (tensor<?x4x?x?xf32>, tensor<4x4x3x3xf32>) -> tensor<?x4x?x?xf32>
  esper.return %c, %d : tensor<?x4x?x?xf32>, tensor<?x4x?x?xf32>
}

// CHECK-LABEL: ts.module @inferred
// CHECK-NOT:     aten::contiguous
esper.kernel @inferred(%x: tensor<?x4x?x?xf32>) -> tensor<?x4x?x?xf32> attributes {esper.infer} {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<4x4x1x1xf32>
  %c = esper.conv %x, %w {stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>}
      : (tensor<?x4x?x?xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x?x?xf32>
  esper.return %c : tensor<?x4x?x?xf32>
}

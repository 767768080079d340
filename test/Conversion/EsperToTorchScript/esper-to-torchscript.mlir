// RUN: tez-opt %s --esper-to-torchscript | FileCheck %s

// CHECK-LABEL: ts.module @regular trainable
// CHECK:         ts.parameter "fc.weight" : tensor<2x4xf32>
// CHECK:         ts.submodule "drop"
// CHECK:         ts.forward(%[[X:.*]]: !ts.tensor "tokens")
// CHECK:           %[[W:.*]] = ts.get "fc.weight"
// CHECK:           %[[T:.*]] = ts.training "drop"
// CHECK:           %[[Y:.*]] = ts.call "aten::linear"(%[[X]], %[[W]], none)
// CHECK:           %[[D:.*]] = ts.call "aten::dropout"(%[[Y]], 1.000000e-01, %[[T]])
// CHECK:           ts.return %[[D]]
esper.kernel @regular(%x: tensor<?x4xf32> {esper.name = "tokens"}) -> tensor<?x2xf32> {
  %w = esper.param "fc.weight" <uniform, -5.000000e-01, 5.000000e-01> : tensor<2x4xf32>
  %t = esper.training "drop"
  %y = esper.linear %x, %w : (tensor<?x4xf32>, tensor<2x4xf32>) -> tensor<?x2xf32>
  %d = esper.dropout element(1.000000e-01) %y, %t : tensor<?x2xf32>
  esper.return %d : tensor<?x2xf32>
}

// The operator updates its running statistics itself; the counter is added to
// in training only.
// CHECK-LABEL: ts.module @statistics trainable
// CHECK:           %[[T:.*]] = ts.training "1"
// CHECK:           %[[N:.*]] = ts.get "1.num_batches_tracked"
// CHECK:           %[[Y:.*]] = ts.call "aten::batch_norm"(%{{.*}}, none, none, %{{.*}}, %{{.*}}, %[[T]], 1.000000e-01, 1.000000e-05, true)
// CHECK-NOT:       aten::copy_
// CHECK:           ts.if %[[T]] {
// CHECK-NEXT:        ts.call "aten::add_"(%[[N]], 1, 1)
// CHECK:           ts.return %[[Y]]
esper.kernel @statistics(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %t = esper.training "1"
  %m = esper.buffer "1.running_mean" <constant, 0.0> : tensor<8xf32>
  %v = esper.buffer "1.running_var" <constant, 1.0> : tensor<8xf32>
  %n = esper.buffer "1.num_batches_tracked" <constant, 0.0> : tensor<i64>
  %c = esper.increment %n, %t : tensor<i64>
  %y, %nm, %nv = "esper.batch_norm"(%x, %m, %v, %t) <{eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64, operandSegmentSizes = array<i32: 1, 0, 0, 1, 1, 1, 0>}> : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  esper.return %y : tensor<?x8xf32> updates("1.running_mean" = %nm : tensor<8xf32>, "1.running_var" = %nv : tensor<8xf32>, "1.num_batches_tracked" = %c : tensor<i64>)
}

// Where batches are counted, the momentum is one over their number, of which the last is this one.
// CHECK-LABEL: ts.module @counted
// CHECK:           %[[N:.*]] = ts.get "num_batches_tracked"
// CHECK:           %[[D:.*]] = ts.call "aten::to"(%[[N]], 7, false, false, none)
// CHECK:           %[[B:.*]] = ts.call "aten::add"(%[[D]], 1, 1)
// CHECK:           %[[M:.*]] = ts.call "aten::reciprocal"(%[[B]])
// CHECK:           ts.call "aten::batch_norm"(%{{.*}}, none, none, %{{.*}}, %{{.*}}, %{{.*}}, %[[M]], 1.000000e-05, true)
// CHECK:           ts.call "aten::add_"(%[[N]], 1, 1)
esper.kernel @counted(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %t = esper.training ""
  %m = esper.buffer "running_mean" <constant, 0.0> : tensor<8xf32>
  %v = esper.buffer "running_var" <constant, 1.0> : tensor<8xf32>
  %n = esper.buffer "num_batches_tracked" <constant, 0.0> : tensor<i64>
  %c = esper.increment %n, %t : tensor<i64>
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) count(%n) training(%t) {eps = 1.0e-05 : f64, momentum = 0.0 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1, tensor<i64>) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  esper.return %y : tensor<?x8xf32> updates("running_mean" = %nm : tensor<8xf32>, "running_var" = %nv : tensor<8xf32>, "num_batches_tracked" = %c : tensor<i64>)
}

// Any other update is a copy of the detached value.
// CHECK-LABEL: ts.module @copied
// CHECK:           %[[B:.*]] = ts.get "last"
// CHECK:           %[[Y:.*]] = ts.call "aten::add"
// CHECK:           %[[D:.*]] = ts.call "aten::detach"(%[[Y]])
// CHECK:           ts.call "aten::copy_"(%[[B]], %[[D]])
esper.kernel @copied(%x: tensor<8xf32>) -> tensor<8xf32> {
  %m = esper.buffer "last" <constant, 0.0> : tensor<8xf32>
  %y = esper.add %x, %m : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  esper.return %y : tensor<8xf32> updates("last" = %y : tensor<8xf32>)
}

// CHECK-LABEL: ts.module @optional
// CHECK:         ts.forward(%[[Q:.*]]: !ts.tensor "input0", %[[K:.*]]: !ts.optional_tensor "input1")
// CHECK:           %[[NONE:.*]] = ts.is_none %[[K]]
// CHECK:           %[[R:.*]] = ts.if %[[NONE]] -> (!ts.tensor) {
// CHECK-NEXT:        ts.yield %[[Q]]
// CHECK:             %[[U:.*]] = ts.unwrap %[[K]]
// CHECK-NEXT:        ts.yield %[[U]]
// CHECK:           %[[C:.*]] = ts.call "aten::clone"(%[[R]], none)
// CHECK:           ts.return %[[C]]
esper.kernel @optional(%q: tensor<?x4xf32>, %k: !esper.optional<tensor<?x4xf32>>) -> tensor<?x4xf32> {
  %v = esper.value_or %k, %q : !esper.optional<tensor<?x4xf32>>
  esper.return %v : tensor<?x4xf32>
}

// CHECK-LABEL: ts.module @parts
// CHECK:           %[[L:.*]] = ts.call "aten::split_with_sizes"(%{{.*}}, array<i64: 3, 5>, -1)
// CHECK:           %[[P:.*]]:2 = ts.unpack %[[L]]
// CHECK:           %[[V:.*]]:2 = ts.call "aten::topk"(%[[P]]#1, 2, -1, true, true)
// CHECK:           %[[C:.*]] = ts.call "aten::clone"(%[[P]]#0, none)
// CHECK:           ts.return %[[C]], %[[V]]#0, %[[V]]#1
esper.kernel @parts(%x: tensor<?x8xf32>) -> (tensor<?x3xf32>, tensor<?x2xf32>, tensor<?x2xi64>) {
  %a, %b = esper.split %x {sizes = array<i64: 3, 5>, dim = -1 : i64} : (tensor<?x8xf32>) -> (tensor<?x3xf32>, tensor<?x5xf32>)
  %v, %i = esper.topk %b {k = 2 : i64} : (tensor<?x5xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>)
  esper.return %a, %v, %i : tensor<?x3xf32>, tensor<?x2xf32>, tensor<?x2xi64>
}

// Specialised for inference: nothing requires a gradient.
// CHECK-LABEL: ts.module @frozen {
// CHECK:         ts.parameter "w"
esper.kernel @frozen(%x: tensor<4xf32>) -> tensor<4xf32> attributes {esper.infer} {
  %w = esper.param "w" <constant, 1.0> : tensor<4xf32>
  %y = esper.multiply %x, %w : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  esper.return %y : tensor<4xf32>
}

// What is no kernel stays: kernels inside another module, for one.
// CHECK-LABEL: module @reference
// CHECK:         esper.kernel @regular
module @reference {
  esper.kernel @regular(%x: tensor<4xf32>) -> tensor<4xf32> {
    esper.return %x : tensor<4xf32>
  }
}

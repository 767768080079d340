// The operators of norms write running statistics without saying so: TorchScript's executor leaves out a call that
// nobody reads. Such statistics are values of their own, copied into the buffers in training.
// RUN: tez-opt %s --esper-to-torchscript | FileCheck %s

// A reader that nobody reads does not count.
// CHECK-LABEL: ts.module @unread
// CHECK:           %[[M:.*]] = ts.get "running_mean"
// CHECK:           %[[OLD:.*]] = ts.call "aten::clone"(%[[M]], none)
// CHECK:           %[[T:.*]] = ts.training ""
// CHECK-NOT:       aten::batch_norm
// CHECK:           %[[MEAN:.*]] = ts.if %[[T]] -> (!ts.tensor) {
// CHECK:             %[[X:.*]] = ts.call "aten::detach"(%arg0)
// CHECK:             %[[FIRST:.*]] = ts.call "aten::transpose"(%[[X]], 0, 1)
// CHECK:             %[[ROWS:.*]] = ts.call "aten::flatten"(%[[FIRST]], 1, -1)
// CHECK:             %[[NOW:.*]] = ts.call "aten::mean"(%[[ROWS]], array<i64: -1>, false, none)
// CHECK:             %[[KEPT:.*]] = ts.call "aten::mul"(%[[OLD]], 7.500000e-01)
// CHECK:             %[[NEW:.*]] = ts.call "aten::mul"(%[[NOW]], 2.500000e-01)
// CHECK:             %[[SUM:.*]] = ts.call "aten::add"(%[[KEPT]], %[[NEW]], 1)
// CHECK:             %[[ONES:.*]] = ts.call "aten::ones_like"(%[[ROWS]])
// CHECK:             %[[COUNT:.*]] = ts.call "aten::sum"(%[[ONES]], array<i64: -1>, false, none)
// CHECK:             %[[EMPTY:.*]] = ts.call "aten::eq"(%[[COUNT]], 0)
// CHECK:             ts.call "aten::where"(%[[EMPTY]], %[[OLD]], %[[SUM]])
// CHECK:           %[[VAR:.*]] = ts.if %[[T]] -> (!ts.tensor) {
// CHECK:             ts.call "aten::var"(%{{.*}}, array<i64: -1>, 1, false)
// CHECK:           ts.if %[[T]] {
// CHECK-NEXT:        %[[D:.*]] = ts.call "aten::detach"(%[[MEAN]])
// CHECK-NEXT:        ts.call "aten::copy_"(%[[M]], %[[D]])
// CHECK:           ts.if %[[T]] {
// CHECK-NEXT:        ts.call "aten::detach"(%[[VAR]])
// CHECK-NEXT:        ts.call "aten::copy_"
// CHECK:           ts.if %[[T]] {
// CHECK-NEXT:        ts.call "aten::add_"
esper.kernel @unread(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %m = esper.buffer "running_mean" <constant, 0.0> : tensor<8xf32>
  %v = esper.buffer "running_var" <constant, 1.0> : tensor<8xf32>
  %n = esper.buffer "num_batches_tracked" <constant, 0.0> : tensor<i64>
  %t = esper.training ""
  %c = esper.increment %n, %t : tensor<i64>
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) training(%t) {eps = 1.0e-05 : f64, momentum = 0.25 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  %dead = esper.activation "relu" %y : tensor<?x8xf32>
  %r = esper.scale %x, 2.0 : tensor<?x8xf32>
  esper.return %r : tensor<?x8xf32> updates("running_mean" = %nm : tensor<8xf32>, "running_var" = %nv : tensor<8xf32>, "num_batches_tracked" = %c : tensor<i64>)
}

// Where batches are counted, the shares are tensors.
// CHECK-LABEL: ts.module @counted
// CHECK:           %[[S:.*]] = ts.call "aten::reciprocal"
// CHECK:           %[[ROWS:.*]] = ts.call "aten::flatten"
// CHECK:           %[[NOW:.*]] = ts.call "aten::mean"(%[[ROWS]]
// CHECK:           %[[NEG:.*]] = ts.call "aten::neg"(%[[S]])
// CHECK:           %[[REST:.*]] = ts.call "aten::add"(%[[NEG]], 1, 1)
// CHECK:           ts.call "aten::mul"(%{{.*}}, %[[REST]])
// CHECK:           ts.call "aten::mul"(%[[NOW]], %[[S]])
// CHECK-NOT:       aten::batch_norm
esper.kernel @counted(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %t = esper.training ""
  %m = esper.buffer "running_mean" <constant, 0.0> : tensor<8xf32>
  %v = esper.buffer "running_var" <constant, 1.0> : tensor<8xf32>
  %n = esper.buffer "num_batches_tracked" <constant, 0.0> : tensor<i64>
  %c = esper.increment %n, %t : tensor<i64>
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) count(%n) training(%t) {eps = 1.0e-05 : f64, momentum = 0.0 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1, tensor<i64>) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  %r = esper.scale %x, 2.0 : tensor<?x8xf32>
  esper.return %r : tensor<?x8xf32> updates("running_mean" = %nm : tensor<8xf32>, "running_var" = %nv : tensor<8xf32>, "num_batches_tracked" = %c : tensor<i64>)
}

// An instance norm averages what the samples have.
// CHECK-LABEL: ts.module @instances
// CHECK-NOT:       aten::where
// CHECK-NOT:       aten::instance_norm
// CHECK:           %[[ROWS:.*]] = ts.call "aten::flatten"(%{{.*}}, 2, -1)
// CHECK:           %[[EACH:.*]] = ts.call "aten::mean"(%[[ROWS]], array<i64: -1>, false, none)
// CHECK:           ts.call "aten::mean"(%[[EACH]], array<i64: 0>, false, none)
esper.kernel @instances(%x: tensor<?x8x?xf32>) -> tensor<?x8x?xf32> {
  %t = esper.training ""
  %m = esper.buffer "running_mean" <constant, 0.0> : tensor<8xf32>
  %v = esper.buffer "running_var" <constant, 1.0> : tensor<8xf32>
  %y, %nm, %nv = esper.instance_norm %x running(%m, %v) use_input_stats(%t) {eps = 1.0e-05 : f64, momentum = 0.25 : f64}
      : (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>)
  %r = esper.scale %x, 2.0 : tensor<?x8x?xf32>
  esper.return %r : tensor<?x8x?xf32> updates("running_mean" = %nm : tensor<8xf32>, "running_var" = %nv : tensor<8xf32>)
}

// Whoever reads the new statistics reads values, and the norm itself writes nothing.
// CHECK-LABEL: ts.module @read
// CHECK:           %[[T:.*]] = ts.training ""
// CHECK:           %[[Y:.*]] = ts.if %[[T]] -> (!ts.tensor) {
// CHECK:             ts.call "aten::batch_norm"(%arg0, none, none, none, none, true, 2.500000e-01, 1.000000e-05, true)
// CHECK:           } else {
// CHECK:             ts.call "aten::batch_norm"(%arg0, none, none, %{{.*}}, %{{.*}}, false, 2.500000e-01, 1.000000e-05, true)
// CHECK:           %[[MEAN:.*]] = ts.if %[[T]] -> (!ts.tensor) {
// CHECK:           %[[SUM:.*]] = ts.call "aten::add"(%[[Y]], %[[MEAN]], 1)
// CHECK:           ts.return %[[SUM]]
esper.kernel @read(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %t = esper.training ""
  %m = esper.buffer "running_mean" <constant, 0.0> : tensor<8xf32>
  %v = esper.buffer "running_var" <constant, 1.0> : tensor<8xf32>
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) training(%t) {eps = 1.0e-05 : f64, momentum = 0.25 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  %r = esper.add %y, %nm : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  esper.return %r : tensor<?x8xf32> updates("running_mean" = %nm : tensor<8xf32>, "running_var" = %nv : tensor<8xf32>)
}

// Who reads the old statistics reads them as they were.
// CHECK-LABEL: ts.module @old
// CHECK:           %[[M:.*]] = ts.get "running_mean"
// CHECK:           %[[OLD:.*]] = ts.call "aten::clone"(%[[M]], none)
// CHECK:           ts.call "aten::batch_norm"(%arg0, none, none, none, none, true
// CHECK:           ts.call "aten::add"(%{{.*}}, %[[OLD]], 1)
// CHECK:           ts.call "aten::copy_"(%[[M]]
esper.kernel @old(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %t = esper.training ""
  %m = esper.buffer "running_mean" <constant, 0.0> : tensor<8xf32>
  %v = esper.buffer "running_var" <constant, 1.0> : tensor<8xf32>
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) training(%t) {eps = 1.0e-05 : f64, momentum = 0.25 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  %r = esper.add %y, %m : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  esper.return %r : tensor<?x8xf32> updates("running_mean" = %nm : tensor<8xf32>, "running_var" = %nv : tensor<8xf32>)
}

// A norm that is never trained has nothing to write.
// CHECK-LABEL: ts.module @frozen
// CHECK-NOT:       aten::copy_
// CHECK:           %[[M:.*]] = ts.get "running_mean"
// CHECK:           ts.call "aten::add"(%arg0, %[[M]], 1)
// CHECK-NOT:       aten::copy_
// CHECK:           ts.return
esper.kernel @frozen(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %t = esper.flag false
  %m = esper.buffer "running_mean" <constant, 0.0> : tensor<8xf32>
  %v = esper.buffer "running_var" <constant, 1.0> : tensor<8xf32>
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) training(%t) {eps = 1.0e-05 : f64, momentum = 0.25 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  %r = esper.add %x, %nm : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  esper.return %r : tensor<?x8xf32> updates("running_mean" = %nm : tensor<8xf32>, "running_var" = %nv : tensor<8xf32>)
}

// Who reads a counter's next value has one of his own.
// CHECK-LABEL: ts.module @counter
// CHECK:           %[[N:.*]] = ts.get "count"
// CHECK:           %[[NEXT:.*]] = ts.if
// CHECK:             ts.call "aten::add"(%[[N]], 1, 1)
// CHECK:             ts.yield %[[N]]
// CHECK:           ts.call "aten::add_"(%[[N]], 1, 1)
// CHECK:           ts.return
esper.kernel @counter(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<i64>) {
  %t = esper.training ""
  %n = esper.buffer "count" <constant, 0.0> : tensor<i64>
  %c = esper.increment %n, %t : tensor<i64>
  %r = esper.scale %x, 2.0 : tensor<?x8xf32>
  esper.return %r, %c : tensor<?x8xf32>, tensor<i64> updates("count" = %c : tensor<i64>)
}

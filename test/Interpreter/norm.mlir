// REQUIRES: torch
// RUN: tez-opt %s %against_torch

// Running statistics that are not where they start, so that eval mode tells them from the batch's.
esper.kernel @batch_norm(%x: tensor<?x3x?x4xf32>, %v: tensor<?x3xf32>)
    -> (tensor<?x3x?x4xf32>, tensor<?x3xf32>, tensor<?x3x?x4xf32>, tensor<?x3x?x4xf32>) {
  %t = esper.training "1"
  %w = esper.param "1.weight" <uniform, 0.5, 1.5> : tensor<3xf32>
  %b = esper.param "1.bias" <normal, 0.0, 1.0> : tensor<3xf32>
  %m = esper.buffer "1.running_mean" <normal, 0.0, 1.0> : tensor<3xf32>
  %s = esper.buffer "1.running_var" <uniform, 0.5, 1.5> : tensor<3xf32>
  %m2 = esper.buffer "2.running_mean" <normal, 0.0, 1.0> : tensor<3xf32>
  %s2 = esper.buffer "2.running_var" <uniform, 0.5, 1.5> : tensor<3xf32>
  %n = esper.buffer "1.num_batches_tracked" <constant, 0.0> : tensor<i64>
  %0, %nm, %ns = esper.batch_norm %x weight(%w) bias(%b) running(%m, %s) training(%t) {eps = 1.0e-05 : f64, momentum = 0.1 : f64}
      : (tensor<?x3x?x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, i1) -> (tensor<?x3x?x4xf32>, tensor<3xf32>, tensor<3xf32>)
  %1, %nm2, %ns2 = esper.batch_norm %v running(%m2, %s2) training(%t) {eps = 1.0e-03 : f64, momentum = 0.75 : f64}
      : (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>, i1) -> (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>)
  %2 = esper.batch_norm %x weight(%w) bias(%b) training(%t) {eps = 1.0e-05 : f64, momentum = 0.1 : f64}
      : (tensor<?x3x?x4xf32>, tensor<3xf32>, tensor<3xf32>, i1) -> tensor<?x3x?x4xf32>
  %3 = esper.batch_norm %x training(%t) {eps = 1.0e-05 : f64, momentum = 0.1 : f64}
      : (tensor<?x3x?x4xf32>, i1) -> tensor<?x3x?x4xf32>
  %n1 = esper.increment %n, %t : tensor<i64>
  esper.return %0, %1, %2, %3 : tensor<?x3x?x4xf32>, tensor<?x3xf32>, tensor<?x3x?x4xf32>, tensor<?x3x?x4xf32>
      updates("1.running_mean" = %nm : tensor<3xf32>, "1.running_var" = %ns : tensor<3xf32>, "2.running_mean" = %nm2 : tensor<3xf32>,
              "2.running_var" = %ns2 : tensor<3xf32>, "1.num_batches_tracked" = %n1 : tensor<i64>)
}

// Two batches so far: this one has a third of the weight.
esper.kernel @batch_norm_counted(%x: tensor<?x3x?xf32>) -> tensor<?x3x?xf32> {
  %t = esper.training "1"
  %m = esper.buffer "1.running_mean" <normal, 0.0, 1.0> : tensor<3xf32>
  %s = esper.buffer "1.running_var" <uniform, 0.5, 1.5> : tensor<3xf32>
  %n = esper.buffer "1.num_batches_tracked" <constant, 2.0> : tensor<i64>
  %0, %nm, %ns = esper.batch_norm %x running(%m, %s) count(%n) training(%t) {eps = 1.0e-05 : f64, momentum = 0.0 : f64}
      : (tensor<?x3x?xf32>, tensor<3xf32>, tensor<3xf32>, i1, tensor<i64>) -> (tensor<?x3x?xf32>, tensor<3xf32>, tensor<3xf32>)
  %n1 = esper.increment %n, %t : tensor<i64>
  esper.return %0 : tensor<?x3x?xf32>
      updates("1.running_mean" = %nm : tensor<3xf32>, "1.running_var" = %ns : tensor<3xf32>, "1.num_batches_tracked" = %n1 : tensor<i64>)
}

// An empty batch leaves the statistics as they are.
esper.kernel @batch_norm_of_nothing(%x: tensor<0x3x2xf32>) -> tensor<0x3x2xf32> {
  %t = esper.training "1"
  %m = esper.buffer "1.running_mean" <normal, 0.0, 1.0> : tensor<3xf32>
  %s = esper.buffer "1.running_var" <uniform, 0.5, 1.5> : tensor<3xf32>
  %0, %nm, %ns = esper.batch_norm %x running(%m, %s) training(%t) {eps = 1.0e-05 : f64, momentum = 0.1 : f64}
      : (tensor<0x3x2xf32>, tensor<3xf32>, tensor<3xf32>, i1) -> (tensor<0x3x2xf32>, tensor<3xf32>, tensor<3xf32>)
  esper.return %0 : tensor<0x3x2xf32> updates("1.running_mean" = %nm : tensor<3xf32>, "1.running_var" = %ns : tensor<3xf32>)
}

// A norm that is frozen for good.
esper.kernel @batch_norm_frozen(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %f = esper.flag false
  %w = esper.param "weight" <uniform, 0.5, 1.5> : tensor<3xf32>
  %b = esper.param "bias" <normal, 0.0, 1.0> : tensor<3xf32>
  %m = esper.buffer "running_mean" <normal, 0.0, 1.0> : tensor<3xf32>
  %s = esper.buffer "running_var" <uniform, 0.5, 1.5> : tensor<3xf32>
  %0, %nm, %ns = esper.batch_norm %x weight(%w) bias(%b) running(%m, %s) training(%f) {eps = 1.0e-05 : f64, momentum = 0.1 : f64}
      : (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, i1) -> (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>)
  esper.return %0 : tensor<?x3xf32>
}

esper.kernel @instance_norm(%x: tensor<?x3x4x2xf32>, %y: tensor<?x3x5xf32>) -> (tensor<?x3x4x2xf32>, tensor<?x3x5xf32>, tensor<?x3x4x2xf32>) {
  %t = esper.training "1"
  %w = esper.param "1.weight" <uniform, 0.5, 1.5> : tensor<3xf32>
  %b = esper.param "1.bias" <normal, 0.0, 1.0> : tensor<3xf32>
  %m = esper.buffer "1.running_mean" <normal, 0.0, 1.0> : tensor<3xf32>
  %s = esper.buffer "1.running_var" <uniform, 0.5, 1.5> : tensor<3xf32>
  %0, %nm, %ns = esper.instance_norm %x weight(%w) bias(%b) running(%m, %s) use_input_stats(%t) {eps = 1.0e-05 : f64, momentum = 0.3 : f64}
      : (tensor<?x3x4x2xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, i1) -> (tensor<?x3x4x2xf32>, tensor<3xf32>, tensor<3xf32>)
  %1 = esper.instance_norm %y weight(%w) bias(%b) use_input_stats(%t) {eps = 1.0e-05 : f64, momentum = 0.1 : f64}
      : (tensor<?x3x5xf32>, tensor<3xf32>, tensor<3xf32>, i1) -> tensor<?x3x5xf32>
  %2 = esper.instance_norm %x use_input_stats(%t) {eps = 1.0e-01 : f64, momentum = 0.1 : f64}
      : (tensor<?x3x4x2xf32>, i1) -> tensor<?x3x4x2xf32>
  esper.return %0, %1, %2 : tensor<?x3x4x2xf32>, tensor<?x3x5xf32>, tensor<?x3x4x2xf32>
      updates("1.running_mean" = %nm : tensor<3xf32>, "1.running_var" = %ns : tensor<3xf32>)
}

esper.kernel @layer_norm(%x: tensor<?x?x4x3xf32>) -> (tensor<?x?x4x3xf32>, tensor<?x?x4x3xf32>, tensor<?x?x4x3xf32>, tensor<?x?x4x3xf32>) {
  %w = esper.param "weight" <uniform, 0.5, 1.5> : tensor<3xf32>
  %b = esper.param "bias" <normal, 0.0, 1.0> : tensor<3xf32>
  %m = esper.param "matrix" <uniform, 0.5, 1.5> : tensor<4x3xf32>
  %0 = esper.layer_norm %x weight(%w) bias(%b) {eps = 1.0e-05 : f64, normalized_shape = array<i64: 3>}
      : (tensor<?x?x4x3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x?x4x3xf32>
  %1 = esper.layer_norm %x weight(%m) {eps = 1.0e-02 : f64, normalized_shape = array<i64: 4, 3>}
      : (tensor<?x?x4x3xf32>, tensor<4x3xf32>) -> tensor<?x?x4x3xf32>
  %2 = esper.layer_norm %x bias(%b) {eps = 1.0e-05 : f64, normalized_shape = array<i64: 3>}
      : (tensor<?x?x4x3xf32>, tensor<3xf32>) -> tensor<?x?x4x3xf32>
  %3 = esper.layer_norm %x {eps = 1.0e-05 : f64, normalized_shape = array<i64: 4, 3>}
      : (tensor<?x?x4x3xf32>) -> tensor<?x?x4x3xf32>
  esper.return %0, %1, %2, %3 : tensor<?x?x4x3xf32>, tensor<?x?x4x3xf32>, tensor<?x?x4x3xf32>, tensor<?x?x4x3xf32>
}

esper.kernel @group_norm(%x: tensor<?x6x?xf32>, %v: tensor<?x6xf32>) -> (tensor<?x6x?xf32>, tensor<?x6x?xf32>, tensor<?x6xf32>, tensor<?x6x?xf32>) {
  %w = esper.param "weight" <uniform, 0.5, 1.5> : tensor<6xf32>
  %b = esper.param "bias" <normal, 0.0, 1.0> : tensor<6xf32>
  %0 = esper.group_norm %x weight(%w) bias(%b) {eps = 1.0e-05 : f64, num_groups = 3 : i64}
      : (tensor<?x6x?xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<?x6x?xf32>
  %1 = esper.group_norm %x {eps = 1.0e-05 : f64, num_groups = 1 : i64} : (tensor<?x6x?xf32>) -> tensor<?x6x?xf32>
  %2 = esper.group_norm %v weight(%w) {eps = 1.0e-03 : f64, num_groups = 2 : i64} : (tensor<?x6xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  %3 = esper.group_norm %x bias(%b) {eps = 1.0e-01 : f64, num_groups = 6 : i64} : (tensor<?x6x?xf32>, tensor<6xf32>) -> tensor<?x6x?xf32>
  esper.return %0, %1, %2, %3 : tensor<?x6x?xf32>, tensor<?x6x?xf32>, tensor<?x6xf32>, tensor<?x6x?xf32>
}

esper.kernel @rms_norm(%x: tensor<?x?x4x3xf32>) -> (tensor<?x?x4x3xf32>, tensor<?x?x4x3xf32>, tensor<?x?x4x3xf32>) {
  %w = esper.param "weight" <uniform, 0.5, 1.5> : tensor<3xf32>
  %0 = esper.rms_norm %x weight(%w) {eps = 1.0e-05 : f64, normalized_shape = array<i64: 3>}
      : (tensor<?x?x4x3xf32>, tensor<3xf32>) -> tensor<?x?x4x3xf32>
  %1 = esper.rms_norm %x {eps = 1.0e-02 : f64, normalized_shape = array<i64: 4, 3>} : (tensor<?x?x4x3xf32>) -> tensor<?x?x4x3xf32>
  %2 = esper.rms_norm %x weight(%w) {eps = 0.0 : f64, normalized_shape = array<i64: 3>}
      : (tensor<?x?x4x3xf32>, tensor<3xf32>) -> tensor<?x?x4x3xf32>
  esper.return %0, %1, %2 : tensor<?x?x4x3xf32>, tensor<?x?x4x3xf32>, tensor<?x?x4x3xf32>
}

// The machine epsilon of fp32, whatever the kernel runs in.
esper.kernel @rms_norm_default(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %0 = esper.rms_norm %x {normalized_shape = array<i64: 3>} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  esper.return %0 : tensor<?x3xf32>
}

// More neighbours than channels, an even window, an exponent of one.
esper.kernel @local_response_norm(%x: tensor<?x6x?x3xf32>, %v: tensor<?x3x4xf32>) -> (tensor<?x6x?x3xf32>, tensor<?x3x4xf32>, tensor<?x6x?x3xf32>) {
  %0 = esper.local_response_norm %x {alpha = 0.5 : f64, beta = 0.75 : f64, k = 1.0 : f64, size = 3 : i64} : (tensor<?x6x?x3xf32>) -> tensor<?x6x?x3xf32>
  %1 = esper.local_response_norm %v {alpha = 0.5 : f64, beta = 0.5 : f64, k = 2.0 : f64, size = 7 : i64} : (tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  %2 = esper.local_response_norm %x {alpha = 2.0 : f64, beta = 1.0 : f64, k = 1.0 : f64, size = 2 : i64} : (tensor<?x6x?x3xf32>) -> tensor<?x6x?x3xf32>
  esper.return %0, %1, %2 : tensor<?x6x?x3xf32>, tensor<?x3x4xf32>, tensor<?x6x?x3xf32>
}

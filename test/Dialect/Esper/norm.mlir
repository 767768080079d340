// RUN: tez-opt %s | tez-opt | FileCheck %s

// Every combination of optional operands has its own words, so that no reader has to count.

// CHECK-LABEL: esper.kernel @batch_norm(
esper.kernel @batch_norm(%x: tensor<?x8x?x?xf32>, %w: tensor<8xf32>, %b: tensor<8xf32>, %m: tensor<8xf32>, %v: tensor<8xf32>) {
  %t = esper.training "1"
  // CHECK: = esper.batch_norm %{{.*}} weight(%{{.*}}) bias(%{{.*}}) running(%{{.*}}, %{{.*}}) training(%{{.*}}) {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64} : (tensor<?x8x?x?xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8x?x?xf32>, tensor<8xf32>, tensor<8xf32>)
  %y, %nm, %nv = esper.batch_norm %x weight(%w) bias(%b) running(%m, %v) training(%t)
      {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64}
      : (tensor<?x8x?x?xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, i1)
      -> (tensor<?x8x?x?xf32>, tensor<8xf32>, tensor<8xf32>)
  esper.return
}

// CHECK-LABEL: esper.kernel @batch_norm_no_affine(
esper.kernel @batch_norm_no_affine(%x: tensor<?x8xf32>, %m: tensor<8xf32>, %v: tensor<8xf32>) {
  %t = esper.training "1"
  // CHECK: = esper.batch_norm %{{.*}} running(%{{.*}}, %{{.*}}) training(%{{.*}}) {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64} : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) training(%t)
      {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1)
      -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  esper.return
}

// CHECK-LABEL: esper.kernel @batch_norm_no_statistics(
esper.kernel @batch_norm_no_statistics(%x: tensor<?x?xf32>, %w: tensor<8xf32>, %b: tensor<8xf32>) {
  %t = esper.training "1"
  // CHECK: = esper.batch_norm %{{.*}} weight(%{{.*}}) bias(%{{.*}}) training(%{{.*}}) {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64} : (tensor<?x?xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> tensor<?x?xf32>
  %y = esper.batch_norm %x weight(%w) bias(%b) training(%t)
      {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64}
      : (tensor<?x?xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> tensor<?x?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @batch_norm_bare(
esper.kernel @batch_norm_bare(%x: tensor<0x8xf32>) {
  %t = esper.training "1"
  // CHECK: = esper.batch_norm %{{.*}} training(%{{.*}}) {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64} : (tensor<0x8xf32>, i1) -> tensor<0x8xf32>
  %y = esper.batch_norm %x training(%t) {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64}
      : (tensor<0x8xf32>, i1) -> tensor<0x8xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @instance_norm(
esper.kernel @instance_norm(%x: tensor<?x8x?xf32>, %w: tensor<8xf32>, %b: tensor<8xf32>, %m: tensor<8xf32>, %v: tensor<8xf32>) {
  %t = esper.training "1"
  // CHECK: = esper.instance_norm %{{.*}} weight(%{{.*}}) bias(%{{.*}}) running(%{{.*}}, %{{.*}}) use_input_stats(%{{.*}}) {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64} : (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>)
  %y, %nm, %nv = esper.instance_norm %x weight(%w) bias(%b) running(%m, %v) use_input_stats(%t)
      {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64}
      : (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, i1)
      -> (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>)
  esper.return
}

// CHECK-LABEL: esper.kernel @instance_norm_bare(
esper.kernel @instance_norm_bare(%x: tensor<?x8x4x4xf32>) {
  %t = esper.training "1"
  // CHECK: = esper.instance_norm %{{.*}} use_input_stats(%{{.*}}) {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64} : (tensor<?x8x4x4xf32>, i1) -> tensor<?x8x4x4xf32>
  %y = esper.instance_norm %x use_input_stats(%t)
      {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64}
      : (tensor<?x8x4x4xf32>, i1) -> tensor<?x8x4x4xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @layer_norm(
esper.kernel @layer_norm(%x: tensor<?x?x64xf32>, %w: tensor<64xf32>, %b: tensor<64xf32>) {
  // CHECK: = esper.layer_norm %{{.*}} weight(%{{.*}}) bias(%{{.*}}) {eps = 1.000000e-05 : f64, normalized_shape = array<i64: 64>} : (tensor<?x?x64xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<?x?x64xf32>
  %y = esper.layer_norm %x weight(%w) bias(%b)
      {eps = 1.000000e-05 : f64, normalized_shape = array<i64: 64>}
      : (tensor<?x?x64xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<?x?x64xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @layer_norm_two_dims(
esper.kernel @layer_norm_two_dims(%x: tensor<?x4x8xf32>, %w: tensor<4x8xf32>) {
  // CHECK: = esper.layer_norm %{{.*}} weight(%{{.*}}) {eps = 1.000000e-05 : f64, normalized_shape = array<i64: 4, 8>} : (tensor<?x4x8xf32>, tensor<4x8xf32>) -> tensor<?x4x8xf32>
  %y = esper.layer_norm %x weight(%w)
      {eps = 1.000000e-05 : f64, normalized_shape = array<i64: 4, 8>}
      : (tensor<?x4x8xf32>, tensor<4x8xf32>) -> tensor<?x4x8xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @layer_norm_only_bias(
esper.kernel @layer_norm_only_bias(%x: tensor<?x?xf32>, %b: tensor<8xf32>) {
  // CHECK: = esper.layer_norm %{{.*}} bias(%{{.*}}) {eps = 1.000000e-05 : f64, normalized_shape = array<i64: 8>} : (tensor<?x?xf32>, tensor<8xf32>) -> tensor<?x?xf32>
  %y = esper.layer_norm %x bias(%b) {eps = 1.000000e-05 : f64, normalized_shape = array<i64: 8>}
      : (tensor<?x?xf32>, tensor<8xf32>) -> tensor<?x?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @group_norm(
esper.kernel @group_norm(%x: tensor<?x8x?xf32>, %w: tensor<8xf32>, %b: tensor<8xf32>) {
  // CHECK: = esper.group_norm %{{.*}} weight(%{{.*}}) bias(%{{.*}}) {eps = 1.000000e-05 : f64, num_groups = 4 : i64} : (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x8x?xf32>
  %y = esper.group_norm %x weight(%w) bias(%b) {eps = 1.000000e-05 : f64, num_groups = 4 : i64}
      : (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x8x?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @group_norm_any_channels(
esper.kernel @group_norm_any_channels(%x: tensor<?x?xf32>) {
  // CHECK: = esper.group_norm %{{.*}} {eps = 1.000000e-05 : f64, num_groups = 3 : i64} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = esper.group_norm %x {eps = 1.000000e-05 : f64, num_groups = 3 : i64}
      : (tensor<?x?xf32>) -> tensor<?x?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @rms_norm(
esper.kernel @rms_norm(%x: tensor<?x64xf32>, %w: tensor<64xf32>) {
  // CHECK: = esper.rms_norm %{{.*}} weight(%{{.*}}) {eps = 1.000000e-05 : f64, normalized_shape = array<i64: 64>} : (tensor<?x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %y = esper.rms_norm %x weight(%w) {eps = 1.000000e-05 : f64, normalized_shape = array<i64: 64>}
      : (tensor<?x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @rms_norm_machine_eps(
esper.kernel @rms_norm_machine_eps(%x: tensor<?x?x64xf32>) {
  // CHECK: = esper.rms_norm %{{.*}} {normalized_shape = array<i64: 64>} : (tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
  %y = esper.rms_norm %x {normalized_shape = array<i64: 64>}
      : (tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @local_response_norm(
esper.kernel @local_response_norm(%x: tensor<?x8x?x?xf32>) {
  // CHECK: = esper.local_response_norm %{{.*}} {alpha = 1.000000e-04 : f64, beta = 7.500000e-01 : f64, k = 1.000000e+00 : f64, size = 5 : i64} : (tensor<?x8x?x?xf32>) -> tensor<?x8x?x?xf32>
  %y = esper.local_response_norm %x
      {alpha = 1.000000e-04 : f64, beta = 7.500000e-01 : f64, k = 1.000000e+00 : f64, size = 5 : i64}
      : (tensor<?x8x?x?xf32>) -> tensor<?x8x?x?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @batch_norm_counted(
esper.kernel @batch_norm_counted(%x: tensor<?x8xf32>, %m: tensor<8xf32>, %v: tensor<8xf32>, %n: tensor<i64>) {
  %t = esper.training ""
  // CHECK: = esper.batch_norm %{{.*}} running(%{{.*}}, %{{.*}}) count(%{{.*}}) training(%{{.*}}) {eps = 1.000000e-05 : f64, momentum = 0.000000e+00 : f64}
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) count(%n) training(%t) {eps = 1.000000e-05 : f64, momentum = 0.000000e+00 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1, tensor<i64>) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  esper.return
}

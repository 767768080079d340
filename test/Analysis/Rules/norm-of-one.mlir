// RUN: tez-opt %s --tez-lint=rules=norm-of-one --verify-diagnostics

esper.kernel @norms(%x: tensor<?x1xf32>, %y: tensor<?x4x1xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x4x1xf32>, tensor<?x4x1xf32>, tensor<?x4x1xf32>) {
  %f = esper.flag true
  // expected-warning@+1 {{layer_norm of one value: the normalised shape has a single element, so that before weight and bias its output is zero}}
  %0 = esper.layer_norm %x {normalized_shape = array<i64: 1>, eps = 1.000000e-05 : f64} : (tensor<?x1xf32>) -> tensor<?x1xf32>
  // expected-warning@+1 {{rms_norm of one value: the normalised shape has a single element, so that before weight and bias its output is the sign of the input [norm-of-one]}}
  %1 = esper.rms_norm %x {normalized_shape = array<i64: 1>} : (tensor<?x1xf32>) -> tensor<?x1xf32>
  // expected-warning@+1 {{group_norm of one value: each group has a single element}}
  %2 = esper.group_norm %y {num_groups = 4 : i64, eps = 1.000000e-05 : f64} : (tensor<?x4x1xf32>) -> tensor<?x4x1xf32>
  // expected-warning@+1 {{instance_norm of one value: each channel of a sample has a single element}}
  %3 = esper.instance_norm %y use_input_stats(%f) {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64} : (tensor<?x4x1xf32>, i1) -> tensor<?x4x1xf32>
  %4 = esper.group_norm %y {num_groups = 2 : i64, eps = 1.000000e-05 : f64} : (tensor<?x4x1xf32>) -> tensor<?x4x1xf32>
  esper.return %0, %1, %2, %3, %4 : tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x4x1xf32>, tensor<?x4x1xf32>, tensor<?x4x1xf32>
}

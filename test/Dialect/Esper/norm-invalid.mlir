// RUN: tez-opt %s --split-input-file --verify-diagnostics=only-expected

esper.kernel @batch_norm_c1(%x: tensor<8xf32>) {
  %t = esper.flag true
  // expected-error @below {{input must have rank >= 2, found (8)}}
  %y = esper.batch_norm %x training(%t) {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<8xf32>, i1) -> tensor<8xf32>
  esper.return
}

// -----

esper.kernel @batch_norm_c2(%x: tensor<?x8xf32>, %w: tensor<7xf32>) {
  %t = esper.flag true
  // expected-error @below {{weight must have shape (8), found (7)}}
  %y = esper.batch_norm %x weight(%w) training(%t)
      {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>, tensor<7xf32>, i1) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @batch_norm_c2(%x: tensor<?x8xf32>, %b: tensor<8x1xf32>) {
  %t = esper.flag true
  // expected-error @below {{bias must have shape (8), found (8, 1)}}
  %y = esper.batch_norm %x bias(%b) training(%t)
      {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>, tensor<8x1xf32>, i1) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @batch_norm_c2(%x: tensor<?x8xf32>, %m: tensor<9xf32>, %v: tensor<9xf32>) {
  %t = esper.flag true
  // expected-error @below {{running_mean must have shape (8), found (9)}}
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) training(%t)
      {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>, tensor<9xf32>, tensor<9xf32>, i1) -> (tensor<?x8xf32>, tensor<9xf32>, tensor<9xf32>)
  esper.return
}

// -----

esper.kernel @batch_norm_c3(%x: tensor<?x8xf32>, %m: tensor<8xf32>) {
  %t = esper.flag true
  // expected-error @below {{running_mean and running_var must both be present or both be absent, found only running_mean}}
  %y = "esper.batch_norm"(%x, %m, %t) <{momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64, operandSegmentSizes = array<i32: 1, 0, 0, 1, 0, 1, 0>}>
      : (tensor<?x8xf32>, tensor<8xf32>, i1) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @batch_norm_c5(%x: tensor<?x8xf32>, %n: tensor<i64>) {
  %t = esper.flag true
  // expected-error @below {{count must be a single integer beside running statistics, found ()}}
  %y = esper.batch_norm %x count(%n) training(%t)
      {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>, i1, tensor<i64>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @batch_norm_c5(%x: tensor<?x8xf32>, %m: tensor<8xf32>, %v: tensor<8xf32>, %n: tensor<2xi64>) {
  %t = esper.flag true
  // expected-error @below {{count must be a single integer beside running statistics, found (2)}}
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) count(%n) training(%t)
      {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1, tensor<2xi64>) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  esper.return
}

// -----

esper.kernel @batch_norm_c4(%x: tensor<?x8xf32>) {
  %t = esper.flag true
  // expected-error @below {{eps must be a number >= 0, found -1}}
  %y = esper.batch_norm %x training(%t) {momentum = 1.000000e-01 : f64, eps = -1.000000e-05 : f64}
      : (tensor<?x8xf32>, i1) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @batch_norm_c4(%x: tensor<?x8xf32>) {
  %t = esper.flag true
  // expected-error @below {{momentum must be finite, found INF}}
  %y = esper.batch_norm %x training(%t)
      {momentum = 0x7FF0000000000000 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>, i1) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @instance_norm_c1(%x: tensor<?x8xf32>) {
  %t = esper.flag true
  // expected-error @below {{input must have rank >= 3, found (?, 8)}}
  %y = esper.instance_norm %x use_input_stats(%t)
      {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>, i1) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @instance_norm_c2(%x: tensor<?x8x?xf32>, %w: tensor<7xf32>) {
  %t = esper.flag true
  // expected-error @below {{weight must have shape (8), found (7)}}
  %y = esper.instance_norm %x weight(%w) use_input_stats(%t)
      {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8x?xf32>, tensor<7xf32>, i1) -> tensor<?x8x?xf32>
  esper.return
}

// -----

esper.kernel @instance_norm_c2(%x: tensor<?x8x?xf32>, %b: tensor<8x1xf32>) {
  %t = esper.flag true
  // expected-error @below {{bias must have shape (8), found (8, 1)}}
  %y = esper.instance_norm %x bias(%b) use_input_stats(%t)
      {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8x?xf32>, tensor<8x1xf32>, i1) -> tensor<?x8x?xf32>
  esper.return
}

// -----

esper.kernel @instance_norm_c2(%x: tensor<?x8x?xf32>, %m: tensor<9xf32>, %v: tensor<9xf32>) {
  %t = esper.flag true
  // expected-error @below {{running_mean must have shape (8), found (9)}}
  %y, %nm, %nv = esper.instance_norm %x running(%m, %v) use_input_stats(%t)
      {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8x?xf32>, tensor<9xf32>, tensor<9xf32>, i1) -> (tensor<?x8x?xf32>, tensor<9xf32>, tensor<9xf32>)
  esper.return
}

// -----

esper.kernel @instance_norm_c3(%x: tensor<?x8x?xf32>, %m: tensor<8xf32>) {
  %t = esper.flag true
  // expected-error @below {{running_mean and running_var must both be present or both be absent, found only running_mean}}
  %y = "esper.instance_norm"(%x, %m, %t) <{momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64, operandSegmentSizes = array<i32: 1, 0, 0, 1, 0, 1>}>
      : (tensor<?x8x?xf32>, tensor<8xf32>, i1) -> tensor<?x8x?xf32>
  esper.return
}

// -----

esper.kernel @instance_norm_c4(%x: tensor<?x8x?xf32>) {
  %t = esper.flag true
  // expected-error @below {{eps must be a number >= 0, found -1}}
  %y = esper.instance_norm %x use_input_stats(%t)
      {momentum = 1.000000e-01 : f64, eps = -1.000000e-05 : f64}
      : (tensor<?x8x?xf32>, i1) -> tensor<?x8x?xf32>
  esper.return
}

// -----

esper.kernel @instance_norm_c4(%x: tensor<?x8x?xf32>) {
  %t = esper.flag true
  // expected-error @below {{momentum must be finite, found INF}}
  %y = esper.instance_norm %x use_input_stats(%t)
      {momentum = 0x7FF0000000000000 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8x?xf32>, i1) -> tensor<?x8x?xf32>
  esper.return
}

// -----

// Running statistics have new ones.
esper.kernel @batch_norm_results(%x: tensor<?x8xf32>, %m: tensor<8xf32>, %v: tensor<8xf32>) {
  %t = esper.flag true
  // expected-error @below {{inferred type(s) 'tensor<?x8xf32>', 'tensor<8xf32>', 'tensor<8xf32>' are incompatible}}
  %y = esper.batch_norm %x running(%m, %v) training(%t)
      {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @layer_norm_c1(%x: tensor<?x8xf32>) {
  // expected-error @below {{normalized_shape must have at least one entry, none negative, found ()}}
  %y = esper.layer_norm %x {normalized_shape = array<i64>, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @layer_norm_c1(%x: tensor<?x8xf32>) {
  // expected-error @below {{normalized_shape must have at least one entry, none negative, found (-8)}}
  %y = esper.layer_norm %x {normalized_shape = array<i64: -8>, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @layer_norm_c2(%x: tensor<?x8xf32>) {
  // expected-error @below {{the last dimensions of input (?, 8) must be normalized_shape (4, 9)}}
  %y = esper.layer_norm %x {normalized_shape = array<i64: 4, 9>, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @layer_norm_c2(%x: tensor<8xf32>) {
  // expected-error @below {{the last dimensions of input (8) must be normalized_shape (1, 8)}}
  %y = esper.layer_norm %x {normalized_shape = array<i64: 1, 8>, eps = 1.000000e-05 : f64}
      : (tensor<8xf32>) -> tensor<8xf32>
  esper.return
}

// -----

esper.kernel @layer_norm_c3(%x: tensor<?x4x8xf32>, %w: tensor<8xf32>) {
  // expected-error @below {{weight must have the shape normalized_shape (4, 8), found (8)}}
  %y = esper.layer_norm %x weight(%w)
      {normalized_shape = array<i64: 4, 8>, eps = 1.000000e-05 : f64}
      : (tensor<?x4x8xf32>, tensor<8xf32>) -> tensor<?x4x8xf32>
  esper.return
}

// -----

esper.kernel @layer_norm_c3(%x: tensor<?x4x8xf32>, %b: tensor<4x7xf32>) {
  // expected-error @below {{bias must have the shape normalized_shape (4, 8), found (4, 7)}}
  %y = esper.layer_norm %x bias(%b)
      {normalized_shape = array<i64: 4, 8>, eps = 1.000000e-05 : f64}
      : (tensor<?x4x8xf32>, tensor<4x7xf32>) -> tensor<?x4x8xf32>
  esper.return
}

// -----

esper.kernel @layer_norm_c4(%x: tensor<?x8xf32>) {
  // expected-error @below {{eps must be a number >= 0, found nan}}
  %y = esper.layer_norm %x {normalized_shape = array<i64: 8>, eps = 0x7FF8000000000000 : f64}
      : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @group_norm_c1(%x: tensor<8xf32>) {
  // expected-error @below {{input must have rank >= 2, found (8)}}
  %y = esper.group_norm %x {num_groups = 2 : i64, eps = 1.000000e-05 : f64}
      : (tensor<8xf32>) -> tensor<8xf32>
  esper.return
}

// -----

esper.kernel @group_norm_c2(%x: tensor<?x8xf32>) {
  // expected-error @below {{num_groups must be at least 1 and divide the channels (8, not 0), found 3}}
  %y = esper.group_norm %x {num_groups = 3 : i64, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @group_norm_c2(%x: tensor<?x8xf32>) {
  // expected-error @below {{num_groups must be at least 1 and divide the channels (8, not 0), found 0}}
  %y = esper.group_norm %x {num_groups = 0 : i64, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @group_norm_c2(%x: tensor<?x0xf32>) {
  // expected-error @below {{num_groups must be at least 1 and divide the channels (0, not 0), found 1}}
  %y = esper.group_norm %x {num_groups = 1 : i64, eps = 1.000000e-05 : f64}
      : (tensor<?x0xf32>) -> tensor<?x0xf32>
  esper.return
}

// -----

esper.kernel @group_norm_c3(%x: tensor<?x8xf32>, %w: tensor<2xf32>) {
  // expected-error @below {{weight must have shape (8), found (2)}}
  %y = esper.group_norm %x weight(%w) {num_groups = 2 : i64, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>, tensor<2xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @group_norm_c4(%x: tensor<?x8xf32>) {
  // expected-error @below {{eps must be a number >= 0, found -1}}
  %y = esper.group_norm %x {num_groups = 2 : i64, eps = -1.000000e+00 : f64}
      : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @rms_norm_c1(%x: tensor<?x8xf32>) {
  // expected-error @below {{normalized_shape must have at least one entry, none negative, found ()}}
  %y = esper.rms_norm %x {normalized_shape = array<i64>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @rms_norm_c2(%x: tensor<?x8xf32>) {
  // expected-error @below {{the last dimensions of input (?, 8) must be normalized_shape (9)}}
  %y = esper.rms_norm %x {normalized_shape = array<i64: 9>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @rms_norm_c3(%x: tensor<?x8xf32>, %w: tensor<4xf32>) {
  // expected-error @below {{weight must have the shape normalized_shape (8), found (4)}}
  %y = esper.rms_norm %x weight(%w) {normalized_shape = array<i64: 8>}
      : (tensor<?x8xf32>, tensor<4xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @rms_norm_c4(%x: tensor<?x8xf32>) {
  // expected-error @below {{eps must be a number >= 0, found -1}}
  %y = esper.rms_norm %x {normalized_shape = array<i64: 8>, eps = -1.000000e+00 : f64}
      : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @local_response_norm_c1(%x: tensor<?x8xf32>) {
  // expected-error @below {{input must have rank 3, 4 or 5, found (?, 8)}}
  %y = esper.local_response_norm %x
      {size = 5 : i64, alpha = 1.000000e-04 : f64, beta = 7.500000e-01 : f64, k = 1.000000e+00 : f64}
      : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @local_response_norm_c2(%x: tensor<?x8x?xf32>) {
  // expected-error @below {{size must be at least 1, found 0}}
  %y = esper.local_response_norm %x
      {size = 0 : i64, alpha = 1.000000e-04 : f64, beta = 7.500000e-01 : f64, k = 1.000000e+00 : f64}
      : (tensor<?x8x?xf32>) -> tensor<?x8x?xf32>
  esper.return
}

// -----

esper.kernel @local_response_norm_c3(%x: tensor<?x8x?xf32>) {
  // expected-error @below {{alpha must be finite, found nan}}
  %y = esper.local_response_norm %x
      {size = 5 : i64, alpha = 0x7FF8000000000000 : f64, beta = 7.500000e-01 : f64, k = 1.000000e+00 : f64}
      : (tensor<?x8x?xf32>) -> tensor<?x8x?xf32>
  esper.return
}

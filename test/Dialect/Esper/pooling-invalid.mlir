// RUN: tez-opt %s --split-input-file --verify-diagnostics=only-expected

esper.kernel @max_pool_c1(%x: tensor<4x9xf32>) {
  // expected-error @below {{kernel_size must have 1, 2 or 3 entries and input a rank of 2 more, found 1 entries and (4, 9)}}
  %y = esper.max_pool %x
      {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<4x9xf32>) -> tensor<4x4xf32>
  esper.return
}

// -----

esper.kernel @max_pool_c1(%x: tensor<2x4xf32>) {
  // expected-error @below {{kernel_size must have 1, 2 or 3 entries and input a rank of 2 more, found 0 entries and (2, 4)}}
  %y = esper.max_pool %x
      {kernel_size = array<i64>, stride = array<i64>, padding = array<i64>, dilation = array<i64>}
      : (tensor<2x4xf32>) -> tensor<2x4xf32>
  esper.return
}

// -----

esper.kernel @max_pool_c2(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{stride must have 1 entries, one for each spatial dimension, found 2}}
  %y = esper.max_pool %x
      {kernel_size = array<i64: 2>, stride = array<i64: 2, 2>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @max_pool_c3(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{kernel_size must be at least 1, found 0}}
  %y = esper.max_pool %x
      {kernel_size = array<i64: 0>, stride = array<i64: 2>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @max_pool_c3(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{stride must be at least 1, found -1}}
  %y = esper.max_pool %x
      {kernel_size = array<i64: 2>, stride = array<i64: -1>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @max_pool_c4(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{padding must be at most half of kernel_size (2), found 2}}
  %y = esper.max_pool %x
      {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 2>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x6xf32>
  esper.return
}

// -----

esper.kernel @max_pool_c5(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{the kernel (10 with dilation 1) is larger than the padded input (9) in spatial dimension 0}}
  %y = esper.max_pool %x
      {kernel_size = array<i64: 10>, stride = array<i64: 2>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @max_pool_c5(%x: tensor<?x0x9xf32>) {
  // expected-error @below {{dimension 1 of input (?, 0, 9) must not be 0}}
  %y = esper.max_pool %x
      {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<?x0x9xf32>) -> tensor<?x0x4xf32>
  esper.return
}

// -----

esper.kernel @max_pool_c6(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{the size of spatial dimension 0 does not fit into 64 bits}}
  %y = esper.max_pool %x
      {kernel_size = array<i64: 2>, stride = array<i64: 9223372036854775807>, padding = array<i64: 0>, dilation = array<i64: 1>, ceil_mode = true}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @avg_pool_c1(%x: tensor<4x9xf32>) {
  // expected-error @below {{kernel_size must have 1, 2 or 3 entries and input a rank of 2 more, found 1 entries and (4, 9)}}
  %y = esper.avg_pool %x
      {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 0>}
      : (tensor<4x9xf32>) -> tensor<4x4xf32>
  esper.return
}

// -----

esper.kernel @avg_pool_c1(%x: tensor<2x4xf32>) {
  // expected-error @below {{kernel_size must have 1, 2 or 3 entries and input a rank of 2 more, found 0 entries and (2, 4)}}
  %y = esper.avg_pool %x {kernel_size = array<i64>, stride = array<i64>, padding = array<i64>}
      : (tensor<2x4xf32>) -> tensor<2x4xf32>
  esper.return
}

// -----

esper.kernel @avg_pool_c2(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{stride must have 1 entries, one for each spatial dimension, found 2}}
  %y = esper.avg_pool %x
      {kernel_size = array<i64: 2>, stride = array<i64: 2, 2>, padding = array<i64: 0>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @avg_pool_c3(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{kernel_size must be at least 1, found 0}}
  %y = esper.avg_pool %x
      {kernel_size = array<i64: 0>, stride = array<i64: 2>, padding = array<i64: 0>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @avg_pool_c3(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{stride must be at least 1, found -1}}
  %y = esper.avg_pool %x
      {kernel_size = array<i64: 2>, stride = array<i64: -1>, padding = array<i64: 0>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @avg_pool_c4(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{padding must be at most half of kernel_size (2), found 2}}
  %y = esper.avg_pool %x
      {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 2>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x6xf32>
  esper.return
}

// -----

esper.kernel @avg_pool_c5(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{the kernel (10 with dilation 1) is larger than the padded input (9) in spatial dimension 0}}
  %y = esper.avg_pool %x
      {kernel_size = array<i64: 10>, stride = array<i64: 2>, padding = array<i64: 0>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @avg_pool_c5(%x: tensor<?x0x9xf32>) {
  // expected-error @below {{dimension 1 of input (?, 0, 9) must not be 0}}
  %y = esper.avg_pool %x
      {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 0>}
      : (tensor<?x0x9xf32>) -> tensor<?x0x4xf32>
  esper.return
}

// -----

esper.kernel @avg_pool_c6(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{the size of spatial dimension 0 does not fit into 64 bits}}
  %y = esper.avg_pool %x
      {kernel_size = array<i64: 2>, stride = array<i64: 9223372036854775807>, padding = array<i64: 0>, ceil_mode = true}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @lp_pool_c1(%x: tensor<4x9xf32>) {
  // expected-error @below {{kernel_size must have 1, 2 or 3 entries and input a rank of 2 more, found 1 entries and (4, 9)}}
  %y = esper.lp_pool %x
      {norm_type = 2.000000e+00 : f64, kernel_size = array<i64: 2>, stride = array<i64: 2>}
      : (tensor<4x9xf32>) -> tensor<4x4xf32>
  esper.return
}

// -----

esper.kernel @lp_pool_c1(%x: tensor<2x4xf32>) {
  // expected-error @below {{kernel_size must have 1, 2 or 3 entries and input a rank of 2 more, found 0 entries and (2, 4)}}
  %y = esper.lp_pool %x
      {norm_type = 2.000000e+00 : f64, kernel_size = array<i64>, stride = array<i64>}
      : (tensor<2x4xf32>) -> tensor<2x4xf32>
  esper.return
}

// -----

esper.kernel @lp_pool_c2(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{stride must have 1 entries, one for each spatial dimension, found 2}}
  %y = esper.lp_pool %x
      {norm_type = 2.000000e+00 : f64, kernel_size = array<i64: 2>, stride = array<i64: 2, 2>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @lp_pool_c3(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{kernel_size must be at least 1, found 0}}
  %y = esper.lp_pool %x
      {norm_type = 2.000000e+00 : f64, kernel_size = array<i64: 0>, stride = array<i64: 2>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @lp_pool_c3(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{stride must be at least 1, found -1}}
  %y = esper.lp_pool %x
      {norm_type = 2.000000e+00 : f64, kernel_size = array<i64: 2>, stride = array<i64: -1>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @lp_pool_c4(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{norm_type must be finite and not 0, found 0}}
  %y = esper.lp_pool %x
      {norm_type = 0.000000e+00 : f64, kernel_size = array<i64: 2>, stride = array<i64: 2>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @lp_pool_c4(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{norm_type must be finite and not 0, found INF}}
  %y = esper.lp_pool %x
      {norm_type = 0x7FF0000000000000 : f64, kernel_size = array<i64: 2>, stride = array<i64: 2>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @lp_pool_c5(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{the kernel (10 with dilation 1) is larger than the padded input (9) in spatial dimension 0}}
  %y = esper.lp_pool %x
      {norm_type = 2.000000e+00 : f64, kernel_size = array<i64: 10>, stride = array<i64: 2>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @lp_pool_c5(%x: tensor<?x0x9xf32>) {
  // expected-error @below {{dimension 1 of input (?, 0, 9) must not be 0}}
  %y = esper.lp_pool %x
      {norm_type = 2.000000e+00 : f64, kernel_size = array<i64: 2>, stride = array<i64: 2>}
      : (tensor<?x0x9xf32>) -> tensor<?x0x4xf32>
  esper.return
}

// -----

esper.kernel @lp_pool_c6(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{the size of spatial dimension 0 does not fit into 64 bits}}
  %y = esper.lp_pool %x
      {norm_type = 2.000000e+00 : f64, kernel_size = array<i64: 2>, stride = array<i64: 9223372036854775807>, ceil_mode = true}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @avg_pool_c7(%x: tensor<2x4x9x9xf32>) {
  // expected-error @below {{divisor_override must not be 0 and is for 2 or 3 spatial dimensions, found 0 with 2}}
  %y = esper.avg_pool %x
      {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, divisor_override = 0 : i64}
      : (tensor<2x4x9x9xf32>) -> tensor<2x4x4x4xf32>
  esper.return
}

// -----

esper.kernel @avg_pool_c7(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{divisor_override must not be 0 and is for 2 or 3 spatial dimensions, found 3 with 1}}
  %y = esper.avg_pool %x
      {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 0>, divisor_override = 3 : i64}
      : (tensor<2x4x9xf32>) -> tensor<2x4x4xf32>
  esper.return
}

// -----

esper.kernel @adaptive_avg_pool_c1(%x: tensor<2x4x9x9xf32>) {
  // expected-error @below {{output_size must have 1, 2 or 3 entries and input a rank of 2 more, found 1 entries and (2, 4, 9, 9)}}
  %y = esper.adaptive_avg_pool %x {output_size = array<i64: 3>}
      : (tensor<2x4x9x9xf32>) -> tensor<2x4x3x3xf32>
  esper.return
}

// -----

esper.kernel @adaptive_avg_pool_c2(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{output_size must be -1 or at least 0, found -2}}
  %y = esper.adaptive_avg_pool %x {output_size = array<i64: -2>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x9xf32>
  esper.return
}

// -----

esper.kernel @adaptive_avg_pool_c3(%x: tensor<2x4x0xf32>) {
  // expected-error @below {{dimension 2 of input (2, 4, 0) must not be 0}}
  %y = esper.adaptive_avg_pool %x {output_size = array<i64: 3>}
      : (tensor<2x4x0xf32>) -> tensor<2x4x3xf32>
  esper.return
}

// -----

esper.kernel @adaptive_max_pool_c1(%x: tensor<2x4x9x9xf32>) {
  // expected-error @below {{output_size must have 1, 2 or 3 entries and input a rank of 2 more, found 1 entries and (2, 4, 9, 9)}}
  %y = esper.adaptive_max_pool %x {output_size = array<i64: 3>}
      : (tensor<2x4x9x9xf32>) -> tensor<2x4x3x3xf32>
  esper.return
}

// -----

esper.kernel @adaptive_max_pool_c2(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{output_size must be -1 or at least 0, found -2}}
  %y = esper.adaptive_max_pool %x {output_size = array<i64: -2>}
      : (tensor<2x4x9xf32>) -> tensor<2x4x9xf32>
  esper.return
}

// -----

esper.kernel @adaptive_max_pool_c3(%x: tensor<2x4x0xf32>) {
  // expected-error @below {{dimension 2 of input (2, 4, 0) must not be 0}}
  %y = esper.adaptive_max_pool %x {output_size = array<i64: 3>}
      : (tensor<2x4x0xf32>) -> tensor<2x4x3xf32>
  esper.return
}

// -----

esper.kernel @adaptive_max_pool_c3(%x: tensor<2x0x5xf32>) {
  // expected-error @below {{dimension 1 of input (2, 0, 5) must not be 0}}
  %y = esper.adaptive_max_pool %x {output_size = array<i64: 3>}
      : (tensor<2x0x5xf32>) -> tensor<2x0x3xf32>
  esper.return
}

// -----

esper.kernel @avg_pool_c5(%x: tensor<2x4x3x9x9xf32>) {
  // expected-error @below {{with 3 spatial dimensions the kernel (4) must not be larger than the input (3), found in spatial dimension 0}}
  %y = esper.avg_pool %x
      {kernel_size = array<i64: 4, 2, 2>, stride = array<i64: 2, 2, 2>, padding = array<i64: 1, 0, 0>}
      : (tensor<2x4x3x9x9xf32>) -> tensor<2x4x1x4x4xf32>
  esper.return
}

// -----

esper.kernel @lp_pool_c5(%x: tensor<2x4x3x9x9xf32>) {
  // expected-error @below {{with 3 spatial dimensions the kernel (4) must not be larger than the input (3), found in spatial dimension 0}}
  %y = esper.lp_pool %x
      {norm_type = 2.000000e+00 : f64, kernel_size = array<i64: 4, 2, 2>, stride = array<i64: 2, 2, 2>,
       ceil_mode = true}
      : (tensor<2x4x3x9x9xf32>) -> tensor<2x4x1x4x4xf32>
  esper.return
}

// -----

esper.kernel @adaptive_avg_pool_c3(%x: tensor<2x0x5x5x5xf32>) {
  // expected-error @below {{dimension 1 of input (2, 0, 5, 5, 5) must not be 0}}
  %y = esper.adaptive_avg_pool %x {output_size = array<i64: 3, 3, 3>}
      : (tensor<2x0x5x5x5xf32>) -> tensor<2x0x3x3x3xf32>
  esper.return
}

// -----

esper.kernel @max_pool_with_indices_c1(%x: tensor<2x4x9xf32>) {
  // expected-error @below {{the kernel (10 with dilation 1) is larger than the padded input (9) in spatial dimension 0}}
  %y, %i = esper.max_pool_with_indices %x
      {kernel_size = array<i64: 10>, stride = array<i64: 2>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>) -> (tensor<2x4x4xf32>, tensor<2x4x4xi64>)
  esper.return
}

// RUN: tez-opt %s --split-input-file --verify-diagnostics=only-expected

esper.kernel @conv_c1(%x: tensor<2x4xf32>, %w: tensor<3x4xf32>) {
  // expected-error @below {{weight must have rank 3, 4 or 5 and input the same, found (3, 4) and (2, 4)}}
  %y = esper.conv %x, %w {stride = array<i64>, padding = array<i64>, dilation = array<i64>}
      : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>
  esper.return
}

// -----

// An input without a batch dimension.
esper.kernel @conv_c1(%x: tensor<4x9xf32>, %w: tensor<3x4x1xf32>) {
  // expected-error @below {{weight must have rank 3, 4 or 5 and input the same, found (3, 4, 1) and (4, 9)}}
  %y = esper.conv %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<4x9xf32>, tensor<3x4x1xf32>) -> tensor<3x9xf32>
  esper.return
}

// -----

esper.kernel @conv_c2(%x: tensor<2x4x9xf32>, %w: tensor<3x4x1xf32>) {
  // expected-error @below {{stride must have 1 entries, one for each spatial dimension, found 2}}
  %y = esper.conv %x, %w
      {stride = array<i64: 1, 1>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>, tensor<3x4x1xf32>) -> tensor<2x3x9xf32>
  esper.return
}

// -----

esper.kernel @conv_c3(%x: tensor<2x4x9xf32>, %w: tensor<3x4x1xf32>) {
  // expected-error @below {{stride must be at least 1, found 0}}
  %y = esper.conv %x, %w
      {stride = array<i64: 0>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>, tensor<3x4x1xf32>) -> tensor<2x3x9xf32>
  esper.return
}

// -----

esper.kernel @conv_c3(%x: tensor<2x4x9xf32>, %w: tensor<3x4x1xf32>) {
  // expected-error @below {{padding must be at least 0, found -1}}
  %y = esper.conv %x, %w
      {stride = array<i64: 1>, padding = array<i64: -1>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>, tensor<3x4x1xf32>) -> tensor<2x3x7xf32>
  esper.return
}

// -----

esper.kernel @conv_c3(%x: tensor<2x4x9xf32>, %w: tensor<3x4x1xf32>) {
  // expected-error @below {{dilation must be at least 1, found 0}}
  %y = esper.conv %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 0>}
      : (tensor<2x4x9xf32>, tensor<3x4x1xf32>) -> tensor<2x3x9xf32>
  esper.return
}

// -----

esper.kernel @conv_c4(%x: tensor<2x4x9xf32>, %w: tensor<3x2x1xf32>) {
  // expected-error @below {{groups must be at least 1 and divide dimension 0 of weight (3), found 2}}
  %y = esper.conv %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>, groups = 2 : i64}
      : (tensor<2x4x9xf32>, tensor<3x2x1xf32>) -> tensor<2x3x9xf32>
  esper.return
}

// -----

esper.kernel @conv_c4(%x: tensor<2x4x9xf32>, %w: tensor<3x2x1xf32>) {
  // expected-error @below {{groups must be at least 1 and divide dimension 0 of weight (3), found 0}}
  %y = esper.conv %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>, groups = 0 : i64}
      : (tensor<2x4x9xf32>, tensor<3x2x1xf32>) -> tensor<2x3x9xf32>
  esper.return
}

// -----

esper.kernel @conv_c4(%x: tensor<2x4x9xf32>, %w: tensor<0x4x1xf32>) {
  // expected-error @below {{weight must not be empty, found (0, 4, 1)}}
  %y = esper.conv %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>, tensor<0x4x1xf32>) -> tensor<2x0x9xf32>
  esper.return
}

// -----

esper.kernel @conv_c5(%x: tensor<2x5x9xf32>, %w: tensor<3x4x1xf32>) {
  // expected-error @below {{input must have 4 channels (dimension 1) for this weight and groups, found 5}}
  %y = esper.conv %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x5x9xf32>, tensor<3x4x1xf32>) -> tensor<2x3x9xf32>
  esper.return
}

// -----

esper.kernel @conv_c6(%x: tensor<2x4x9xf32>, %w: tensor<3x4x1xf32>, %b: tensor<4xf32>) {
  // expected-error @below {{bias must have shape (3), found (4)}}
  %y = esper.conv %x, %w, %b
      {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>, tensor<3x4x1xf32>, tensor<4xf32>) -> tensor<2x3x9xf32>
  esper.return
}

// -----

esper.kernel @conv_c7(%x: tensor<2x4x4xf32>, %w: tensor<3x4x3xf32>) {
  // expected-error @below {{the kernel (5 with dilation 2) is larger than the padded input (4) in spatial dimension 0}}
  %y = esper.conv %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 2>}
      : (tensor<2x4x4xf32>, tensor<3x4x3xf32>) -> tensor<2x3x1xf32>
  esper.return
}

// -----

esper.kernel @conv_c7(%x: tensor<2x4x0xf32>, %w: tensor<3x4x1xf32>) {
  // expected-error @below {{spatial dimension 0 of input must not be 0}}
  %y = esper.conv %x, %w
      {stride = array<i64: 1>, padding = array<i64: 1>, dilation = array<i64: 1>}
      : (tensor<2x4x0xf32>, tensor<3x4x1xf32>) -> tensor<2x3x2xf32>
  esper.return
}

// -----

esper.kernel @conv_c8(%x: tensor<2x4x9xf32>, %w: tensor<3x4x1xf64>) {
  // expected-error @below {{weight and bias must have the element type of input, 'f32'}}
  %y = esper.conv %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>, tensor<3x4x1xf64>) -> tensor<2x3x9xf32>
  esper.return
}

// -----

esper.kernel @conv_c9(%x: tensor<2x4x9xf32>, %w: tensor<3x4x3xf32>) {
  // expected-error @below {{the size of spatial dimension 0 does not fit into 64 bits}}
  %y = esper.conv %x, %w
      {stride = array<i64: 1>, padding = array<i64: 9223372036854775807>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>, tensor<3x4x3xf32>) -> tensor<2x3x9xf32>
  esper.return
}

// -----

esper.kernel @conv_c9(%x: tensor<2x4x?xf32>, %w: tensor<3x4x3xf32>) {
  // expected-error @below {{the size of spatial dimension 0 does not fit into 64 bits}}
  %y = esper.conv %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 9223372036854775807>}
      : (tensor<2x4x?xf32>, tensor<3x4x3xf32>) -> tensor<2x3x?xf32>
  esper.return
}

// -----

esper.kernel @conv_transpose_c1(%x: tensor<2x4x9x9xf32>, %w: tensor<4x3x1xf32>) {
  // expected-error @below {{weight must have rank 3, 4 or 5 and input the same, found (4, 3, 1) and (2, 4, 9, 9)}}
  %y = esper.conv_transpose %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, output_padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9x9xf32>, tensor<4x3x1xf32>) -> tensor<2x3x9x9xf32>
  esper.return
}

// -----

esper.kernel @conv_transpose_c2(%x: tensor<2x4x9xf32>, %w: tensor<4x3x1xf32>) {
  // expected-error @below {{output_padding must have 1 entries, one for each spatial dimension, found 0}}
  %y = esper.conv_transpose %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, output_padding = array<i64>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>, tensor<4x3x1xf32>) -> tensor<2x3x9xf32>
  esper.return
}

// -----

esper.kernel @conv_transpose_c3(%x: tensor<2x4x9xf32>, %w: tensor<4x3x1xf32>) {
  // expected-error @below {{output_padding must be at least 0, found -1}}
  %y = esper.conv_transpose %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, output_padding = array<i64: -1>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>, tensor<4x3x1xf32>) -> tensor<2x3x8xf32>
  esper.return
}

// -----

esper.kernel @conv_transpose_c4(%x: tensor<2x4x9xf32>, %w: tensor<4x3x1xf32>) {
  // expected-error @below {{groups must be at least 1 and divide dimension 0 of weight (4), found 3}}
  %y = esper.conv_transpose %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, output_padding = array<i64: 0>, dilation = array<i64: 1>, groups = 3 : i64}
      : (tensor<2x4x9xf32>, tensor<4x3x1xf32>) -> tensor<2x9x9xf32>
  esper.return
}

// -----

esper.kernel @conv_transpose_c4(%x: tensor<2x4x9xf32>, %w: tensor<4x0x1xf32>) {
  // expected-error @below {{weight must not be empty, found (4, 0, 1)}}
  %y = esper.conv_transpose %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, output_padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>, tensor<4x0x1xf32>) -> tensor<2x0x9xf32>
  esper.return
}

// -----

esper.kernel @conv_transpose_c5(%x: tensor<2x3x9xf32>, %w: tensor<4x3x1xf32>) {
  // expected-error @below {{input must have 4 channels (dimension 1) for this weight and groups, found 3}}
  %y = esper.conv_transpose %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, output_padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x3x9xf32>, tensor<4x3x1xf32>) -> tensor<2x3x9xf32>
  esper.return
}

// -----

esper.kernel @conv_transpose_c6(%x: tensor<2x4x9xf32>, %w: tensor<4x3x1xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{bias must have shape (6), found (3)}}
  %y = esper.conv_transpose %x, %w, %b
      {stride = array<i64: 1>, padding = array<i64: 0>, output_padding = array<i64: 0>, dilation = array<i64: 1>, groups = 2 : i64}
      : (tensor<2x4x9xf32>, tensor<4x3x1xf32>, tensor<3xf32>) -> tensor<2x6x9xf32>
  esper.return
}

// -----

esper.kernel @conv_transpose_c7(%x: tensor<2x4x9xf32>, %w: tensor<4x3x3xf32>) {
  // expected-error @below {{output_padding must be smaller than stride (2) or dilation (1), found 2}}
  %y = esper.conv_transpose %x, %w
      {stride = array<i64: 2>, padding = array<i64: 0>, output_padding = array<i64: 2>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>, tensor<4x3x3xf32>) -> tensor<2x3x21xf32>
  esper.return
}

// -----

esper.kernel @conv_transpose_c8(%x: tensor<2x4x2xf32>, %w: tensor<4x3x1xf32>) {
  // expected-error @below {{spatial dimension 0 of input and output must be at least 1, found 2 and 0}}
  %y = esper.conv_transpose %x, %w
      {stride = array<i64: 1>, padding = array<i64: 1>, output_padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x2xf32>, tensor<4x3x1xf32>) -> tensor<2x3x0xf32>
  esper.return
}

// -----

esper.kernel @conv_transpose_c8(%x: tensor<2x4x0xf32>, %w: tensor<4x3x3xf32>) {
  // expected-error @below {{spatial dimension 0 of input and output must be at least 1, found 0 and 2}}
  %y = esper.conv_transpose %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, output_padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x0xf32>, tensor<4x3x3xf32>) -> tensor<2x3x2xf32>
  esper.return
}

// -----

esper.kernel @conv_transpose_c9(%x: tensor<2x4x9xf64>, %w: tensor<4x3x1xf32>) {
  // expected-error @below {{weight and bias must have the element type of input, 'f64'}}
  %y = esper.conv_transpose %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, output_padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf64>, tensor<4x3x1xf32>) -> tensor<2x3x9xf64>
  esper.return
}

// -----

esper.kernel @conv_transpose_c10(%x: tensor<2x4x9xf32>, %w: tensor<4x3x1xf32>) {
  // expected-error @below {{the size of spatial dimension 0 does not fit into 64 bits}}
  %y = esper.conv_transpose %x, %w
      {stride = array<i64: 9223372036854775807>, padding = array<i64: 0>, output_padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<2x4x9xf32>, tensor<4x3x1xf32>) -> tensor<2x3x9xf32>
  esper.return
}

// -----

esper.kernel @conv_transpose_c10(%x: tensor<2x?x9xf32>, %w: tensor<2x6148914691236517206x1xf32>) {
  // expected-error @below {{dimension 1 of weight (6148914691236517206) times groups (2) does not fit into 64 bits}}
  %y = esper.conv_transpose %x, %w
      {stride = array<i64: 1>, padding = array<i64: 0>, output_padding = array<i64: 0>, dilation = array<i64: 1>, groups = 2 : i64}
      : (tensor<2x?x9xf32>, tensor<2x6148914691236517206x1xf32>) -> tensor<2x1x9xf32>
  esper.return
}

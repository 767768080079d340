// RUN: tez-opt %s --split-input-file --verify-diagnostics

esper.kernel @reshape_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{shape must have sizes >= 0 and at most one -1, found (-1, -1, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.reshape %x {shape = array<i64: -1, -1, 8>} : (tensor<?x8xf32>) -> tensor<?x?x8xf32>
  esper.return
}

// -----

esper.kernel @reshape_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{shape must have sizes >= 0 and at most one -1, found (-2, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.reshape %x {shape = array<i64: -2, 8>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @reshape_c2(%x: tensor<4x8xf32>) {
  // expected-error@+2 {{cannot arrange the elements of (4, 8) as (5, 6)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.reshape %x {shape = array<i64: 5, 6>} : (tensor<4x8xf32>) -> tensor<5x6xf32>
  esper.return
}

// -----

esper.kernel @reshape_c2(%x: tensor<4x8xf32>) {
  // expected-error@+2 {{cannot arrange the elements of (4, 8) as (-1, 5)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.reshape %x {shape = array<i64: -1, 5>} : (tensor<4x8xf32>) -> tensor<?x5xf32>
  esper.return
}

// -----

esper.kernel @reshape_c2(%x: tensor<0x8xf32>) {
  // expected-error@+2 {{cannot arrange the elements of (0, 8) as (0, -1)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.reshape %x {shape = array<i64: 0, -1>} : (tensor<0x8xf32>) -> tensor<0x?xf32>
  esper.return
}

// -----

esper.kernel @reshape_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{cannot arrange the elements of (?, 8) as (3, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.reshape %x {shape = array<i64: 3, 4>} : (tensor<?x8xf32>) -> tensor<3x4xf32>
  esper.return
}

// -----

esper.kernel @reshape_c3(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{the elements of (4611686018427387904, 4, -1) do not fit in 64 bits}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.reshape %x {shape = array<i64: 4611686018427387904, 4, -1>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @flatten_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim 2 is outside of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.flatten %x {start_dim = 1 : i64, end_dim = 2 : i64} : (tensor<?x8xf32>) -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @flatten_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{start_dim -1 is after end_dim 0 in (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.flatten %x {start_dim = -1 : i64, end_dim = 0 : i64} : (tensor<?x8xf32>) -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @flatten_c3(%x: tensor<4611686018427387904x4xf32>) {
  // expected-error@+2 {{the elements of (4611686018427387904, 4) do not fit in 64 bits}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.flatten %x {start_dim = 0 : i64, end_dim = 1 : i64} : (tensor<4611686018427387904x4xf32>) -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @unflatten_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim -3 is outside of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.unflatten %x {dim = -3 : i64, sizes = array<i64: 4, 2>} : (tensor<?x8xf32>) -> tensor<?x4x2xf32>
  esper.return
}

// -----

esper.kernel @unflatten_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{sizes must not be empty, be >= 0 and have at most one -1, found ()}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.unflatten %x {dim = -1 : i64, sizes = array<i64>} : (tensor<?x8xf32>) -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @unflatten_c3(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{cannot arrange the elements of (8) as (4, 3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.unflatten %x {dim = -1 : i64, sizes = array<i64: 4, 3>} : (tensor<?x8xf32>) -> tensor<?x4x3xf32>
  esper.return
}

// -----

esper.kernel @unflatten_c4(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{the elements of (4611686018427387904, 2) do not fit in 64 bits}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.unflatten %x {dim = 0 : i64, sizes = array<i64: 4611686018427387904, 2>} : (tensor<?x8xf32>) -> tensor<?x2x8xf32>
  esper.return
}

// -----

esper.kernel @transpose_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim 2 is outside of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.transpose %x {dim0 = 0 : i64, dim1 = 2 : i64} : (tensor<?x8xf32>) -> tensor<8x?xf32>
  esper.return
}

// -----

esper.kernel @permute_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dims must name each of the 2 dimensions of the input once, found (1, -1)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.permute %x {dims = array<i64: 1, -1>} : (tensor<?x8xf32>) -> tensor<8x?xf32>
  esper.return
}

// -----

esper.kernel @permute_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dims must name each of the 2 dimensions of the input once, found (0)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.permute %x {dims = array<i64: 0>} : (tensor<?x8xf32>) -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @concat_c1() {
  // expected-error@+2 {{concat needs at least one input}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.concat {dim = 0 : i64} : () -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @concat_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim 2 is outside of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.concat %x, %x {dim = 2 : i64} : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @concat_c3(%a: tensor<?x8xf32>, %b: tensor<?x9xf32>) {
  // expected-error@+2 {{inputs must agree outside of dimension 0, found (?, 8) and (?, 9)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.concat %a, %b {dim = 0 : i64} : (tensor<?x8xf32>, tensor<?x9xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @concat_c3(%a: tensor<?x8xf32>, %b: tensor<8xf32>) {
  // expected-error@+2 {{inputs must have equal ranks, found (?, 8) and (8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.concat %a, %b {dim = 0 : i64} : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @concat_c4(%a: tensor<?x8xf32>, %b: tensor<?x8xf64>) {
  // expected-error@+2 {{inputs must have equal element types, found 'f32' and 'f64'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.concat %a, %b {dim = 0 : i64} : (tensor<?x8xf32>, tensor<?x8xf64>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @concat_c5(%x: tensor<4611686018427387904xf32>) {
  // expected-error@+2 {{the size of dimension 0 of the result does not fit in 64 bits}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.concat %x, %x {dim = 0 : i64} : (tensor<4611686018427387904xf32>, tensor<4611686018427387904xf32>) -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @split_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim 2 is outside of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.split %x {dim = 2 : i64, sizes = array<i64: 8>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @split_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{sizes must not be empty nor negative, found (9, -1)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0, %1 = esper.split %x {dim = 1 : i64, sizes = array<i64: 9, -1>} : (tensor<?x8xf32>) -> (tensor<?x9xf32>, tensor<?x1xf32>)
  esper.return
}

// -----

esper.kernel @split_c3(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{sizes (3, 4) must add up to 8, dimension 1 of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0, %1 = esper.split %x {dim = 1 : i64, sizes = array<i64: 3, 4>} : (tensor<?x8xf32>) -> (tensor<?x3xf32>, tensor<?x4xf32>)
  esper.return
}

// -----

esper.kernel @slice_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim 2 is outside of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.slice %x {dim = 2 : i64, start = 0 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @slice_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{step must be >= 1, found 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.slice %x {dim = 1 : i64, start = 0 : i64, step = 0 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @index_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim 2 is outside of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.index %x {dim = 2 : i64, index = 0 : i64} : (tensor<?x8xf32>) -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @index_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{index -9 is outside of a dimension of 8}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.index %x {dim = 1 : i64, index = -9 : i64} : (tensor<?x8xf32>) -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @slice_like_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim -3 is outside of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.slice_like %x, %x {dim = -3 : i64, like_dim = 0 : i64} : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @slice_like_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim 2 is outside of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.slice_like %x, %x {dim = 0 : i64, like_dim = 2 : i64} : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @pad_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{pads must have an even number of entries, at most 4, found 3}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pad %x {pads = array<i64: 1, 1, 1>, mode = #esper<pad_mode constant>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @pad_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{pads must have an even number of entries, at most 4, found 6}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pad %x {pads = array<i64: 1, 1, 1, 1, 1, 1>, mode = #esper<pad_mode constant>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @pad_c2(%x: tensor<8xf32>) {
  // expected-error@+2 {{mode reflect pads 1 to 3 dimensions and leaves 1 or 2, found 1 of 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pad %x {pads = array<i64: 1, 1>, mode = #esper<pad_mode reflect>} : (tensor<8xf32>) -> tensor<10xf32>
  esper.return
}

// -----

esper.kernel @pad_c3(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{pads (8, 0) of a dimension of size 8 must be smaller than it}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pad %x {pads = array<i64: 8, 0>, mode = #esper<pad_mode reflect>} : (tensor<?x8xf32>) -> tensor<?x16xf32>
  esper.return
}

// -----

esper.kernel @pad_c3(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{pads (0, 9) of a dimension of size 8 must not be greater than it}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pad %x {pads = array<i64: 0, 9>, mode = #esper<pad_mode circular>} : (tensor<?x8xf32>) -> tensor<?x17xf32>
  esper.return
}

// -----

esper.kernel @pad_c4(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{pads (-4, -5) of a dimension of size 8 cut off more than there is}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pad %x {pads = array<i64: -4, -5>, mode = #esper<pad_mode constant>} : (tensor<?x8xf32>) -> tensor<?x0xf32>
  esper.return
}

// -----

esper.kernel @pad_c4(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{pads (5, -9) of a dimension of size 8 cut off more than there is}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pad %x {pads = array<i64: 5, -9>, mode = #esper<pad_mode constant>} : (tensor<?x8xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @pad_c4(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{pads (-8, 0) of a dimension of size 8 leave nothing}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pad %x {pads = array<i64: -8, 0>, mode = #esper<pad_mode reflect>} : (tensor<?x8xf32>) -> tensor<?x0xf32>
  esper.return
}

// -----

esper.kernel @pad_c4(%x: tensor<?x0xf32>) {
  // expected-error@+2 {{pads (1, 1) of a dimension of size 0 leave nothing}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pad %x {pads = array<i64: 1, 1>, mode = #esper<pad_mode replicate>} : (tensor<?x0xf32>) -> tensor<?x2xf32>
  esper.return
}

// -----

esper.kernel @pad_c5(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{value must be 0 in mode replicate, found 1.0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pad %x {pads = array<i64: 1, 1>, mode = #esper<pad_mode replicate>, value = 1.0 : f64} : (tensor<?x8xf32>) -> tensor<?x10xf32>
  esper.return
}

// -----

esper.kernel @pad_c6(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{of a dimension of size 8 do not fit in 64 bits}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pad %x {pads = array<i64: 4611686018427387904, 4611686018427387904>, mode = #esper<pad_mode constant>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @expand_as_c1(%x: tensor<?x8xf32>, %l: tensor<8xf32>) {
  // expected-error@+2 {{like (8) has a lower rank than input (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.expand_as %x, %l : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @expand_as_c2(%x: tensor<4xf32>, %l: tensor<?x8xf32>) {
  // expected-error@+2 {{dimension 0 of input (4) must be 1 or that of like (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.expand_as %x, %l : (tensor<4xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @unsqueeze_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim 3 is outside of [-3, 2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.unsqueeze %x {dim = 3 : i64} : (tensor<?x8xf32>) -> tensor<?x8x1xf32>
  esper.return
}

// -----

esper.kernel @squeeze_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim 2 is outside of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.squeeze %x {dim = 2 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @squeeze_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{the size of dimension 0 of (?, 8) must be known}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.squeeze %x {dim = 0 : i64} : (tensor<?x8xf32>) -> tensor<8xf32>
  esper.return
}

// -----

esper.kernel @pixel_shuffle_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{input must have rank >= 3, found (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pixel_shuffle %x {factor = 2 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @pixel_shuffle_c2(%x: tensor<8x4x4xf32>) {
  // expected-error@+2 {{factor must be >= 1, found 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pixel_shuffle %x {factor = 0 : i64} : (tensor<8x4x4xf32>) -> tensor<8x4x4xf32>
  esper.return
}

// -----

esper.kernel @pixel_shuffle_c3(%x: tensor<6x4x4xf32>) {
  // expected-error@+2 {{the channels (6) must divide by the square of factor (4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pixel_shuffle %x {factor = 2 : i64} : (tensor<6x4x4xf32>) -> tensor<1x8x8xf32>
  esper.return
}

// -----

esper.kernel @pixel_shuffle_c4(%x: tensor<?x4x4xf32>) {
  // expected-error@+2 {{does not fit in 64 bits}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pixel_shuffle %x {factor = 4611686018427387904 : i64} : (tensor<?x4x4xf32>) -> tensor<?x8x8xf32>
  esper.return
}

// -----

esper.kernel @pixel_unshuffle_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{input must have rank >= 3, found (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pixel_unshuffle %x {factor = 2 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @pixel_unshuffle_c2(%x: tensor<8x4x4xf32>) {
  // expected-error@+2 {{factor must be >= 1, found -2}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pixel_unshuffle %x {factor = -2 : i64} : (tensor<8x4x4xf32>) -> tensor<8x4x4xf32>
  esper.return
}

// -----

esper.kernel @pixel_unshuffle_c3(%x: tensor<8x4x5xf32>) {
  // expected-error@+2 {{the last two dimensions of (8, 4, 5) must divide by factor (2)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pixel_unshuffle %x {factor = 2 : i64} : (tensor<8x4x5xf32>) -> tensor<32x2x2xf32>
  esper.return
}

// -----

esper.kernel @pixel_unshuffle_c4(%x: tensor<8x?x?xf32>) {
  // expected-error@+2 {{8 channels times the square of}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.pixel_unshuffle %x {factor = 4294967296 : i64} : (tensor<8x?x?xf32>) -> tensor<32x?x?xf32>
  esper.return
}

// -----

esper.kernel @channel_shuffle_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{input must have rank >= 3, found (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.channel_shuffle %x {groups = 2 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @channel_shuffle_c2(%x: tensor<?x8x4xf32>) {
  // expected-error@+2 {{groups must be >= 1, found 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.channel_shuffle %x {groups = 0 : i64} : (tensor<?x8x4xf32>) -> tensor<?x8x4xf32>
  esper.return
}

// -----

esper.kernel @channel_shuffle_c3(%x: tensor<?x8x4xf32>) {
  // expected-error@+2 {{dimension 1 of (?, 8, 4) must divide by groups (3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.channel_shuffle %x {groups = 3 : i64} : (tensor<?x8x4xf32>) -> tensor<?x8x4xf32>
  esper.return
}

// -----

esper.kernel @upsample_c1(%x: tensor<?x3x4xf32>) {
  // expected-error@+2 {{mode bilinear takes 2 to 2 spatial dimensions after two others, found (?, 3, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.upsample %x {mode = #esper<upsample_mode bilinear>, scale_factor = array<f64: 2.0>} : (tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  esper.return
}

// -----

esper.kernel @upsample_c2(%x: tensor<?x3x4xf32>) {
  // expected-error@+2 {{exactly one of output_size and scale_factor is needed}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.upsample %x {mode = #esper<upsample_mode nearest>, align_corners = false} : (tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  esper.return
}

// -----

esper.kernel @upsample_c2(%x: tensor<?x3x4xf32>) {
  // expected-error@+2 {{exactly one of output_size and scale_factor is needed}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.upsample %x {mode = #esper<upsample_mode nearest>, scale_factor = array<f64: 2.0>, output_size = array<i64: 8>} : (tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  esper.return
}

// -----

esper.kernel @upsample_c3(%x: tensor<?x3x4xf32>) {
  // expected-error@+2 {{expected 1 new sizes, one for each spatial dimension, found 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.upsample %x {mode = #esper<upsample_mode nearest>, output_size = array<i64: 8, 8>} : (tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  esper.return
}

// -----

esper.kernel @upsample_c4(%x: tensor<?x3x4xf32>) {
  // expected-error@+2 {{new size or factor 0 must be positive, found 0.0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.upsample %x {mode = #esper<upsample_mode nearest>, output_size = array<i64: 0>} : (tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  esper.return
}

// -----

esper.kernel @upsample_c4(%x: tensor<?x3x4xf32>) {
  // expected-error@+2 {{new size or factor 0 must be positive, found}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.upsample %x {mode = #esper<upsample_mode nearest>, scale_factor = array<f64: 0x7FF8000000000000>} : (tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  esper.return
}

// -----

esper.kernel @upsample_c5(%x: tensor<?x3x4xf32>) {
  // expected-error@+2 {{align_corners has no meaning in mode nearest}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.upsample %x {mode = #esper<upsample_mode nearest>, scale_factor = array<f64: 2.0>, align_corners = false} : (tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  esper.return
}

// -----

esper.kernel @upsample_c6(%x: tensor<?x3x0xf32>) {
  // expected-error@+2 {{nothing to interpolate in (?, 3, 0)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.upsample %x {mode = #esper<upsample_mode nearest>, scale_factor = array<f64: 2.0>} : (tensor<?x3x0xf32>) -> tensor<?x3x0xf32>
  esper.return
}

// -----

esper.kernel @upsample_c6(%x: tensor<?x3x4xf32>) {
  // expected-error@+2 {{spatial dimension 0 of size 4 times 1.0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.upsample %x {mode = #esper<upsample_mode nearest>, scale_factor = array<f64: 0.1>} : (tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  esper.return
}

// -----

esper.kernel @upsample_c7(%x: tensor<?x3x4xf32>) {
  // expected-error@+2 {{does not fit in 64 bits}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.upsample %x {mode = #esper<upsample_mode nearest>, scale_factor = array<f64: 1.0e+300>} : (tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  esper.return
}

// -----

esper.kernel @contiguous_c1(%x: tensor<?x3x8xf32>) {
  // expected-error @below {{a tensor of rank 3 cannot be made channels_last}}
  %y = esper.contiguous channels_last %x : tensor<?x3x8xf32>
  esper.return
}

// RUN: tez-opt %s --split-input-file --verify-diagnostics

esper.kernel @cast_c1(%x: tensor<4xf32>) {
  // expected-error@+2 {{cannot cast to 'i8', expected f16, bf16, f32 or f64}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.cast %x {to = i8} : (tensor<4xf32>) -> tensor<4xf32>
  esper.return
}

// -----

esper.kernel @quantize_weight_c1(%w: tensor<4xf32>) {
  // expected-error@+2 {{weight must have rank >= 2, found (4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0, %1 = esper.quantize_weight %w : (tensor<4xf32>) -> (tensor<4xi8>, tensor<4xf32>)
  esper.return
}

// -----

esper.kernel @quantized_linear_c1(%x: tensor<?x8xf32>, %w: tensor<4x6xi8>, %s: tensor<4xf32>) {
  // expected-error@+2 {{last dimension of input (8) must equal dimension 1 of weight (6)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.quantized_linear %x, %w, %s : (tensor<?x8xf32>, tensor<4x6xi8>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @quantized_linear_c2(%x: tensor<?x8xf32>, %w: tensor<4x8xi8>, %s: tensor<8xf32>) {
  // expected-error@+2 {{scales must have shape (4), found (8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.quantized_linear %x, %w, %s : (tensor<?x8xf32>, tensor<4x8xi8>, tensor<8xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @quantized_linear_c2(%x: tensor<?x8xf32>, %w: tensor<4x8xi8>, %s: tensor<4xf32>, %b: tensor<8xf32>) {
  // expected-error@+2 {{bias must have shape (4), found (8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.quantized_linear %x, %w, %s, %b : (tensor<?x8xf32>, tensor<4x8xi8>, tensor<4xf32>, tensor<8xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @quantized_linear_c3(%x: tensor<?x8xf32>, %w: tensor<4x8xi16>, %s: tensor<4xf32>) {
  // expected-error@+2 {{weight must hold i8, found 'i16'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.quantized_linear %x, %w, %s : (tensor<?x8xf32>, tensor<4x8xi16>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @quantized_linear_c4(%x: tensor<?x8xf32>, %w: tensor<4x8xi8>, %s: tensor<4xf32>) {
  // expected-error@+2 {{input_scale must be positive and finite, found 0.000000e+00}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.quantized_linear %x, %w, %s {input_scale = 0.0 : f64, input_zero = 0 : i64} : (tensor<?x8xf32>, tensor<4x8xi8>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @quantized_linear_c4(%x: tensor<?x8xf32>, %w: tensor<4x8xi8>, %s: tensor<4xf32>) {
  // expected-error@+2 {{input_zero must be in [0, 255], found 256}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.quantized_linear %x, %w, %s {input_scale = 1.0 : f64, input_zero = 256 : i64} : (tensor<?x8xf32>, tensor<4x8xi8>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @quantized_linear_c4(%x: tensor<?x8xf32>, %w: tensor<4x8xi8>, %s: tensor<4xf32>) {
  // expected-error@+2 {{input_scale and input_zero must be given together}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.quantized_linear %x, %w, %s {input_scale = 1.0 : f64} : (tensor<?x8xf32>, tensor<4x8xi8>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @quantized_conv_c1(%x: tensor<?x3x9xf32>, %w: tensor<6x3x2xi8>, %s: tensor<6xf32>) {
  // expected-error@+2 {{input must have rank 4, found (?, 3, 9)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.quantized_conv %x, %w, %s {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>, input_scale = 1.0 : f64, input_zero = 0 : i64, output_scale = 1.0 : f64, output_zero = 0 : i64} : (tensor<?x3x9xf32>, tensor<6x3x2xi8>, tensor<6xf32>) -> tensor<?x6x8xf32>
  esper.return
}

// -----

esper.kernel @quantized_conv_c1(%x: tensor<?x4x9x9xf32>, %w: tensor<6x3x2x2xi8>, %s: tensor<6xf32>) {
  // expected-error@+2 {{input must have 3 channels (dimension 1) for this weight and groups, found 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.quantized_conv %x, %w, %s {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 1.0 : f64, input_zero = 0 : i64, output_scale = 1.0 : f64, output_zero = 0 : i64} : (tensor<?x4x9x9xf32>, tensor<6x3x2x2xi8>, tensor<6xf32>) -> tensor<?x6x8x8xf32>
  esper.return
}

// -----

esper.kernel @quantized_conv_c2(%x: tensor<?x3x9x9xf32>, %w: tensor<6x3x2x2xi8>, %s: tensor<3xf32>) {
  // expected-error@+2 {{scales must have shape (6), found (3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.quantized_conv %x, %w, %s {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 1.0 : f64, input_zero = 0 : i64, output_scale = 1.0 : f64, output_zero = 0 : i64} : (tensor<?x3x9x9xf32>, tensor<6x3x2x2xi8>, tensor<3xf32>) -> tensor<?x6x8x8xf32>
  esper.return
}

// -----

esper.kernel @quantized_conv_c3(%x: tensor<?x3x9x9xf32>, %w: tensor<6x3x2x2xi32>, %s: tensor<6xf32>) {
  // expected-error@+2 {{weight must hold i8, found 'i32'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.quantized_conv %x, %w, %s {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 1.0 : f64, input_zero = 0 : i64, output_scale = 1.0 : f64, output_zero = 0 : i64} : (tensor<?x3x9x9xf32>, tensor<6x3x2x2xi32>, tensor<6xf32>) -> tensor<?x6x8x8xf32>
  esper.return
}

// -----

esper.kernel @quantized_conv_c4(%x: tensor<?x3x9x9xf32>, %w: tensor<6x3x2x2xi8>, %s: tensor<6xf32>) {
  // expected-error@+2 {{output_zero must be in [0, 255], found -1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.quantized_conv %x, %w, %s {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 1.0 : f64, input_zero = 0 : i64, output_scale = 1.0 : f64, output_zero = -1 : i64} : (tensor<?x3x9x9xf32>, tensor<6x3x2x2xi8>, tensor<6xf32>) -> tensor<?x6x8x8xf32>
  esper.return
}

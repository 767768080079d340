// RUN: tez-opt %s | tez-opt | FileCheck %s
// RUN: tez-opt --canonicalize %s | FileCheck %s --check-prefix=FOLD

// There and back is nothing only where the way there loses nothing.
// CHECK-LABEL: esper.kernel @cast(
// FOLD-LABEL:  esper.kernel @cast(
esper.kernel @cast(%x: tensor<?x4xf32>, %h: tensor<?x4xbf16>) -> (tensor<?x4xf32>, tensor<?x4xbf16>, tensor<?x4xf32>) {
  // CHECK: esper.cast %{{.*}} {to = f32} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // FOLD:      %[[N:.*]] = esper.cast %arg0 {to = bf16}
  // FOLD-NEXT: %[[W:.*]] = esper.cast %[[N]] {to = f32}
  // FOLD-NEXT: esper.return %arg0, %arg1, %[[W]]
  %same = esper.cast %x {to = f32} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %wide = esper.cast %h {to = f32} : (tensor<?x4xbf16>) -> tensor<?x4xf32>
  %back = esper.cast %wide {to = bf16} : (tensor<?x4xf32>) -> tensor<?x4xbf16>
  %narrow = esper.cast %x {to = bf16} : (tensor<?x4xf32>) -> tensor<?x4xbf16>
  %lost = esper.cast %narrow {to = f32} : (tensor<?x4xbf16>) -> tensor<?x4xf32>
  esper.return %same, %back, %lost : tensor<?x4xf32>, tensor<?x4xbf16>, tensor<?x4xf32>
}

// bf16 holds no f16.
// FOLD-LABEL: esper.kernel @two_halves(
// FOLD-COUNT-2: esper.cast
esper.kernel @two_halves(%x: tensor<4xf16>) -> tensor<4xf16> {
  %0 = esper.cast %x {to = bf16} : (tensor<4xf16>) -> tensor<4xbf16>
  %1 = esper.cast %0 {to = f16} : (tensor<4xbf16>) -> tensor<4xf16>
  esper.return %1 : tensor<4xf16>
}

// CHECK-LABEL: esper.kernel @quantized(
esper.kernel @quantized(%x: tensor<?x8xf32>, %i: tensor<?x3x?x32xf32>) -> (tensor<?x4xf32>, tensor<?x6x?x16xf32>) {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x8xf32>
  %k = esper.param "kernel" <uniform, -0.5, 0.5> : tensor<6x3x2x2xf32>
  // CHECK: esper.quantize_weight %{{.*}} : (tensor<4x8xf32>) -> (tensor<4x8xi8>, tensor<4xf32>)
  %q, %s = esper.quantize_weight %w : (tensor<4x8xf32>) -> (tensor<4x8xi8>, tensor<4xf32>)
  // CHECK: esper.quantize_weight %{{.*}} : (tensor<6x3x2x2xf32>) -> (tensor<6x3x2x2xi8>, tensor<6xf32>)
  %r, %t = esper.quantize_weight %k : (tensor<6x3x2x2xf32>) -> (tensor<6x3x2x2xi8>, tensor<6xf32>)
  // CHECK: esper.quantized_linear %{{.*}}, %{{.*}}, %{{.*}} {relu} : (tensor<?x8xf32>, tensor<4x8xi8>, tensor<4xf32>) -> tensor<?x4xf32>
  %y = esper.quantized_linear %x, %q, %s {relu} : (tensor<?x8xf32>, tensor<4x8xi8>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: esper.quantized_conv {{.*}} -> tensor<?x6x?x16xf32>
  %z = esper.quantized_conv %i, %r, %t {stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 0.5 : f64, input_zero = 3 : i64, output_scale = 0.25 : f64, output_zero = 255 : i64}
      : (tensor<?x3x?x32xf32>, tensor<6x3x2x2xi8>, tensor<6xf32>) -> tensor<?x6x?x16xf32>
  esper.return %y, %z : tensor<?x4xf32>, tensor<?x6x?x16xf32>
}

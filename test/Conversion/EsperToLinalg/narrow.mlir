// RUN: tez-opt --esper-to-linalg --split-input-file %s | FileCheck %s
// RUN: tez-opt --esper-to-linalg=wide-rows --split-input-file %s | FileCheck %s --check-prefix=WIDE

// Products of bf16 are summed in f32; all other arithmetic is in f32, and rounded where a value is of bf16.
// CHECK-LABEL: func.func @halves(
// CHECK-SAME:    memref<?x3xf32> {native.input = "input0"}, %{{.*}}: memref<4x3xbf16> {native.state = "w"}, %{{.*}}: memref<4xbf16> {native.state = "b"}
// CHECK:         linalg.generic {{.*}} ins(%{{.*}} : tensor<?x3xf32>) outs(%{{.*}} : tensor<?x3xbf16>)
// CHECK:           arith.truncf
// CHECK:         linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<?x3xbf16>, tensor<4x3xbf16>) outs(%{{.*}} : tensor<?x4xf32>)
// CHECK-COUNT-2:   arith.extf
// CHECK:           arith.mulf
// CHECK:           arith.addf %{{.*}} : f32
// CHECK:         linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<?x4xf32>, tensor<4xbf16>) outs(%{{.*}} : tensor<?x4xbf16>)
// CHECK:           arith.addf
// CHECK:           arith.truncf
// CHECK:         linalg.generic {{.*}} ins(%{{.*}} : tensor<?x4xbf16>) outs(%{{.*}} : tensor<?x4xf32>)
// CHECK:           arith.extf
//
// With wide rows only the weights are bf16, and nothing is rounded.
// WIDE-LABEL: func.func @halves(
// WIDE-NOT:     arith.truncf
// WIDE:         linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<?x3xf32>, tensor<4x3xbf16>) outs(%{{.*}} : tensor<?x4xf32>)
// WIDE-COUNT-1:   arith.extf
// WIDE:           arith.mulf
// WIDE-NOT:     arith.truncf
// WIDE:         return
esper.kernel @halves(%x: tensor<?x3xf32>) -> tensor<?x4xf32> attributes {esper.infer} {
  %0 = esper.cast %x {to = bf16} : (tensor<?x3xf32>) -> tensor<?x3xbf16>
  %w = esper.buffer "w" <constant, 0.0> : tensor<4x3xbf16>
  %b = esper.buffer "b" <constant, 0.0> : tensor<4xbf16>
  %1 = esper.linear %0, %w, %b : (tensor<?x3xbf16>, tensor<4x3xbf16>, tensor<4xbf16>) -> tensor<?x4xbf16>
  %2 = esper.cast %1 {to = f32} : (tensor<?x4xbf16>) -> tensor<?x4xf32>
  esper.return %2 : tensor<?x4xf32>
}

// -----

// Each row gets a grid, once for both layers; the sums of the weights' columns are a weight of their own.
// CHECK-LABEL: func.func @dynamic(
// CHECK-SAME:    memref<4x3xi8> {native.state = "w"}
// CHECK-SAME:    memref<4xi32> {native.column_sums, native.state = "w"}
// CHECK:         %[[GRID:.*]]:2 = native.row_grid(%{{.*}} : tensor<?x3xf32>)
// CHECK:         linalg.generic {{.*}} ins(%{{.*}}, %[[GRID]]#0, %[[GRID]]#1 : tensor<?x3xf32>, tensor<?x1xf32>, tensor<?x1xf32>) outs(%{{.*}} : tensor<?x3xi8>)
// CHECK:           math.roundeven
// CHECK:           arith.trunci
// CHECK-NOT:     native.row_grid
// CHECK:         linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<?x3xi8>, tensor<4x3xi8>) outs(%{{.*}} : tensor<?x4xi32>)
// CHECK:           arith.extui
// CHECK:           arith.extsi
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<?x4xf32>)
// CHECK:           arith.subi
// CHECK:           arith.sitofp
// CHECK:         linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<?x3xi8>, tensor<2x3xi8>) outs(%{{.*}} : tensor<?x2xi32>)
esper.kernel @dynamic(%x: tensor<?x3xf32>) -> (tensor<?x4xf32>, tensor<?x2xf32>) attributes {esper.infer} {
  %w = esper.buffer "w" <constant, 0.0> : tensor<4x3xi8>
  %s = esper.buffer "s" <constant, 0.0> : tensor<4xf32>
  %b = esper.buffer "b" <constant, 0.0> : tensor<4xf32>
  %0 = esper.quantized_linear %x, %w, %s, %b : (tensor<?x3xf32>, tensor<4x3xi8>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %v = esper.buffer "v" <constant, 0.0> : tensor<2x3xi8>
  %t = esper.buffer "t" <constant, 0.0> : tensor<2xf32>
  %1 = esper.quantized_linear %x, %v, %t : (tensor<?x3xf32>, tensor<2x3xi8>, tensor<2xf32>) -> tensor<?x2xf32>
  esper.return %0, %1 : tensor<?x4xf32>, tensor<?x2xf32>
}

// -----

// A grid that is known.
// CHECK-LABEL: func.func @static(
// CHECK-NOT:     native.row_grid
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<?x3xi8>)
// CHECK:           arith.constant 2.000000e+00 : f32
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<?x4xf32>)
// CHECK:           arith.sitofp
esper.kernel @static(%x: tensor<?x3xf32>) -> tensor<?x4xf32> attributes {esper.infer} {
  %w = esper.buffer "w" <constant, 0.0> : tensor<4x3xi8>
  %s = esper.buffer "s" <constant, 0.0> : tensor<4xf32>
  %0 = esper.quantized_linear %x, %w, %s {input_scale = 0.5, input_zero = 12, relu} : (tensor<?x3xf32>, tensor<4x3xi8>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return %0 : tensor<?x4xf32>
}

// -----

// A norm of bf16 has none.
// CHECK: esper.kernel @norm
esper.kernel @norm(%x: tensor<?x3xf32>) -> tensor<?x3xf32> attributes {esper.infer} {
  %0 = esper.cast %x {to = bf16} : (tensor<?x3xf32>) -> tensor<?x3xbf16>
  %1 = esper.rms_norm %0 {normalized_shape = array<i64: 3>} : (tensor<?x3xbf16>) -> tensor<?x3xbf16>
  %2 = esper.cast %1 {to = f32} : (tensor<?x3xbf16>) -> tensor<?x3xf32>
  esper.return %2 : tensor<?x3xf32>
}

// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-fuse-convolutions))' --split-input-file %s | FileCheck %s

#image = affine_map<(d0, d1) -> (d0, d1)>
#vector = affine_map<(d0, d1) -> (d1)>

// Activation and residual: one nest, the image beside is an extra behind the bias.
// CHECK-LABEL: func.func @residual
// CHECK-SAME:    %[[X:.*]]: tensor<?x8xf32>, %[[W:.*]]: tensor<2x2x1x1xf32>, %[[B:.*]]: tensor<2xf32>, %[[R:[a-z0-9]*]]: tensor<?x8xf32>, %{{.*}}
// CHECK:         native.conv(%[[X]] : tensor<?x8xf32>) times(%[[W]] : tensor<2x2x1x1xf32>) with(%[[B]], %[[R]] : tensor<2xf32>, tensor<?x8xf32>)
// CHECK-NEXT:    ^bb0(%[[S:.*]]: f32, %[[C:.*]]: f32, %[[E:.*]]: f32):
// CHECK-NEXT:      %[[A:.*]] = arith.addf %[[S]], %[[C]]
// CHECK-NEXT:      %[[D:.*]] = arith.addf %[[A]], %[[E]]
// CHECK-NEXT:      %[[M:.*]] = arith.maximumf %[[D]]
// CHECK-NEXT:      native.yield %[[M]]
// CHECK-NOT:     linalg.generic
func.func @residual(%x: tensor<?x8xf32>, %w: tensor<2x2x1x1xf32>, %b: tensor<2xf32>, %r: tensor<?x8xf32>, %out: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %zero = arith.constant 0.0 : f32
  %y = native.conv(%x : tensor<?x8xf32>) times(%w : tensor<2x2x1x1xf32>) with(%b : tensor<2xf32>) into %out : tensor<?x8xf32> {
  ^bb0(%s: f32, %c: f32):
    %a = arith.addf %s, %c : f32
    native.yield %a : f32
  } {image = array<i64: 2, 2, 2>, outputs = 2 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<?x8xf32>
  %z = linalg.generic {indexing_maps = [#image, #image, #image], iterator_types = ["parallel", "parallel"]} ins(%y, %r : tensor<?x8xf32>, tensor<?x8xf32>) outs(%out : tensor<?x8xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %d = arith.addf %p, %q : f32
    linalg.yield %d : f32
  } -> tensor<?x8xf32>
  %u = linalg.generic {indexing_maps = [#image, #image], iterator_types = ["parallel", "parallel"]} ins(%z : tensor<?x8xf32>) outs(%out : tensor<?x8xf32>) {
  ^bb0(%p: f32, %o: f32):
    %d = arith.maximumf %p, %zero : f32
    linalg.yield %d : f32
  } -> tensor<?x8xf32>
  return %u : tensor<?x8xf32>
}

// -----

#image = affine_map<(d0, d1) -> (d0, d1)>
#vector = affine_map<(d0, d1) -> (d1)>

// Read elsewhere, too; and a number a column is none a channel.
// CHECK-LABEL: func.func @kept
// CHECK-COUNT-2: linalg.generic
func.func @kept(%x: tensor<?x8xf32>, %w: tensor<2x2x1x1xf32>, %v: tensor<8xf32>, %out: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) {
  %a = native.conv(%x : tensor<?x8xf32>) times(%w : tensor<2x2x1x1xf32>) into %out : tensor<?x8xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 2, 2, 2>, outputs = 2 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<?x8xf32>
  %b = linalg.generic {indexing_maps = [#image, #image], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<?x8xf32>) outs(%out : tensor<?x8xf32>) {
  ^bb0(%p: f32, %o: f32):
    %d = arith.negf %p : f32
    linalg.yield %d : f32
  } -> tensor<?x8xf32>
  %c = native.conv(%x : tensor<?x8xf32>) times(%w : tensor<2x2x1x1xf32>) into %out : tensor<?x8xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {image = array<i64: 2, 2, 2>, outputs = 2 : i64, window = array<i64: 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} -> tensor<?x8xf32>
  %e = linalg.generic {indexing_maps = [#image, #vector, #image], iterator_types = ["parallel", "parallel"]} ins(%c, %v : tensor<?x8xf32>, tensor<8xf32>) outs(%out : tensor<?x8xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %d = arith.addf %p, %q : f32
    linalg.yield %d : f32
  } -> tensor<?x8xf32>
  return %a, %b, %e : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>
}

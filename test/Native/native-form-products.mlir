// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-form-products))' %s | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn3 = affine_map<(m, n, k) -> (m, n)>
#mn = affine_map<(m, n) -> (m, n)>
#n = affine_map<(m, n) -> (n)>

// The bias and the function become the product's epilogue; [N, K] is told as it is.
// CHECK-LABEL: func.func @linear
// CHECK-SAME:    %[[X:.*]]: tensor<?x3xf32>, %[[W:.*]]: tensor<4x3xf32>, %[[B:.*]]: tensor<4xf32>, %[[OUT:.*]]: tensor<?x4xf32>
// CHECK:         %[[P:.*]] = native.product(%[[X]] : {{.*}}) times(%[[W]] : {{.*}}) with(%[[B]] : {{.*}}) into %[[OUT]]
// CHECK-NEXT:    ^bb0(%[[SUM:.*]]: f32, %[[BIAS:.*]]: f32):
// CHECK-NEXT:      %[[A:.*]] = arith.addf %[[SUM]], %[[BIAS]]
// CHECK-NEXT:      native.yield %[[A]]
// CHECK-NEXT:    } {transposed = array<i1: true>}
// CHECK-NEXT:    return %[[P]]
func.func @linear(%x: tensor<?x3xf32>, %w: tensor<4x3xf32>, %b: tensor<4xf32>, %out: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%out : tensor<?x4xf32>) -> tensor<?x4xf32>
  %sum = linalg.generic {indexing_maps = [#mk, #nk, #mn3], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<?x3xf32>, tensor<4x3xf32>) outs(%start : tensor<?x4xf32>) {
  ^bb0(%a: f32, %c: f32, %acc: f32):
    %p = arith.mulf %a, %c : f32
    %s = arith.addf %acc, %p : f32
    linalg.yield %s : f32
  } -> tensor<?x4xf32>
  %y = linalg.generic {indexing_maps = [#mn, #n, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%sum, %b : tensor<?x4xf32>, tensor<4xf32>) outs(%out : tensor<?x4xf32>) {
  ^bb0(%a: f32, %c: f32, %o: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// Two products that one op reads become one nest: a gate costs no pass over memory.
// CHECK-LABEL: func.func @gate
// CHECK:         native.product(%{{.*}}, %{{.*}} : {{.*}}) times(%{{.*}}, %{{.*}} : {{.*}}) into
// CHECK-NEXT:    ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32):
// CHECK-NEXT:      arith.mulf %[[A]], %[[B]]
// CHECK-NOT:     native.product
func.func @gate(%x: tensor<?x3xf32>, %v: tensor<3x4xf32>, %w: tensor<3x4xf32>, %out: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%out : tensor<?x4xf32>) -> tensor<?x4xf32>
  %a = linalg.generic {indexing_maps = [#mk, #kn, #mn3], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %v : tensor<?x3xf32>, tensor<3x4xf32>) outs(%start : tensor<?x4xf32>) {
  ^bb0(%l: f32, %r: f32, %acc: f32):
    %p = arith.mulf %l, %r : f32
    %s = arith.addf %acc, %p : f32
    linalg.yield %s : f32
  } -> tensor<?x4xf32>
  %b = linalg.generic {indexing_maps = [#mk, #kn, #mn3], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<?x3xf32>, tensor<3x4xf32>) outs(%start : tensor<?x4xf32>) {
  ^bb0(%l: f32, %r: f32, %acc: f32):
    %p = arith.mulf %l, %r : f32
    %s = arith.addf %acc, %p : f32
    linalg.yield %s : f32
  } -> tensor<?x4xf32>
  %y = linalg.generic {indexing_maps = [#mn, #mn, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%a, %b : tensor<?x4xf32>, tensor<?x4xf32>) outs(%out : tensor<?x4xf32>) {
  ^bb0(%l: f32, %r: f32, %o: f32):
    %p = arith.mulf %l, %r : f32
    linalg.yield %p : f32
  } -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// Somebody else reads the sums: they are kept as they are.
// CHECK-LABEL: func.func @read_twice
// CHECK:         %[[P:.*]] = native.product
// CHECK-NEXT:    ^bb0(%[[SUM:.*]]: f32):
// CHECK-NEXT:      native.yield %[[SUM]]
// CHECK:         %[[Y:.*]] = linalg.generic
// CHECK:         return %[[P]], %[[Y]]
func.func @read_twice(%x: tensor<?x3xf32>, %w: tensor<3x4xf32>, %out: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%out : tensor<?x4xf32>) -> tensor<?x4xf32>
  %sum = linalg.generic {indexing_maps = [#mk, #kn, #mn3], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<?x3xf32>, tensor<3x4xf32>) outs(%start : tensor<?x4xf32>) {
  ^bb0(%l: f32, %r: f32, %acc: f32):
    %p = arith.mulf %l, %r : f32
    %s = arith.addf %acc, %p : f32
    linalg.yield %s : f32
  } -> tensor<?x4xf32>
  %y = linalg.generic {indexing_maps = [#mn, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%sum : tensor<?x4xf32>) outs(%out : tensor<?x4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %m = arith.maximumf %a, %zero : f32
    linalg.yield %m : f32
  } -> tensor<?x4xf32>
  return %sum, %y : tensor<?x4xf32>, tensor<?x4xf32>
}

// The sums start from something else than zero.
// CHECK-LABEL: func.func @accumulates
// CHECK-NOT:     native.product
func.func @accumulates(%x: tensor<?x3xf32>, %w: tensor<3x4xf32>, %start: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %sum = linalg.generic {indexing_maps = [#mk, #kn, #mn3], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<?x3xf32>, tensor<3x4xf32>) outs(%start : tensor<?x4xf32>) {
  ^bb0(%l: f32, %r: f32, %acc: f32):
    %p = arith.mulf %l, %r : f32
    %s = arith.addf %acc, %p : f32
    linalg.yield %s : f32
  } -> tensor<?x4xf32>
  return %sum : tensor<?x4xf32>
}

// bf16 factors: the sum is f32, and what stays in a register is not rounded for the op behind.
// CHECK-LABEL: func.func @halves
// CHECK:         native.product(%{{.*}} : tensor<?x3xbf16>) times(%{{.*}} : tensor<3x4xbf16>) into %{{.*}} : tensor<?x4xbf16> {
// CHECK-NEXT:    ^bb0(%[[SUM:.*]]: f32):
// CHECK-NEXT:      %[[MOST:.*]] = arith.maximumf %[[SUM]]
// CHECK-NEXT:      %[[ROUNDED:.*]] = arith.truncf %[[MOST]] : f32 to bf16
// CHECK-NEXT:      native.yield %[[ROUNDED]] : bf16
func.func @halves(%x: tensor<?x3xbf16>, %w: tensor<3x4xbf16>, %wide: tensor<?x4xf32>, %out: tensor<?x4xbf16>) -> tensor<?x4xbf16> {
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%wide : tensor<?x4xf32>) -> tensor<?x4xf32>
  %sum = linalg.generic {indexing_maps = [#mk, #kn, #mn3], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<?x3xbf16>, tensor<3x4xbf16>) outs(%start : tensor<?x4xf32>) {
  ^bb0(%l: bf16, %r: bf16, %acc: f32):
    %a = arith.extf %l : bf16 to f32
    %b = arith.extf %r : bf16 to f32
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %acc, %p : f32
    linalg.yield %s : f32
  } -> tensor<?x4xf32>
  %rounded = linalg.generic {indexing_maps = [#mn, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%sum : tensor<?x4xf32>) outs(%out : tensor<?x4xbf16>) {
  ^bb0(%a: f32, %o: bf16):
    %t = arith.truncf %a : f32 to bf16
    linalg.yield %t : bf16
  } -> tensor<?x4xbf16>
  %y = linalg.generic {indexing_maps = [#mn, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%rounded : tensor<?x4xbf16>) outs(%out : tensor<?x4xbf16>) {
  ^bb0(%a: bf16, %o: bf16):
    %e = arith.extf %a : bf16 to f32
    %m = arith.maximumf %e, %zero : f32
    %t = arith.truncf %m : f32 to bf16
    linalg.yield %t : bf16
  } -> tensor<?x4xbf16>
  return %y : tensor<?x4xbf16>
}

// Unsigned times signed 8-bit numbers; both signed is no product here.
// CHECK-LABEL: func.func @bytes
// CHECK:         native.product(%{{.*}} : tensor<?x3xi8>) times(%{{.*}} : tensor<3x4xi8>) into %{{.*}} : tensor<?x4xi32>
// CHECK-LABEL: func.func @signed
// CHECK-NOT:     native.product
func.func @bytes(%x: tensor<?x3xi8>, %w: tensor<3x4xi8>, %out: tensor<?x4xi32>) -> tensor<?x4xi32> {
  %zero = arith.constant 0 : i32
  %start = linalg.fill ins(%zero : i32) outs(%out : tensor<?x4xi32>) -> tensor<?x4xi32>
  %sum = linalg.generic {indexing_maps = [#mk, #kn, #mn3], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<?x3xi8>, tensor<3x4xi8>) outs(%start : tensor<?x4xi32>) {
  ^bb0(%l: i8, %r: i8, %acc: i32):
    %a = arith.extui %l : i8 to i32
    %b = arith.extsi %r : i8 to i32
    %p = arith.muli %a, %b : i32
    %s = arith.addi %acc, %p : i32
    linalg.yield %s : i32
  } -> tensor<?x4xi32>
  return %sum : tensor<?x4xi32>
}
func.func @signed(%x: tensor<?x3xi8>, %w: tensor<3x4xi8>, %out: tensor<?x4xi32>) -> tensor<?x4xi32> {
  %zero = arith.constant 0 : i32
  %start = linalg.fill ins(%zero : i32) outs(%out : tensor<?x4xi32>) -> tensor<?x4xi32>
  %sum = linalg.generic {indexing_maps = [#mk, #kn, #mn3], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<?x3xi8>, tensor<3x4xi8>) outs(%start : tensor<?x4xi32>) {
  ^bb0(%l: i8, %r: i8, %acc: i32):
    %a = arith.extsi %l : i8 to i32
    %b = arith.extsi %r : i8 to i32
    %p = arith.muli %a, %b : i32
    %s = arith.addi %acc, %p : i32
    linalg.yield %s : i32
  } -> tensor<?x4xi32>
  return %sum : tensor<?x4xi32>
}

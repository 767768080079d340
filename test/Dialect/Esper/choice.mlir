// RUN: tez-opt %s | tez-opt | FileCheck %s
// RUN: tez-opt %s --canonicalize | FileCheck %s --check-prefix=FOLD

// CHECK-LABEL: esper.kernel @choice(
esper.kernel @choice(%x: tensor<?x8xf32>, %o: !esper.optional<tensor<?x8xf32>>) -> (tensor<?x8xf32>, tensor<?x8xi8>) {
  %t = esper.training ""
  // CHECK: esper.full %{{.*}} {shape = array<i64>, value = 1.270000e+02 : f64} : (tensor<?x8xf32>) -> tensor<f32>
  %c = esper.full %x {value = 127.0 : f64, shape = array<i64>} : (tensor<?x8xf32>) -> tensor<f32>
  // CHECK: esper.full %{{.*}} {value = 0.000000e+00 : f64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %z = esper.full %x {value = 0.0 : f64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  // CHECK: esper.compare gt %{{.*}}, %{{.*}} : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xi1>
  %m = esper.compare gt %x, %c : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xi1>
  // CHECK: esper.where %{{.*}}, %{{.*}}, %{{.*}} : (tensor<?x8xi1>, tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xf32>
  %w = esper.where %m, %x, %c : (tensor<?x8xi1>, tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xf32>
  // CHECK: esper.select %{{.*}}, %{{.*}}, %{{.*}} : tensor<?x8xf32>, tensor<?x8xf32> -> tensor<?x8xf32>
  %s = esper.select %t, %w, %z : tensor<?x8xf32>, tensor<?x8xf32> -> tensor<?x8xf32>
  // CHECK: esper.is_given %{{.*}} : <tensor<?x8xf32>>
  %g = esper.is_given %o : !esper.optional<tensor<?x8xf32>>
  %v = esper.value_or %o, %x : !esper.optional<tensor<?x8xf32>>
  %y = esper.select %g, %v, %s : tensor<?x8xf32>, tensor<?x8xf32> -> tensor<?x8xf32>
  %r = esper.remainder %y, %c : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xf32>
  // CHECK: esper.to_integer %{{.*}} {to = i8} : (tensor<?x8xf32>) -> tensor<?x8xi8>
  %q = esper.to_integer %r {to = i8} : (tensor<?x8xf32>) -> tensor<?x8xi8>
  esper.return %y, %q : tensor<?x8xf32>, tensor<?x8xi8>
}

// A known mode chooses at once; equal sides need no choice.
// FOLD-LABEL: esper.kernel @known(
// FOLD-NOT: esper.select
// FOLD: esper.return %arg0, %arg1, %arg1
esper.kernel @known(%a: tensor<?x8xf32>, %b: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) {
  %on = esper.flag true
  %off = esper.flag false
  %t = esper.training ""
  %0 = esper.select %on, %a, %b : tensor<?x8xf32>, tensor<?x8xf32> -> tensor<?x8xf32>
  %1 = esper.select %off, %a, %b : tensor<?x8xf32>, tensor<?x8xf32> -> tensor<?x8xf32>
  %2 = esper.select %t, %b, %b : tensor<?x8xf32>, tensor<?x8xf32> -> tensor<?x8xf32>
  esper.return %0, %1, %2 : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>
}

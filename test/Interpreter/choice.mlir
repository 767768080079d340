// REQUIRES: torch
// RUN: tez-opt %s %against_torch

// Numbers of a shape of their own, and of another tensor's, floats and integers.
esper.kernel @full(%x: tensor<?x3xf32>, %i: tensor<?x3xi64>) -> (tensor<?x3xf32>, tensor<?x3xf32>, tensor<2x2xf32>, tensor<?x3xi64>) {
  %c = esper.full %x {value = 2.5 : f64, shape = array<i64>} : (tensor<?x3xf32>) -> tensor<f32>
  %0 = esper.multiply %x, %c : (tensor<?x3xf32>, tensor<f32>) -> tensor<?x3xf32>
  %1 = esper.full %x {value = -1.0 : f64} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %2 = esper.full %x {value = 0.5 : f64, shape = array<i64: 2, 2>} : (tensor<?x3xf32>) -> tensor<2x2xf32>
  %3 = esper.full %i {value = 7.0 : f64} : (tensor<?x3xi64>) -> tensor<?x3xi64>
  esper.return %0, %1, %2, %3 : tensor<?x3xf32>, tensor<?x3xf32>, tensor<2x2xf32>, tensor<?x3xi64>
}

// All six, and a choice by each; the gradient follows the choice.
esper.kernel @compare_where(%x: tensor<?x3xf32>, %y: tensor<?x3xf32>, %v: tensor<3xf32>) -> (tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xi1>, tensor<?x3xi1>) {
  %0 = esper.compare lt %x, %y : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xi1>
  %1 = esper.compare le %x, %v : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xi1>
  %2 = esper.compare gt %v, %x : (tensor<3xf32>, tensor<?x3xf32>) -> tensor<?x3xi1>
  %3 = esper.compare ge %x, %y : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xi1>
  %4 = esper.compare eq %x, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xi1>
  %5 = esper.compare ne %x, %y : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xi1>
  %a = esper.where %0, %x, %y : (tensor<?x3xi1>, tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %b = esper.where %1, %v, %y : (tensor<?x3xi1>, tensor<3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %c = esper.where %2, %x, %v : (tensor<?x3xi1>, tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %d = esper.where %3, %y, %x : (tensor<?x3xi1>, tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  esper.return %a, %b, %c, %d, %4, %5 : tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xi1>, tensor<?x3xi1>
}

// The divisor's sign, also of negative numbers.
esper.kernel @remainder(%x: tensor<?x3xf32>, %i: tensor<?x3xi64>) -> (tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xi64>) {
  %p = esper.full %x {value = 0.3 : f64, shape = array<i64>} : (tensor<?x3xf32>) -> tensor<f32>
  %n = esper.full %x {value = -0.7 : f64, shape = array<i64>} : (tensor<?x3xf32>) -> tensor<f32>
  %w = esper.full %i {value = 2.0 : f64, shape = array<i64>} : (tensor<?x3xi64>) -> tensor<i64>
  %0 = esper.remainder %x, %p : (tensor<?x3xf32>, tensor<f32>) -> tensor<?x3xf32>
  %1 = esper.remainder %x, %n : (tensor<?x3xf32>, tensor<f32>) -> tensor<?x3xf32>
  %2 = esper.remainder %i, %w : (tensor<?x3xi64>, tensor<i64>) -> tensor<?x3xi64>
  esper.return %0, %1, %2 : tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xi64>
}

// Towards zero, and back: no gradient on the way.
esper.kernel @to_integer(%x: tensor<?x3xf32>) -> (tensor<?x3xf32>, tensor<?x3xi8>, tensor<?x3xi64>) {
  %s = esper.scale %x, 3.000000e+01 : tensor<?x3xf32>
  %q = esper.to_integer %s {to = i8} : (tensor<?x3xf32>) -> tensor<?x3xi8>
  %w = esper.to_integer %s {to = i64} : (tensor<?x3xf32>) -> tensor<?x3xi64>
  %f = esper.type_as %q, %x : (tensor<?x3xi8>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %y = esper.multiply %f, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  esper.return %y, %q, %w : tensor<?x3xf32>, tensor<?x3xi8>, tensor<?x3xi64>
}

// By the mode, and by whether an input is given.
esper.kernel @select(%x: tensor<?x3xf32>, %o: !esper.optional<tensor<?x3xf32>>) -> (tensor<?x3xf32>, tensor<?x3xf32>) {
  %t = esper.training ""
  %g = esper.is_given %o : !esper.optional<tensor<?x3xf32>>
  %a = esper.scale %x, 2.000000e+00 : tensor<?x3xf32>
  %0 = esper.select %t, %a, %x : tensor<?x3xf32>, tensor<?x3xf32> -> tensor<?x3xf32>
  %v = esper.value_or %o, %x : !esper.optional<tensor<?x3xf32>>
  %b = esper.multiply %v, %a : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %1 = esper.select %g, %b, %x : tensor<?x3xf32>, tensor<?x3xf32> -> tensor<?x3xf32>
  esper.return %0, %1 : tensor<?x3xf32>, tensor<?x3xf32>
}

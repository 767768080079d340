// REQUIRES: torch
// RUN: tez-opt %s --tez-validate=checks=outputs --split-input-file --verify-diagnostics | FileCheck %s

// A file that computes what the reference says passes, unchanged.
// CHECK-LABEL: ts.module @right
// CHECK:         ts.call "aten::gelu"
ts.module @right trainable {
  ts.parameter "weight" : tensor<2x3xf32>
  ts.forward(%x: !ts.tensor "input") {
    %w = ts.get "weight" : !ts.tensor
    %y = ts.call "aten::linear"(%x, %w, none) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    %z = ts.call "aten::gelu"(%y, "none") : (!ts.tensor) -> !ts.tensor
    ts.return %z : !ts.tensor
  }
}
module @reference {
  esper.kernel @right(%x: tensor<?x3xf32>) -> tensor<?x2xf32> {
    %w = esper.param "weight" <uniform, -5.000000e-01, 5.000000e-01> : tensor<2x3xf32>
    %y = esper.linear %x, %w : (tensor<?x3xf32>, tensor<2x3xf32>) -> tensor<?x2xf32>
    %z = esper.activation "gelu" %y : tensor<?x2xf32>
    esper.return %z : tensor<?x2xf32>
  }
}

// -----

// expected-error@+1 {{there is no kernel 'lost' in module @reference}}
ts.module @lost trainable {
  ts.forward(%x: !ts.tensor "input") {
    ts.return %x : !ts.tensor
  }
}

// -----

// The tanh form of gelu instead of the exact one.
ts.module @tanh_gelu trainable {
  ts.forward(%x: !ts.tensor "input") {
    %z = ts.call "aten::gelu"(%x, "tanh") : (!ts.tensor) -> !ts.tensor
    ts.return %z : !ts.tensor
  }
}
module @reference {
  // expected-error@+1 {{the emitted kernel differs from the reference in training mode, fp64: output 0: element}}
  esper.kernel @tanh_gelu(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %z = esper.activation "gelu" %x : tensor<?x3xf32>
    esper.return %z : tensor<?x3xf32>
  }
}

// -----

// Batch norm with another momentum: the outputs agree, a buffer does not.
ts.module @momentum trainable {
  ts.submodule "1"
  ts.buffer "1.mean" : tensor<3xf32>
  ts.buffer "1.var" : tensor<3xf32>
  ts.forward(%x: !ts.tensor "input") {
    %t = ts.training "1" : !ts.bool
    %m = ts.get "1.mean" : !ts.tensor
    %v = ts.get "1.var" : !ts.tensor
    %y = ts.call "aten::batch_norm"(%x, none, none, %m, %v, %t, 2.000000e-01, 1.000000e-05, true) : (!ts.tensor, !ts.tensor, !ts.tensor, !ts.bool) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  // expected-error@+1 {{in training mode, fp64: buffer '1.}}
  esper.kernel @momentum(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %t = esper.training "1"
    %m = esper.buffer "1.mean" <constant, 0.0> : tensor<3xf32>
    %v = esper.buffer "1.var" <constant, 1.0> : tensor<3xf32>
    %y, %nm, %nv = "esper.batch_norm"(%x, %m, %v, %t) <{eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64, operandSegmentSizes = array<i32: 1, 0, 0, 1, 1, 1, 0>}> : (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>, i1) -> (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>)
    esper.return %y : tensor<?x3xf32> updates("1.mean" = %nm : tensor<3xf32>, "1.var" = %nv : tensor<3xf32>)
  }
}

// -----

// The first op whose value differs is named: here the sigmoid, not the product
// behind it.
ts.module @placed trainable {
  ts.forward(%x: !ts.tensor "input") {
    %a = ts.call "aten::relu"(%x) : (!ts.tensor) -> !ts.tensor loc("first")
    %b = ts.call "aten::tanh"(%a) : (!ts.tensor) -> !ts.tensor loc("second")
    %c = ts.call "aten::mul"(%b, %x) : (!ts.tensor, !ts.tensor) -> !ts.tensor loc("third")
    ts.return %c : !ts.tensor
  }
}
// expected-error@unknown {{the difference begins at this esper.activation}}
module @reference {
  esper.kernel @placed(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %a = esper.activation "relu" %x : tensor<?x3xf32> loc("first")
    %b = esper.activation "sigmoid" %a : tensor<?x3xf32> loc("second")
    %c = esper.multiply %b, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32> loc("third")
    esper.return %c : tensor<?x3xf32>
  }
}

// -----

// What only a GPU can run is run in its parts, with its own arguments.
// CHECK-LABEL: ts.module @fused
// CHECK:         ts.call "aten::cudnn_convolution_add_relu"
ts.module @fused {
  ts.parameter "weight" : tensor<3x3x3x1xf32>
  ts.forward(%x: !ts.tensor "input") {
    %w = ts.get "weight" : !ts.tensor
    %y = ts.call "aten::cudnn_convolution_add_relu"(%x, %w, %x, 1, none, array<i64: 1, 1>, array<i64: 1, 0>, array<i64: 1, 1>, 1) : (!ts.tensor, !ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  esper.kernel @fused(%x: tensor<?x3x4x5xf32>) -> tensor<?x3x4x5xf32> {
    %w = esper.param "weight" <uniform, -5.000000e-01, 5.000000e-01> : tensor<3x3x3x1xf32>
    %c = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 1, 0>, dilation = array<i64: 1, 1>} : (tensor<?x3x4x5xf32>, tensor<3x3x3x1xf32>) -> tensor<?x3x4x5xf32>
    %s = esper.add %c, %x : (tensor<?x3x4x5xf32>, tensor<?x3x4x5xf32>) -> tensor<?x3x4x5xf32>
    %y = esper.activation "relu" %s : tensor<?x3x4x5xf32>
    esper.return %y : tensor<?x3x4x5xf32>
  }
}

// -----

ts.module @fused_wrongly {
  ts.parameter "weight" : tensor<3x3x1x1xf32>
  ts.forward(%x: !ts.tensor "input") {
    %w = ts.get "weight" : !ts.tensor
    %y = ts.call "aten::cudnn_convolution_relu"(%x, %w, none, array<i64: 2, 1>, array<i64: 0, 0>, array<i64: 1, 1>, 1) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  // expected-error@+1 {{the emitted kernel differs from the reference}}
  esper.kernel @fused_wrongly(%x: tensor<?x3x4x4xf32>) -> tensor<?x3x4x2xf32> {
    %w = esper.param "weight" <uniform, -5.000000e-01, 5.000000e-01> : tensor<3x3x1x1xf32>
    %c = esper.conv %x, %w {stride = array<i64: 1, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x3x4x4xf32>, tensor<3x3x1x1xf32>) -> tensor<?x3x4x2xf32>
    %y = esper.activation "relu" %c : tensor<?x3x4x2xf32>
    esper.return %y : tensor<?x3x4x2xf32>
  }
}

// -----

// Within 1e-5 in each element, exact in fp64, and worse than torch's operator all over.
// expected-error@+10 {{the emitted kernel differs from the reference in eval mode, fp32: output 0: the rms of its errors is}}
ts.module @cancels {
  ts.forward(%x: !ts.tensor "input") {
    %t = ts.call "aten::tanh"(%x) : (!ts.tensor) -> !ts.tensor
    %a = ts.call "aten::add"(%t, 1.000000e+02, 1) : (!ts.tensor) -> !ts.tensor
    %y = ts.call "aten::add"(%a, -1.000000e+02, 1) : (!ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  esper.kernel @cancels(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
    %y = esper.activation "tanh" %x : tensor<?x64xf32>
    esper.return %y : tensor<?x64xf32>
  }
}

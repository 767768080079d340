// REQUIRES: torch
// RUN: tez-opt %s --tez-validate=checks=gradients --split-input-file --verify-diagnostics | FileCheck %s

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

// The outputs are right, but the weight takes no gradient.
ts.module @detached trainable {
  ts.parameter "weight" : tensor<3xf32>
  ts.forward(%x: !ts.tensor "input") {
    %w = ts.get "weight" : !ts.tensor
    %d = ts.call "aten::detach"(%w) : (!ts.tensor) -> !ts.tensor
    %y = ts.call "aten::mul"(%x, %d) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  esper.kernel @detached(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %w = esper.param "weight" <uniform, -5.000000e-01, 5.000000e-01> : tensor<3xf32>
    // expected-error@+1 {{the emitted kernel's gradients differ from the reference: the gradient of 'weight' is missing}}
    %y = esper.multiply %x, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
    esper.return %y : tensor<?x3xf32>
  }
}

// -----

// Twice the gradient of "small", which is 1e-8 of the others: within any bound for values of 1.
ts.module @vanishing trainable {
  ts.parameter "weight" : tensor<3xf32>
  ts.parameter "small" : tensor<3xf32>
  ts.forward(%x: !ts.tensor "input") {
    %w = ts.get "weight" : !ts.tensor
    %v = ts.get "small" : !ts.tensor
    %y = ts.call "aten::mul"(%x, %w) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    %s = ts.call "aten::mul"(%x, 1.000000e-08) : (!ts.tensor) -> !ts.tensor
    %a = ts.call "aten::mul"(%s, %v) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    %d = ts.call "aten::detach"(%a) : (!ts.tensor) -> !ts.tensor
    %t = ts.call "aten::mul"(%a, 2.000000e+00) : (!ts.tensor) -> !ts.tensor
    %z = ts.call "aten::sub"(%t, %d, 1) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y, %z : !ts.tensor, !ts.tensor
  }
}
module @reference {
  esper.kernel @vanishing(%x: tensor<?x3xf32>) -> (tensor<?x3xf32>, tensor<?x3xf32>) {
    %w = esper.param "weight" <uniform, -5.000000e-01, 5.000000e-01> : tensor<3xf32>
    %v = esper.param "small" <uniform, -5.000000e-01, 5.000000e-01> : tensor<3xf32>
    %y = esper.multiply %x, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
    %s = esper.scale %x, 1.0e-08 : tensor<?x3xf32>
    // expected-error@+1 {{the emitted kernel's gradients differ from the reference: the gradient of 'small'}}
    %z = esper.multiply %s, %v : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
    esper.return %y, %z : tensor<?x3xf32>, tensor<?x3xf32>
  }
}

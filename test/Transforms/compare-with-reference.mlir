// RUN: tez-opt %s %test_passes --pass-pipeline='builtin.module(test-compare-with-reference)' --split-input-file --verify-diagnostics -o /dev/null

// What finds no difference must also find one.

esper.kernel @same(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %y = esper.scale %x, 2.000000e+00 : tensor<?x3xf32>
  esper.return %y : tensor<?x3xf32>
}
module @reference {
  esper.kernel @same(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %y = esper.add %x, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
    esper.return %y : tensor<?x3xf32>
  }
}

// -----

// expected-error@+1 {{output 0 differs from the reference: element 0 is}}
esper.kernel @values(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %y = esper.scale %x, 2.000001e+00 : tensor<?x3xf32>
  esper.return %y : tensor<?x3xf32>
}
module @reference {
  esper.kernel @values(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %y = esper.scale %x, 2.000000e+00 : tensor<?x3xf32>
    esper.return %y : tensor<?x3xf32>
  }
}

// -----

// expected-error@+1 {{the gradient of input 0 differs from the reference}}
esper.kernel @gradients(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %y = esper.detach %x : tensor<?x3xf32>
  esper.return %y : tensor<?x3xf32>
}
module @reference {
  esper.kernel @gradients(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    esper.return %x : tensor<?x3xf32>
  }
}

// -----

// expected-error@+1 {{buffer 'calls' differs from the reference: element 0 is 0}}
esper.kernel @buffers(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %n = esper.buffer "calls" <constant, 0.0> : tensor<i64>
  esper.return %x : tensor<?x3xf32>
}
module @reference {
  esper.kernel @buffers(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %t = esper.training ""
    %n = esper.buffer "calls" <constant, 0.0> : tensor<i64>
    %m = esper.increment %n, %t : tensor<i64>
    esper.return %x : tensor<?x3xf32> updates("calls" = %m : tensor<i64>)
  }
}

// -----

// expected-error@+1 {{has no reference}}
esper.kernel @lost(%x: tensor<?xf32>) -> tensor<?xf32> {
  esper.return %x : tensor<?xf32>
}

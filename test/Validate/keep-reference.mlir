// RUN: tez-opt %s --tez-keep-reference --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: esper.kernel @net
// CHECK:       module @reference {
// CHECK-NEXT:    esper.kernel @net
// CHECK-NOT:   esper.kernel
esper.kernel @net(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  esper.return %x : tensor<?x3xf32>
}

// -----

// A reference is never overwritten.
// expected-error@+1 {{there is already a module @reference}}
module {
  module @reference {
  }
}

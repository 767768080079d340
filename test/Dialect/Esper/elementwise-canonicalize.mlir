// RUN: tez-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: esper.kernel @scale_by_one(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x8xf32>
esper.kernel @scale_by_one(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK-NOT: esper.scale
  // CHECK:     esper.return %[[X]]
  %0 = esper.scale %x, 1.0 : tensor<?x8xf32>
  esper.return %0 : tensor<?x8xf32>
}

// CHECK-LABEL: esper.kernel @scale_by_another(
esper.kernel @scale_by_another(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  // CHECK-COUNT-2: esper.scale
  %0 = esper.scale %x, 1.0000000001 : tensor<?x8xf32>
  %1 = esper.scale %x, -1.0 : tensor<?x8xf32>
  esper.return %0, %1 : tensor<?x8xf32>, tensor<?x8xf32>
}

// A single detach stays: it cuts the gradient.
// CHECK-LABEL: esper.kernel @detach_twice(
esper.kernel @detach_twice(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK:     %[[D:.*]] = esper.detach
  // CHECK-NOT: esper.detach
  // CHECK:     esper.return %[[D]]
  %0 = esper.detach %x : tensor<?x8xf32>
  %1 = esper.detach %0 : tensor<?x8xf32>
  esper.return %1 : tensor<?x8xf32>
}

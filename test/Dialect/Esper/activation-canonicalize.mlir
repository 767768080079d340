// RUN: tez-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: esper.kernel @relu_twice(
esper.kernel @relu_twice(%x: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK-NEXT: %[[A:.*]] = esper.activation "relu"
  %a = esper.activation "relu" %x : tensor<?xf32>
  %b = esper.activation "relu" %a : tensor<?xf32>
  // CHECK-NEXT: esper.return %[[A]]
  esper.return %b : tensor<?xf32>
}

// relu6 of relu is not relu.
// CHECK-LABEL: esper.kernel @relu6_of_relu(
esper.kernel @relu6_of_relu(%x: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK-NEXT: esper.activation "relu"
  %a = esper.activation "relu" %x : tensor<?xf32>
  // CHECK-NEXT: %[[B:.*]] = esper.activation "relu6"
  %b = esper.activation "relu6" %a : tensor<?xf32>
  // CHECK-NEXT: esper.return %[[B]]
  esper.return %b : tensor<?xf32>
}

// CHECK-LABEL: esper.kernel @tanh_twice(
esper.kernel @tanh_twice(%x: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK-COUNT-2: esper.activation "tanh"
  %a = esper.activation "tanh" %x : tensor<?xf32>
  %b = esper.activation "tanh" %a : tensor<?xf32>
  esper.return %b : tensor<?xf32>
}

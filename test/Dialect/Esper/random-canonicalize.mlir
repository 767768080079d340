// RUN: tez-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: esper.kernel @dropout_off(
// CHECK-SAME: %[[X:.*]]: tensor
esper.kernel @dropout_off(%x: tensor<?xf32>) -> tensor<?xf32> {
  %f = esper.flag false
  %y = esper.dropout element(5.0e-1) %x, %f : tensor<?xf32>
  // CHECK-NEXT: esper.return %[[X]]
  esper.return %y : tensor<?xf32>
}

// CHECK-LABEL: esper.kernel @dropout_of_nothing(
// CHECK-SAME: %[[X:.*]]: tensor
esper.kernel @dropout_of_nothing(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %t = esper.training ""
  %y = esper.dropout feature(0.0) %x, %t : tensor<?x?xf32>
  // CHECK-NEXT: esper.return %[[X]]
  esper.return %y : tensor<?x?xf32>
}

// A draw stays even when nobody looks at it: later draws depend on it.
// CHECK-LABEL: esper.kernel @draws_stay(
esper.kernel @draws_stay(%x: tensor<?xf32>) {
  // CHECK: %[[T:.*]] = esper.training
  %t = esper.training ""
  // CHECK-NEXT: esper.dropout {{ *}}alpha(5.000000e-01) %{{.*}}, %[[T]]
  %y = esper.dropout alpha(5.0e-1) %x, %t : tensor<?xf32>
  // CHECK-NEXT: esper.noise(1.000000e-01)
  %z = esper.noise(0.1) %x, %t {training_only = true} : tensor<?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @noise_off(
// CHECK-SAME: %[[X:.*]]: tensor
esper.kernel @noise_off(%x: tensor<?xf32>) -> tensor<?xf32> {
  %f = esper.flag false
  %y = esper.noise(0.1) %x, %f {training_only = true} : tensor<?xf32>
  // CHECK-NEXT: esper.return %[[X]]
  esper.return %y : tensor<?xf32>
}

// CHECK-LABEL: esper.kernel @noise_always(
esper.kernel @noise_always(%x: tensor<?xf32>) -> tensor<?xf32> {
  %f = esper.flag false
  // CHECK: %[[Y:.*]] = esper.noise
  %y = esper.noise(0.1) %x, %f {training_only = false} : tensor<?xf32>
  // CHECK: esper.return %[[Y]]
  esper.return %y : tensor<?xf32>
}

// CHECK-LABEL: esper.kernel @rrelu_off(
// CHECK-SAME: %[[X:.*]]: tensor
esper.kernel @rrelu_off(%x: tensor<?xf32>) -> tensor<?xf32> {
  %f = esper.flag false
  %y = esper.rrelu(2.5e-1, 5.0e-1) %x, %f : tensor<?xf32>
  // CHECK-NEXT: %[[Y:.*]] = esper.activation "leaky_relu" (3.750000e-01) %[[X]]
  // CHECK-NEXT: esper.return %[[Y]]
  esper.return %y : tensor<?xf32>
}

// CHECK-LABEL: esper.kernel @rrelu_on(
esper.kernel @rrelu_on(%x: tensor<?xf32>) {
  %t = esper.training ""
  // CHECK: esper.rrelu
  %y = esper.rrelu(2.5e-1, 5.0e-1) %x, %t : tensor<?xf32>
  esper.return
}

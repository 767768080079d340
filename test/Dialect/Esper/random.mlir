// RUN: tez-opt %s | tez-opt | FileCheck %s



// CHECK-LABEL: esper.kernel @element(
esper.kernel @element(%x: tensor<?x8xf32>) {
  %t = esper.training "0"
  // CHECK: = esper.dropout element(1.000000e-01) %{{.*}}, %{{.*}} : tensor<?x8xf32>
  %y = esper.dropout element(1.000000e-01) %x, %t : tensor<?x8xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @feature(
esper.kernel @feature(%x: tensor<?x8xf32>) {
  %t = esper.training "0"
  // CHECK: = esper.dropout feature(1.000000e-01) %{{.*}}, %{{.*}} : tensor<?x8xf32>
  %y = esper.dropout feature(1.000000e-01) %x, %t : tensor<?x8xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @alpha(
esper.kernel @alpha(%x: tensor<?x8xf32>) {
  %t = esper.training "0"
  // CHECK: = esper.dropout alpha(1.000000e-01) %{{.*}}, %{{.*}} : tensor<?x8xf32>
  %y = esper.dropout alpha(1.000000e-01) %x, %t : tensor<?x8xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @feature_alpha(
esper.kernel @feature_alpha(%x: tensor<?x8xf32>) {
  %t = esper.training "0"
  // CHECK: = esper.dropout feature_alpha(1.000000e-01) %{{.*}}, %{{.*}} : tensor<?x8xf32>
  %y = esper.dropout feature_alpha(1.000000e-01) %x, %t : tensor<?x8xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @noise(
esper.kernel @noise(%x: tensor<?x?xf32>) {
  %t = esper.training ""
  // CHECK: = esper.noise(1.000000e-01) %{{.*}}, %{{.*}} {training_only = false} : tensor<?x?xf32>
  %y = esper.noise(1.000000e-01) %x, %t {training_only = false} : tensor<?x?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @rrelu(
esper.kernel @rrelu(%x: tensor<?x?xf32>) {
  %t = esper.training ""
  // CHECK: = esper.rrelu(1.250000e-01, 2.500000e-01) %{{.*}}, %{{.*}} : tensor<?x?xf32>
  %y = esper.rrelu(1.250000e-01, 2.500000e-01) %x, %t : tensor<?x?xf32>
  esper.return
}

// RUN: tez-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: esper.kernel @same_type(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x8xf32>
esper.kernel @same_type(%x: tensor<?x8xf32>, %y: tensor<f32>) -> tensor<?x8xf32> {
  // CHECK-NOT: esper.type_as
  // CHECK:     esper.return %[[X]]
  %0 = esper.type_as %x, %y : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xf32>
  esper.return %0 : tensor<?x8xf32>
}

// CHECK-LABEL: esper.kernel @other_type(
esper.kernel @other_type(%x: tensor<?x8xf32>, %y: tensor<f64>) -> tensor<?x8xf64> {
  // CHECK: esper.type_as
  %0 = esper.type_as %x, %y : (tensor<?x8xf32>, tensor<f64>) -> tensor<?x8xf64>
  esper.return %0 : tensor<?x8xf64>
}

// RUN: tez-opt --esper-to-linalg %s | FileCheck %s

// CHECK-LABEL: func.func @net(
// CHECK-SAME:    %[[X:.*]]: memref<?x3xf32> {native.input = "x"},
// CHECK-SAME:    %[[W:.*]]: memref<4x3xf32> {native.state = "fc.weight"},
// CHECK-SAME:    %[[B:.*]]: memref<4xf32> {native.state = "fc.bias"},
// CHECK-SAME:    %[[Y:.*]]: memref<?x4xf32> {native.output})
// CHECK-DAG:     %[[ROWS:.*]] = memref.dim %[[X]], %{{.*}}
// CHECK-DAG:     %[[XT:.*]] = bufferization.to_tensor %[[X]] restrict
// CHECK-DAG:     %[[WT:.*]] = bufferization.to_tensor %[[W]] restrict
// CHECK:         linalg.fill
// CHECK:         linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction"]{{.*}} ins(%[[XT]], %[[WT]]
// CHECK:         linalg.generic {{.*}}iterator_types = ["parallel", "parallel"]
// CHECK:           arith.addf
// CHECK:         linalg.generic
// CHECK:           arith.maximumf
// CHECK:         %[[OUT:.*]] = linalg.generic
// CHECK:           arith.mulf
// CHECK:         bufferization.materialize_in_destination %[[OUT]] in restrict writable %[[Y]]
// CHECK-NOT:   esper.derived
esper.kernel @net(%x: tensor<?x3xf32> {esper.name = "x"}) -> tensor<?x4xf32> attributes {esper.infer} {
  %w = esper.param "fc.weight" <constant, 1.0> : tensor<4x3xf32>
  %b = esper.param "fc.bias" <constant, 0.0> : tensor<4xf32>
  %h = esper.linear %x, %w, %b : (tensor<?x3xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %r = esper.activation "relu" %h : tensor<?x4xf32>
  %y = esper.scale %r, 2.0 : tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

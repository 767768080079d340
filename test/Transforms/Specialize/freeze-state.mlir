// RUN: tez-opt --esper-freeze-state %s | FileCheck %s

// CHECK-LABEL: esper.kernel @scaled(
// CHECK-NEXT:    %[[B:.*]] = esper.param "bias"
// CHECK-NEXT:    %[[W:.*]] = esper.buffer "folded.0" <constant, 0.000000e+00> : tensor<6x4xf32>
// CHECK-NEXT:    %[[Y:.*]] = esper.linear %arg0, %[[W]], %[[B]]
// CHECK-NEXT:    esper.return %[[Y]]
esper.kernel @scaled(%x: tensor<?x4xf32>) -> tensor<?x6xf32> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<6x4xf32>
  %b = esper.param "bias" <uniform, -0.5, 0.5> : tensor<6xf32>
  %u = esper.param "unused" <uniform, -0.5, 0.5> : tensor<6xf32>
  %s = esper.scale %w, 0.25 : tensor<6x4xf32>
  %y = esper.linear %x, %s, %b : (tensor<?x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  esper.return %y : tensor<?x6xf32>
}

// A name that is taken; several values; a buffer that is updated is not constant.
// CHECK-LABEL: esper.kernel @taken(
// CHECK-DAG:     esper.buffer "folded_.0"
// CHECK-DAG:     esper.buffer "folded_.1"
// CHECK-DAG:     %[[N:.*]] = esper.buffer "count"
// CHECK:         esper.scale %[[N]]
esper.kernel @taken(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<4xf32>) attributes {esper.infer} {
  %w = esper.param "folded.0" <uniform, -0.5, 0.5> : tensor<8xf32>
  %n = esper.buffer "count" <constant, 1.0> : tensor<4xf32>
  %a, %b = esper.split %w {sizes = array<i64: 4, 4>, dim = 0 : i64} : (tensor<8xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  %y = esper.multiply %x, %a : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %z = esper.add %y, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %m = esper.scale %n, 2.0 : tensor<4xf32>
  esper.return %z, %m : tensor<?x4xf32>, tensor<4xf32> updates("count" = %m : tensor<4xf32>)
}

// A result is fresh memory in every call: it is not a buffer.
// CHECK-LABEL: esper.kernel @returned(
// CHECK-NOT:     esper.buffer
// CHECK:         %[[Y:.*]] = esper.scale
// CHECK:         esper.return %{{.*}}, %[[Y]]
esper.kernel @returned(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<4xf32>) attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4xf32>
  %s = esper.scale %w, 0.25 : tensor<4xf32>
  esper.return %x, %s : tensor<?x4xf32>, tensor<4xf32>
}

// A kernel that trains keeps its parameters and what is made of them.
// CHECK-LABEL: esper.kernel @trains(
// CHECK:         esper.param "weight"
// CHECK:         esper.param "unused"
// CHECK:         esper.scale
esper.kernel @trains(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4xf32>
  %u = esper.param "unused" <uniform, -0.5, 0.5> : tensor<6xf32>
  %s = esper.scale %w, 0.25 : tensor<4xf32>
  %y = esper.multiply %x, %s : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// CHECK-LABEL: module @derived attributes {esper.derived}
// CHECK:         esper.kernel @scaled() -> (tensor<6x4xf32> {esper.name = "folded.0"})
// CHECK:           %[[P:.*]] = esper.param "weight"
// CHECK-NEXT:      %[[S:.*]] = esper.scale %[[P]], 2.500000e-01
// CHECK-NEXT:      esper.return %[[S]]
// CHECK:         esper.kernel @taken() -> (tensor<4xf32> {esper.name = "folded_.0"}, tensor<4xf32> {esper.name = "folded_.1"})
// CHECK-NOT:     @trains

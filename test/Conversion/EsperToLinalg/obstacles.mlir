// RUN: tez-opt --esper-to-linalg --split-input-file %s | FileCheck %s
// RUN: tez-opt --esper-to-linalg --split-input-file --remark-format=emitRemark --remarks-filter=native %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// What has no lowering stays, whole, and the remark stands at the op.

// REMARK: [[@LINE+3]]:8: remark: [Missed] esper-to-linalg | Category:native | {{.*}}no machine code: no lowering of esper.softmax
// CHECK: esper.kernel @softmax
esper.kernel @softmax(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %y = esper.softmax %x {dim = 0 : i64} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  esper.return %y : tensor<?x3xf32>
}

// -----

// Two computed factors.
// REMARK: no lowering of esper.kernel
// CHECK: esper.kernel @computed
esper.kernel @computed(%x: tensor<?x3xf32>, %y: tensor<3x3xf32>) -> tensor<?x3xf32> {
  %z = esper.matmul %x, %y : (tensor<?x3xf32>, tensor<3x3xf32>) -> tensor<?x3xf32>
  esper.return %z : tensor<?x3xf32>
}

// -----

// No rows of a known length.
// REMARK: no lowering of esper.kernel
// CHECK: esper.kernel @image
esper.kernel @image(%x: tensor<?x3x?x?xf32>) -> tensor<?x3x?x?xf32> {
  %y = esper.activation "relu" %x : tensor<?x3x?x?xf32>
  esper.return %y : tensor<?x3x?x?xf32>
}

// -----

// An activation without a row in ScalarFunctions.cpp.
// REMARK: no lowering of esper.activation
// CHECK: esper.kernel @pow
esper.kernel @pow(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %y = esper.activation "pow"(3.0) %x : tensor<?x3xf32>
  esper.return %y : tensor<?x3xf32>
}

// -----

// Every second column, and positions beside each other.
// REMARK: no lowering of esper.slice
// CHECK: esper.kernel @steps
esper.kernel @steps(%x: tensor<?x4xf32>) -> tensor<?x2xf32> {
  %y = esper.slice %x {dim = -1 : i64, start = 0 : i64, step = 2 : i64} : (tensor<?x4xf32>) -> tensor<?x2xf32>
  esper.return %y : tensor<?x2xf32>
}

// -----

// REMARK: no lowering of esper.concat
// CHECK: esper.kernel @positions
esper.kernel @positions(%x: tensor<?x?x4xf32>) -> tensor<?x?x4xf32> {
  %y = esper.concat %x, %x {dim = 1 : i64} : (tensor<?x?x4xf32>, tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  esper.return %y : tensor<?x?x4xf32>
}

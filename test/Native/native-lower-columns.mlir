// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-lower-columns{lanes=4},canonicalize))' --split-input-file --verify-diagnostics %s | FileCheck %s

// 6 and 3 columns: a vector of 4 and one of 2, and one of 3 behind them.
// CHECK-LABEL: func.func @concatenated
// CHECK-SAME:    %[[A:.*]]: memref<?x6xf32>, %[[B:.*]]: memref<?x3xf32>, %[[Y:.*]]: memref<?x9xf32>
// CHECK-DAG:     %[[FOUR:.*]] = arith.constant 4 : index
// CHECK-DAG:     %[[SIX:.*]] = arith.constant 6 : index
// CHECK:         scf.for %[[M:.*]] =
// CHECK:           %[[V:.*]] = vector.load %[[A]]{{.*}} vector<4xf32>
// CHECK:           vector.store %[[V]], %[[Y]]
// CHECK:           vector.load %[[A]][%[[M]], %[[FOUR]]] : memref<?x6xf32>, vector<2xf32>
// CHECK:           vector.store %{{.*}}, %[[Y]][%[[M]], %[[FOUR]]]
// CHECK:           vector.load %[[B]]{{.*}} vector<3xf32>
// CHECK:           vector.store %{{.*}}, %[[Y]][%[[M]], %[[SIX]]]
// CHECK-NOT:     native.columns
func.func @concatenated(%a: memref<?x6xf32>, %b: memref<?x3xf32>, %out: memref<?x9xf32>) {
  native.columns(%a, %b : memref<?x6xf32>, memref<?x3xf32>) into %out : memref<?x9xf32> {begins = array<i64: 0, 0>, counts = array<i64: 6, 3>, groups = 1 : i64}
  return
}

// -----

// Channels 1 and 2 of 3, of four pixels.
// CHECK-LABEL: func.func @channels
// CHECK-SAME:    %[[X:.*]]: memref<?x12xf32>, %[[Y:.*]]: memref<?x8xf32>
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1 : index
// CHECK-DAG:     %[[TWO:.*]] = arith.constant 2 : index
// CHECK-DAG:     %[[THREE:.*]] = arith.constant 3 : index
// CHECK-DAG:     %[[FOUR:.*]] = arith.constant 4 : index
// CHECK:         scf.for %[[M:.*]] =
// CHECK:           scf.for %[[P:.*]] = %{{.*}} to %[[FOUR]]
// CHECK:             %[[FIRST:.*]] = arith.muli %[[P]], %[[THREE]]
// CHECK:             %[[FROM:.*]] = arith.addi %[[FIRST]], %[[ONE]]
// CHECK:             %[[TO:.*]] = arith.muli %[[P]], %[[TWO]]
// CHECK:             vector.load %[[X]][%[[M]], %[[FROM]]] : memref<?x12xf32>, vector<2xf32>
// CHECK:             vector.store %{{.*}}, %[[Y]][%[[M]], %[[TO]]]
func.func @channels(%x: memref<?x12xf32>, %out: memref<?x8xf32>) {
  native.columns(%x : memref<?x12xf32>) into %out : memref<?x8xf32> {begins = array<i64: 1>, counts = array<i64: 2>, groups = 4 : i64}
  return
}

// -----

func.func @tensors(%x: tensor<?x12xf32>, %out: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @+1 {{expected operands in memory}}
  %y = native.columns(%x : tensor<?x12xf32>) into %out : tensor<?x8xf32> {begins = array<i64: 1>, counts = array<i64: 2>, groups = 4 : i64} -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

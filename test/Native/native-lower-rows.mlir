// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-lower-rows{lanes=4}))' --split-input-file --verify-diagnostics %s | FileCheck %s

// Three passes: the mean, the mean square of the differences, the numbers. The last 2 of 6 columns
// are filled up with what adds nothing: zeros for the mean, the mean for the differences.
// CHECK-LABEL: func.func @layer_norm
// CHECK-SAME:    %[[X:.*]]: memref<?x6xf32>, %[[W:.*]]: memref<6xf32>, %[[B:.*]]: memref<6xf32>, %[[Y:.*]]: memref<?x6xf32>
// CHECK:         scf.for %[[ROW:.*]] =
// CHECK:           %[[ZERO:.*]] = vector.broadcast %{{.*}} : f32 to vector<4xf32>
// CHECK:           %[[SUMS:.*]] = scf.for %[[N:.*]] = {{.*}} iter_args(%[[SUM:.*]] = %{{.*}}) -> (vector<4xf32>)
// CHECK:             %[[A:.*]] = vector.load %[[X]][%[[ROW]], %[[N]]] : memref<?x6xf32>, vector<4xf32>
// CHECK:             arith.addf %[[SUM]], %[[A]]
// CHECK:           vector.load %[[X]]{{.*}} vector<2xf32>
// CHECK:           vector.extract_strided_slice {{.*}} vector<4xf32> to vector<2xf32>
// CHECK:           %[[MEAN:.*]] = arith.divf %{{.*}}, %{{.*}} : f32
// CHECK:           %[[MIDDLE:.*]] = vector.broadcast %[[MEAN]]
// CHECK:           scf.for
// CHECK:             %[[D:.*]] = arith.subf %{{.*}}, %[[MIDDLE]]
// CHECK:             arith.mulf %[[D]], %[[D]]
// CHECK:           vector.insert_strided_slice %{{.*}}, %[[MIDDLE]]
// CHECK:           math.sqrt
// CHECK:           %[[INVERSE:.*]] = vector.broadcast
// CHECK:           scf.for %[[N:.*]] =
// CHECK:             %[[E:.*]] = arith.mulf %{{.*}}, %[[INVERSE]]
// CHECK:             vector.load %[[W]][%[[N]]]
// CHECK:             arith.mulf %[[E]]
// CHECK:             vector.load %[[B]][%[[N]]]
// CHECK:             arith.addf
// CHECK:             vector.store %{{.*}}, %[[Y]][%[[ROW]], %[[N]]] : memref<?x6xf32>, vector<4xf32>
// CHECK:           vector.store %{{.*}}, %[[Y]]{{.*}} vector<2xf32>
// CHECK-NOT:     native.row_norm
func.func @layer_norm(%x: memref<?x6xf32>, %w: memref<6xf32>, %b: memref<6xf32>, %y: memref<?x6xf32>) {
  native.row_norm(%x : memref<?x6xf32>) scale(%w : memref<6xf32>) shift(%b : memref<6xf32>) into %y : memref<?x6xf32>
      {centered, eps = 1.000000e-05 : f64}
  return
}

// -----

// Without a mean, without scale and shift; 3 columns take vectors of 4 and no loop along the row.
// CHECK-LABEL: func.func @rms_norm
// CHECK-COUNT-1: scf.for
// CHECK-NOT:     scf.for
// CHECK-NOT:     arith.subf
// CHECK:         math.sqrt
// CHECK:         vector.store %{{.*}} vector<3xf32>
func.func @rms_norm(%x: memref<?x3xf32>, %y: memref<?x3xf32>) {
  native.row_norm(%x : memref<?x3xf32>) into %y : memref<?x3xf32> {eps = 1.000000e-05 : f64}
  return
}

// -----

// The largest number, the powers and their sum, the quotients. Lanes without numbers are -inf.
// CHECK-LABEL: func.func @softmax
// CHECK-SAME:    %[[X:.*]]: memref<?x6xf32>, %[[Y:.*]]: memref<?x6xf32>
// CHECK:         arith.constant 0xFF800000
// CHECK:         %[[LEAST:.*]] = vector.broadcast
// CHECK:         scf.for
// CHECK:           arith.cmpf ogt
// CHECK:           arith.select
// CHECK:         vector.insert_strided_slice %{{.*}}, %[[LEAST]]
// CHECK:         %[[MOST:.*]] = vector.broadcast %{{.*}} : f32 to vector<4xf32>
// CHECK:         scf.for
// CHECK:           %[[D:.*]] = arith.subf %{{.*}}, %[[MOST]]
// CHECK:           %[[POWER:.*]] = math.exp %[[D]]
// CHECK:           vector.store %[[POWER]], %[[Y]]
// CHECK:           arith.addf %{{.*}}, %[[POWER]]
// CHECK:         arith.divf
// CHECK:         scf.for
// CHECK:           vector.load %[[Y]]
// CHECK:           arith.mulf
func.func @softmax(%x: memref<?x6xf32>, %y: memref<?x6xf32>) {
  native.row_softmax(%x : memref<?x6xf32>) into %y : memref<?x6xf32>
  return
}

// -----

// CHECK-LABEL: func.func @log_softmax
// CHECK:         math.exp
// CHECK-NOT:     vector.store
// CHECK:         %[[LOG:.*]] = math.log %{{.*}} : f32
// CHECK:         arith.subf
// CHECK:         vector.store
func.func @log_softmax(%x: memref<?x4xf32>, %y: memref<?x4xf32>) {
  native.row_softmax(%x : memref<?x4xf32>) into %y : memref<?x4xf32> {log}
  return
}

// -----

// The least and the greatest of the row and 0, then the step and what 0 is.
// CHECK-LABEL: func.func @grid
// CHECK-SAME:    %[[X:.*]]: memref<?x6xf32>, %[[S:.*]]: memref<?x1xf32>, %[[Z:.*]]: memref<?x1xf32>
// CHECK:         arith.cmpf olt
// CHECK:         arith.cmpf ogt
// CHECK:         %[[STEP:.*]] = arith.divf %{{.*}}, %{{.*}} : f32
// CHECK:         %[[COARSE:.*]] = arith.select %{{.*}}, %[[STEP]]
// CHECK:         %[[KEPT:.*]] = arith.addf %[[COARSE]], %{{.*}} : f32
// CHECK:         math.roundeven
// CHECK:         memref.store %[[KEPT]], %[[S]][%[[ROW:.*]], %c0
// CHECK:         memref.store %{{.*}}, %[[Z]][%[[ROW]], %c0
func.func @grid(%x: memref<?x6xf32>, %s: memref<?x1xf32>, %z: memref<?x1xf32>) {
  native.row_grid(%x : memref<?x6xf32>) into %s, %z : memref<?x1xf32>, memref<?x1xf32>
  return
}

// -----

func.func @tensors(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // expected-error @+1 {{expected operands in memory}}
  %z = native.row_softmax(%x : tensor<?x4xf32>) into %y : tensor<?x4xf32> -> tensor<?x4xf32>
  return %z : tensor<?x4xf32>
}

// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-lower-pools{lanes=4},canonicalize))' --split-input-file %s | FileCheck %s
// RUN: not tez-opt --pass-pipeline='builtin.module(func.func(native-lower-pools{lanes=0}))' --split-input-file %s 2>&1 | FileCheck %s --check-prefix=ERROR
// ERROR: expected operands in memory, and vectors of at least one number

// 6 channels: vectors of 4, and 2 that are left. No window leaves the image.
// CHECK-LABEL: func.func @largest
// CHECK-SAME:    %[[X:.*]]: memref<?x96xf32>, %[[Y:.*]]: memref<?x24xf32>
// CHECK-NOT:     arith.maxsi
// CHECK:         vector.load %[[X]]{{.*}} vector<4xf32>
// CHECK:         arith.maximumf
// CHECK:         vector.store %{{.*}}, %[[Y]]{{.*}} vector<4xf32>
// CHECK:         vector.load %[[X]]{{.*}} vector<2xf32>
// CHECK:         vector.store %{{.*}}, %[[Y]]{{.*}} vector<2xf32>
// CHECK-NOT:     native.pool
func.func @largest(%x: memref<?x96xf32>, %out: memref<?x24xf32>) {
  native.pool(%x : memref<?x96xf32>) into %out : memref<?x24xf32> {image = array<i64: 4, 4, 6>, places = array<i64: 2, 2>, window = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>}
  return
}

// -----

// With padding only what lies inside is read; it is counted where that is asked for.
// CHECK-LABEL: func.func @inside
// CHECK:         arith.maxsi
// CHECK:         arith.minsi
// CHECK:         arith.addf
// CHECK:         arith.sitofp
// CHECK:         arith.divf
func.func @inside(%x: memref<?x64xf32>, %out: memref<?x36xf32>) {
  native.pool(%x : memref<?x64xf32>) into %out : memref<?x36xf32> {image = array<i64: 4, 4, 4>, places = array<i64: 3, 3>, window = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, mean, inside}
  return
}

// -----

// CHECK-LABEL: func.func @mean
// CHECK-DAG:     %[[SIZE:.*]] = arith.constant dense<4.000000e+00> : vector<4xf32>
// CHECK:         arith.divf %{{.*}}, %[[SIZE]]
func.func @mean(%x: memref<?x16xf32>, %out: memref<?x4xf32>) {
  native.pool(%x : memref<?x16xf32>) into %out : memref<?x4xf32> {image = array<i64: 2, 2, 4>, places = array<i64: 1, 1>, window = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, mean}
  return
}

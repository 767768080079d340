// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-lower-transposes{lanes=4},canonicalize))' --split-input-file %s | FileCheck %s
// RUN: not tez-opt --pass-pipeline='builtin.module(func.func(native-lower-transposes{lanes=6}))' --split-input-file %s 2>&1 | FileCheck %s --check-prefix=ERROR
// ERROR: expected operands in memory, and vectors of a power of two

// 3 lines of 8 columns: two blocks of 3 x 4 together. Zeros stand for the fourth line and are not stored.
// CHECK-LABEL: func.func @short
// CHECK-SAME:    %[[X:.*]]: memref<?x24xf32>, %[[Y:.*]]: memref<?x24xf32>
// CHECK-COUNT-3: vector.load %[[X]]{{.*}} vector<4xf32>
// CHECK-COUNT-7: vector.shuffle
// CHECK-COUNT-4: vector.store %{{.*}}, %[[Y]]{{.*}} vector<3xf32>
// CHECK-NOT:     native.transpose
func.func @short(%x: memref<?x24xf32>, %out: memref<?x24xf32>) {
  native.transpose(%x : memref<?x24xf32>) into %out : memref<?x24xf32> {matrix = array<i64: 3, 8>}
  return
}

// -----

// 8 shuffles of two vectors each for 4 x 4, and the columns that are left.
// CHECK-LABEL: func.func @whole
// CHECK-COUNT-4: vector.load %{{.*}} vector<4xf32>
// CHECK:         vector.shuffle %{{.*}}, %{{.*}} [0, 4, 1, 5]
// CHECK:         vector.shuffle %{{.*}}, %{{.*}} [2, 6, 3, 7]
// CHECK-COUNT-4: vector.store %{{.*}} vector<4xf32>
// CHECK-COUNT-4: vector.load %{{.*}} vector<1xf32>
// CHECK:         vector.store %{{.*}} vector<4xf32>
// CHECK-NOT:     vector.store
func.func @whole(%x: memref<?x20xf32>, %out: memref<?x20xf32>) {
  native.transpose(%x : memref<?x20xf32>) into %out : memref<?x20xf32> {matrix = array<i64: 4, 5>}
  return
}

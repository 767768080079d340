// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-lower-attention{block=32}))' --split-input-file --verify-diagnostics %s | FileCheck %s

// Samples, heads, blocks of keys, tiles of 6 queries, and nothing of the size of positions x positions.
// CHECK-LABEL: func.func @merged
// CHECK-SAME:    %[[X:.*]]: memref<?x24xf32>, %[[S:.*]]: index, %[[Y:.*]]: memref<?x8xf32>
// CHECK:         %[[KEYS:.*]] = memref.alloc() : memref<4x32xf32>
// CHECK:         %[[SCORES:.*]] = memref.alloc() : memref<6x32xf32>
// CHECK:         %[[FACTORS:.*]] = memref.alloc() : memref<6x1xf32>
// CHECK:         %[[STATE:.*]] = memref.alloc(%{{.*}}) : memref<?x2xf32>
// CHECK:         scf.for {{.*}} step %[[S]] {
// CHECK:           scf.for
// Rows without a score yet.
// CHECK:             scf.for
// CHECK:               memref.store %{{.*}}, %[[STATE]]
// CHECK:               vector.store %{{.*}}, %[[Y]]{{.*}} vector<4xf32>
// CHECK:             scf.for %[[FROM:.*]] =
// The block, transposed.
// CHECK:               memref.load %[[X]]
// CHECK:               memref.store %{{.*}}, %[[KEYS]]
// Queries from the block's first key on.
// CHECK:               scf.for %{{.*}} = %[[FROM]] to %[[S]]
// CHECK:                 scf.for
// CHECK:                   %[[SUMS:.*]]:6 = scf.for
// CHECK:                     vector.load %[[KEYS]]
// CHECK-COUNT-6:             vector.fma
// CHECK:                   arith.cmpi ult
// CHECK:                   arith.select
// CHECK:                   vector.store %{{.*}}, %[[SCORES]]
// The largest score so far, the powers and their sum.
// CHECK:                 scf.for
// CHECK:                   arith.cmpf ogt
// CHECK:                   math.exp {{.*}} : vector<16xf32>
// CHECK:                   math.exp {{.*}} : f32
// CHECK:                   memref.store %{{.*}}, %[[FACTORS]]
// CHECK:                   memref.store %{{.*}}, %[[STATE]]
// What there is, times the factor, and the new terms.
// CHECK:                 memref.load %[[FACTORS]]
// CHECK:                 scf.for
// CHECK:                   vector.load %[[X]]{{.*}} vector<4xf32>
// CHECK-COUNT-6:           vector.fma
// CHECK:                 vector.store %{{.*}}, %[[Y]]{{.*}} vector<4xf32>
// CHECK:             arith.divf
// CHECK-NOT:     native.attention
func.func @merged(%x: memref<?x24xf32>, %s: index, %y: memref<?x8xf32>) {
  native.attention(%x, %x, %x : memref<?x24xf32>, memref<?x24xf32>, memref<?x24xf32>) positions(%s) into %y : memref<?x8xf32>
      {heads = 2 : i64, columns = array<i64: 0, 8, 16>, scale = 5.000000e-01 : f64, causal}
  return
}

// -----

// Without a mask every tile of queries meets every block.
// CHECK-LABEL: func.func @all
// CHECK-SAME:    index
// CHECK:         memref.store %{{.*}} : memref<4x32xf32>
// CHECK:         scf.for %{{.*}} = %c0{{.*}} to %arg1
func.func @all(%x: memref<?x24xf32>, %s: index, %y: memref<?x8xf32>) {
  native.attention(%x, %x, %x : memref<?x24xf32>, memref<?x24xf32>, memref<?x24xf32>) positions(%s) into %y : memref<?x8xf32>
      {heads = 2 : i64, columns = array<i64: 0, 8, 16>, scale = 5.000000e-01 : f64}
  return
}

// -----

func.func @tensors(%x: tensor<?x8xf32>, %s: index, %y: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @+1 {{expected operands in memory, and blocks of whole vectors of 16 keys}}
  %z = native.attention(%x, %x, %x : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) positions(%s) into %y : tensor<?x8xf32>
      {heads = 2 : i64, columns = array<i64: 0, 0, 0>, scale = 1.0 : f64} -> tensor<?x8xf32>
  return %z : tensor<?x8xf32>
}

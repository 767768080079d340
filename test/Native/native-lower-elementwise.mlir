// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-lower-elementwise{lanes=4}))' --split-input-file --verify-diagnostics %s | FileCheck %s

#mn = affine_map<(m, n) -> (m, n)>
#n = affine_map<(m, n) -> (n)>

// CHECK-LABEL: func.func @add
// CHECK-SAME:    %[[X:.*]]: memref<?x6xf32>, %[[V:.*]]: memref<6xf32>, %[[Y:.*]]: memref<?x6xf32>
// CHECK:         scf.for %[[ROW:.*]] =
// CHECK:           vector.load %[[X]][%[[ROW]], %{{.*}}] : memref<?x6xf32>, vector<2xf32>
// CHECK:           vector.store %{{.*}}, %[[Y]][%[[ROW]], %{{.*}}] : memref<?x6xf32>, vector<2xf32>
// CHECK:           scf.for %[[COLUMN:.*]] =
// CHECK:             %[[A:.*]] = vector.load %[[X]][%[[ROW]], %[[COLUMN]]] : memref<?x6xf32>, vector<4xf32>
// CHECK:             %[[B:.*]] = vector.load %[[V]][%[[COLUMN]]] : memref<6xf32>, vector<4xf32>
// CHECK:             %[[C:.*]] = arith.addf %[[A]], %[[B]] : vector<4xf32>
// CHECK:             vector.store %[[C]], %[[Y]][%[[ROW]], %[[COLUMN]]]
func.func @add(%x: memref<?x6xf32>, %v: memref<6xf32>, %y: memref<?x6xf32>) {
  linalg.generic {indexing_maps = [#mn, #n, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%x, %v : memref<?x6xf32>, memref<6xf32>) outs(%y : memref<?x6xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  }
  return
}

// -----

#mn = affine_map<(m, n) -> (m, n)>
#m0 = affine_map<(m, n) -> (m, 0)>

// One number a row, and a result of other elements.
// CHECK-LABEL: func.func @of_row
// CHECK-SAME:    %[[X:.*]]: memref<?x4xf32>, %[[S:.*]]: memref<?x1xf32>, %[[Y:.*]]: memref<?x4xi8>
// CHECK:         scf.for %[[ROW:.*]] =
// CHECK:           %[[NUMBER:.*]] = memref.load %[[S]][%[[ROW]], %{{.*}}]
// CHECK:           vector.broadcast %[[NUMBER]] : f32 to vector<4xf32>
// CHECK:           vector.store %{{.*}}, %[[Y]]{{.*}} : memref<?x4xi8>, vector<4xi8>
func.func @of_row(%x: memref<?x4xf32>, %s: memref<?x1xf32>, %y: memref<?x4xi8>) {
  linalg.generic {indexing_maps = [#mn, #m0, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%x, %s : memref<?x4xf32>, memref<?x1xf32>) outs(%y : memref<?x4xi8>) {
  ^bb0(%a: f32, %b: f32, %o: i8):
    %m = arith.mulf %a, %b : f32
    %t = arith.fptosi %m : f32 to i8
    linalg.yield %t : i8
  }
  return
}

// -----

#mn = affine_map<(m, n) -> (m, n)>
#nm = affine_map<(m, n) -> (n, m)>
func.func @transpose(%x: memref<6x6xf32>, %y: memref<6x6xf32>) {
  // expected-error @+1 {{expected an element-wise op on memory}}
  linalg.generic {indexing_maps = [#nm, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<6x6xf32>) outs(%y : memref<6x6xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  }
  return
}

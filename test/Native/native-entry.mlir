// RUN: tez-opt --native-entry --split-input-file --verify-diagnostics %s | FileCheck %s

// CHECK: module attributes {native.arguments = [{native.input = "x", type = memref<?x4xf32>}, {native.output, type = memref<?x4xf32>}, {native.scratch, type = memref<?xf32>}], native.scratch_columns = 8 : i64}
// CHECK-LABEL: func.func @tez_forward(%{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: i64)
// CHECK-COUNT-3: llvm.load
// CHECK:         call @net(
// CHECK:       func.func private @net(
// CHECK-SAME:    llvm.linkage = #llvm.linkage<internal>
func.func @net(%x: memref<?x4xf32> {native.input = "x"}, %y: memref<?x4xf32> {native.output}, %s: memref<?xf32> {native.scratch})
    attributes {native.scratch_columns = 8 : i64} {
  return
}

// -----

// The number of rows of a sample is no pointer.
// CHECK: module attributes {native.arguments = [{native.input = "x", type = memref<?x4xf32>}, {native.output, type = memref<?x4xf32>}], native.positions}
// CHECK:       func.func @tez_forward(%{{.*}}: !llvm.ptr, %{{.*}}: i64, %[[S:.*]]: i64)
// CHECK:         arith.index_cast %[[S]] : i64 to index
// CHECK:         call @net(
func.func @net(%x: memref<?x4xf32> {native.input = "x"}, %s: index {native.positions}, %y: memref<?x4xf32> {native.output}) {
  return
}

// -----

// expected-error @below {{expected one kernel in a module}}
module {
  func.func @a(%x: memref<?x4xf32>) {
    return
  }
  func.func @b(%x: memref<?x4xf32>) {
    return
  }
}

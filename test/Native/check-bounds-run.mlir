// A row too many of the first of two temporaries in one memory: within all memory, so that
// nothing but the check sees it.
// DEFINE: %{lower} = mlir-opt --pass-pipeline='builtin.module(convert-scf-to-cf,expand-strided-metadata,lower-affine,convert-vector-to-llvm,finalize-memref-to-llvm,convert-arith-to-llvm,convert-cf-to-llvm,convert-func-to-llvm,reconcile-unrealized-casts)'
// RUN: %{lower} %s | mlir-runner -e main -entry-point-result=i32 | FileCheck %s
// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-check-bounds))' %s | %{lower} > %t.mlir
// RUN: not --crash mlir-runner -e main -entry-point-result=i32 %t.mlir 2>&1 | FileCheck %s --check-prefix=TRAP
// CHECK: {{^}}7{{$}}
// TRAP-NOT: {{^}}7{{$}}
func.func @main() -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %seven = arith.constant 7 : i32
  %scratch = memref.alloca() : memref<16xi32>
  %first = memref.reinterpret_cast %scratch to offset: [0], sizes: [2, 4], strides: [4, 1] : memref<16xi32> to memref<2x4xi32>
  %second = memref.reinterpret_cast %scratch to offset: [8], sizes: [2, 4], strides: [4, 1] : memref<16xi32> to memref<2x4xi32, strided<[4, 1], offset: 8>>
  scf.for %i = %c0 to %c3 step %c1 {
    memref.store %seven, %first[%i, %c0] : memref<2x4xi32>
  }
  %read = memref.load %second[%c0, %c0] : memref<2x4xi32, strided<[4, 1], offset: 8>>
  return %read : i32
}

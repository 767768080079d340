// Factors of fewer bits, by what each target has for them.
//
// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-lower-products{cpu=x86-64-v3},canonicalize,cse))' --split-input-file %s | FileCheck %s --check-prefixes=CHECK,V3
// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-lower-products{cpu=x86-64-v4+avx512vnni+avx512bf16},canonicalize,cse))' --split-input-file %s | FileCheck %s --check-prefixes=CHECK,V4
// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-lower-products{cpu=armv8-a},canonicalize,cse))' --split-input-file %s | FileCheck %s --check-prefixes=CHECK,ARM
// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-lower-products{cpu=armv8-a+i8mm+bf16},canonicalize,cse))' --split-input-file %s | FileCheck %s --check-prefixes=CHECK,DOT

// Six terms: a group of four, and one of two with zeros behind them. Extras are a number a column and a number a row.
// CHECK-LABEL: func.func @bytes
// CHECK:         vector.load %{{.*}}[%{{.*}}, %c0{{.*}}] : memref<?x6xi8>, vector<4xi8>
// V3-COUNT-2:    llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"({{.*}}) : (vector<16xi16>, vector<16xi16>) -> vector<8xi32>
// V4:            llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"({{.*}}) : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
// ARM-COUNT-4:   arith.muli {{.*}} : vector<16xi32>
// DOT-COUNT-4:   llvm.call_intrinsic "llvm.aarch64.neon.usdot"({{.*}}) : (vector<4xi32>, vector<16xi8>, vector<16xi8>) -> vector<4xi32>
// CHECK:         vector.load %{{.*}}[%{{.*}}, %c4] : memref<?x6xi8>, vector<2xi8>
// CHECK:         vector.insert_strided_slice {{.*}} : vector<2xi8> into vector<4xi8>
// CHECK:         memref.load %{{.*}} : memref<?x1xf32>
// CHECK:         vector.broadcast %{{.*}} : f32 to vector<16xf32>
// CHECK:         arith.sitofp
func.func @bytes(%x: memref<?x6xi8>, %w: memref<1x2x64xi8>, %sums: memref<4xi32>, %step: memref<?x1xf32>, %y: memref<?x4xf32>) {
  native.product(%x : memref<?x6xi8>) times(%w : memref<1x2x64xi8>) with(%sums, %step : memref<4xi32>, memref<?x1xf32>) into %y : memref<?x4xf32> {
  ^bb0(%sum: i32, %weights: i32, %scale: f32):
    %d = arith.subi %sum, %weights : i32
    %f = arith.sitofp %d : i32 to f32
    %m = arith.mulf %f, %scale : f32
    native.yield %m : f32
  } {schedule = array<i64: 1, 1>}
  return
}

// -----

// Three terms in pairs; the result is rounded once, at its end.
// CHECK-LABEL: func.func @halves
// CHECK:         vector.load %{{.*}} : memref<?x3xbf16>, vector<2xbf16>
// V3-COUNT-2:    vector.fma {{.*}} : vector<16xf32>
// V4:            llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"({{.*}}) : (vector<16xf32>, vector<32xbf16>, vector<32xbf16>) -> vector<16xf32>
// ARM-COUNT-2:   vector.fma {{.*}} : vector<16xf32>
// DOT-COUNT-4:   llvm.call_intrinsic "llvm.aarch64.neon.bfdot"({{.*}}) : (vector<4xf32>, vector<8xbf16>, vector<8xbf16>) -> vector<4xf32>
// CHECK:         vector.load %{{.*}} : memref<?x3xbf16>, vector<1xbf16>
// CHECK:         arith.truncf {{.*}} : vector<16xf32> to vector<16xbf16>
// CHECK-NOT:     arith.truncf
func.func @halves(%x: memref<?x3xbf16>, %w: memref<1x2x32xbf16>, %y: memref<?x4xbf16>) {
  native.product(%x : memref<?x3xbf16>) times(%w : memref<1x2x32xbf16>) into %y : memref<?x4xbf16> {
  ^bb0(%sum: f32):
    %d = arith.truncf %sum : f32 to bf16
    native.yield %d : bf16
  } {schedule = array<i64: 1, 1>}
  return
}

// -----

// A result of other elements cannot hold the sums that wait for a long epilogue.
// CHECK-LABEL: func.func @deferred
// CHECK-SAME:    %[[Y:[^:]*]]: memref<?x4xbf16>)
// CHECK:         %[[KEPT:.*]] = memref.alloc(%{{.*}}) : memref<?x4xi32>
// CHECK:         vector.store %{{.*}}, %[[KEPT]]
// CHECK:         vector.load %[[KEPT]]
// CHECK:         vector.store %{{.*}}, %[[Y]]
func.func @deferred(%x: memref<?x4xi8>, %w: memref<1x1x64xi8>, %y: memref<?x4xbf16>) {
  native.product(%x : memref<?x4xi8>) times(%w : memref<1x1x64xi8>) into %y : memref<?x4xbf16> {
  ^bb0(%sum: i32):
    %f = arith.sitofp %sum : i32 to f32
    %t = math.tanh %f : f32
    %d = arith.truncf %t : f32 to bf16
    native.yield %d : bf16
  } {deferred, schedule = array<i64: 1, 1>}
  return
}

// -----

// Rows of f32 with weights of bf16, which are widened on every target; the last of three terms is alone.
// CHECK-LABEL: func.func @wide_rows
// CHECK-NOT:     llvm.call_intrinsic
// CHECK-DAG:     memref.load %{{.*}}[%{{.*}}, %c0{{.*}}] : memref<?x3xf32>
// CHECK-DAG:     memref.load %{{.*}}[%{{.*}}, %c1{{.*}}] : memref<?x3xf32>
// CHECK-COUNT-2: vector.fma {{.*}} : vector<16xf32>
// CHECK:         memref.load %{{.*}}[%{{.*}}, %c2{{.*}}] : memref<?x3xf32>
// CHECK:         vector.store
func.func @wide_rows(%x: memref<?x3xf32>, %w: memref<1x2x32xbf16>, %y: memref<?x4xf32>) {
  native.product(%x : memref<?x3xf32>) times(%w : memref<1x2x32xbf16>) into %y : memref<?x4xf32> {
  ^bb0(%sum: f32):
    native.yield %sum : f32
  } {schedule = array<i64: 1, 1>}
  return
}

// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-expand-bfloat16))' %s | FileCheck %s

// CHECK-LABEL: func.func @widened
// CHECK-NOT:     arith.extf
// CHECK:         arith.shli
func.func @widened(%x: vector<4xbf16>) -> vector<4xf32> {
  %y = arith.extf %x : vector<4xbf16> to vector<4xf32>
  return %y : vector<4xf32>
}

// CHECK-LABEL: func.func @rounded
// CHECK-NOT:     arith.truncf
// CHECK:         arith.trunci
func.func @rounded(%x: vector<4xf32>) -> vector<4xbf16> {
  %y = arith.truncf %x : vector<4xf32> to vector<4xbf16>
  return %y : vector<4xbf16>
}

// Processors convert fp16 themselves.
// CHECK-LABEL: func.func @half
// CHECK:         arith.extf
func.func @half(%x: vector<4xf16>) -> vector<4xf32> {
  %y = arith.extf %x : vector<4xf16> to vector<4xf32>
  return %y : vector<4xf32>
}

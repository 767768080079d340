// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-approximate-math))' %s | FileCheck %s

// No function is left that only a library has. A square root is an instruction.
// CHECK-LABEL: func.func @functions
// CHECK-NOT:     math.{{exp|tanh|erf|expm1}}
// CHECK:         arith.cmpf uno
// CHECK-NOT:     math.{{exp|tanh|erf|expm1}}
// CHECK:         math.sqrt
// CHECK-NOT:     math.{{exp|tanh|erf|expm1}}
// CHECK:         return
func.func @functions(%x: vector<8xf32>) -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>) {
  %a = math.exp %x : vector<8xf32>
  %b = math.tanh %x : vector<8xf32>
  %c = math.erf %x : vector<8xf32>
  %d = math.expm1 %x : vector<8xf32>
  %e = math.sqrt %x : vector<8xf32>
  return %a, %b, %c, %d, %e : vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>
}

// erf in fp32 is ours: one quotient of polynomials, and nothing chosen among coefficients; of scalars too.
// CHECK-LABEL: func.func @erf
// CHECK-COUNT-10: math.fma
// CHECK:         arith.divf
// CHECK-NOT:     math.fma
// CHECK-LABEL: func.func @scalar
// CHECK-COUNT-10: math.fma
func.func @erf(%x: vector<8xf32>) -> vector<8xf32> {
  %y = math.erf %x : vector<8xf32>
  return %y : vector<8xf32>
}
func.func @scalar(%x: f32) -> f32 {
  %y = math.erf %x : f32
  return %y : f32
}

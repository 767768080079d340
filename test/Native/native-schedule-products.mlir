// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-schedule-products{cpu=x86-64-v3}))' --split-input-file %s | FileCheck %s
// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-schedule-products{cpu=x86-64-v4}))' --split-input-file %s | FileCheck %s --check-prefix=V4
// RUN: not tez-opt --pass-pipeline='builtin.module(func.func(native-schedule-products{cpu=z80}))' --split-input-file %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: tez-opt --pass-pipeline='builtin.module(func.func(native-schedule-products{schedules=3x20:2x1+1x4,900x20:6x1+1x4@64}))' --split-input-file %s | FileCheck %s --check-prefix=MEASURED
// RUN: not tez-opt --pass-pipeline='builtin.module(func.func(native-schedule-products{schedules=3x20:4x1+2x1}))' --split-input-file %s 2>&1 | FileCheck %s --check-prefix=REST
// RUN: not tez-opt --pass-pipeline='builtin.module(func.func(native-schedule-products{schedules=3x20:2x1+4x1+1x1}))' --split-input-file %s 2>&1 | FileCheck %s --check-prefix=ORDER
// RUN: not tez-opt --pass-pipeline='builtin.module(func.func(native-schedule-products{schedules=3x20:60x2+1x1}))' --split-input-file %s 2>&1 | FileCheck %s --check-prefix=SIZE
// RUN: not tez-opt --pass-pipeline='builtin.module(func.func(native-schedule-products{schedules=3x20:1x1@0}))' --split-input-file %s 2>&1 | FileCheck %s --check-prefix=PIECE
// REST: schedule "4x1+2x1": expected a last tile of one row, which takes what the others leave
// ORDER: schedule "2x1+4x1+1x1": expected tiles of fewer and fewer rows
// SIZE: schedule "60x2+1x1": expected tiles ROWSxPANELS of at most 64 in all, found "60x2"
// PIECE: schedule "1x1@0": expected a piece of 1 to 2^20 terms behind the @
// UNKNOWN: there is no processor "z80"; known are native, x86-64-v3,

// The weight's argument becomes the packed one: 20 columns take two panels of 16, or one of 32.
// CHECK-LABEL: func.func @pack
// CHECK-SAME:    memref<2x3x16xf32> {native.panels = 16 : i64, native.state = "w", native.transposed}
// CHECK:         native.product
// CHECK:           schedule = array<i64: 6, 1, 5, 1, 4, 1, 3, 2, 2, 2, 1, 4>, transposed = array<i1: false>
// V4-LABEL:    func.func @pack
// V4-SAME:       memref<1x3x32xf32> {native.panels = 32 : i64
// MEASURED-LABEL: func.func @pack
// MEASURED:         schedule = array<i64: 2, 1, 1, 4>
func.func @pack(%x: tensor<?x3xf32>, %w: memref<20x3xf32> {native.state = "w"}, %out: tensor<?x20xf32>) -> tensor<?x20xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<20x3xf32> to tensor<20x3xf32>
  %y = native.product(%x : tensor<?x3xf32>) times(%wt : tensor<20x3xf32>) into %out : tensor<?x20xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {transposed = array<i1: true>} -> tensor<?x20xf32>
  return %y : tensor<?x20xf32>
}

// -----

// A schedule that somebody gave stays; long sums are cut.
// CHECK-LABEL: func.func @given
// CHECK:           {schedule = array<i64: 4, 1, 1, 1>, transposed
// CHECK-LABEL: func.func @long
// CHECK:           {piece = 256 : i64, schedule
// MEASURED-LABEL: func.func @given
// MEASURED:         {schedule = array<i64: 4, 1, 1, 1>, transposed
// MEASURED-LABEL: func.func @long
// MEASURED:         {piece = 64 : i64, schedule = array<i64: 6, 1, 1, 4>
func.func @given(%x: tensor<?x3xf32>, %w: memref<3x20xf32> {native.state = "w"}, %out: tensor<?x20xf32>) -> tensor<?x20xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<3x20xf32> to tensor<3x20xf32>
  %y = native.product(%x : tensor<?x3xf32>) times(%wt : tensor<3x20xf32>) into %out : tensor<?x20xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } {schedule = array<i64: 4, 1, 1, 1>} -> tensor<?x20xf32>
  return %y : tensor<?x20xf32>
}
func.func @long(%x: tensor<?x900xf32>, %w: memref<900x20xf32> {native.state = "w"}, %out: tensor<?x20xf32>) -> tensor<?x20xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<900x20xf32> to tensor<900x20xf32>
  %y = native.product(%x : tensor<?x900xf32>) times(%wt : tensor<900x20xf32>) into %out : tensor<?x20xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } -> tensor<?x20xf32>
  return %y : tensor<?x20xf32>
}

// -----

// A weight that an element-wise op reads too keeps its own argument beside.
// CHECK-LABEL: func.func @shared
// CHECK-SAME:    memref<1x4x16xf32> {native.panels
// CHECK-SAME:    memref<4x4xf32> {native.state = "w"}
func.func @shared(%x: tensor<?x4xf32>, %w: memref<4x4xf32> {native.state = "w"}, %out: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<4x4xf32>) {
  %wt = bufferization.to_tensor %w restrict : memref<4x4xf32> to tensor<4x4xf32>
  %y = native.product(%x : tensor<?x4xf32>) times(%wt : tensor<4x4xf32>) into %out : tensor<?x4xf32> {
  ^bb0(%s: f32):
    native.yield %s : f32
  } -> tensor<?x4xf32>
  return %y, %wt : tensor<?x4xf32>, tensor<4x4xf32>
}

// -----

// What becomes a polynomial is written down once.
// CHECK-LABEL: func.func @long_epilogue
// CHECK:           {deferred, schedule
// CHECK-LABEL: func.func @short_epilogue
// CHECK:           {schedule
func.func @long_epilogue(%x: tensor<?x3xf32>, %w: memref<3x20xf32> {native.state = "w"}, %out: tensor<?x20xf32>) -> tensor<?x20xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<3x20xf32> to tensor<3x20xf32>
  %y = native.product(%x : tensor<?x3xf32>) times(%wt : tensor<3x20xf32>) into %out : tensor<?x20xf32> {
  ^bb0(%s: f32):
    %t = math.tanh %s : f32
    native.yield %t : f32
  } -> tensor<?x20xf32>
  return %y : tensor<?x20xf32>
}
func.func @short_epilogue(%x: tensor<?x3xf32>, %w: memref<3x20xf32> {native.state = "w"}, %out: tensor<?x20xf32>) -> tensor<?x20xf32> {
  %wt = bufferization.to_tensor %w restrict : memref<3x20xf32> to tensor<3x20xf32>
  %y = native.product(%x : tensor<?x3xf32>) times(%wt : tensor<3x20xf32>) into %out : tensor<?x20xf32> {
  ^bb0(%s: f32):
    %t = arith.addf %s, %s : f32
    native.yield %t : f32
  } -> tensor<?x20xf32>
  return %y : tensor<?x20xf32>
}

// -----

// Terms of 8 bits lie beside each other in fours: two groups for five.
// CHECK-LABEL: func.func @bytes
// CHECK-SAME:    memref<2x2x64xi8> {native.panels = 64 : i64, native.state = "w", native.transposed}
// CHECK:         schedule = array<i64: 4, 1, 3, 1, 2, 1, 1, 4>
func.func @bytes(%x: tensor<?x5xi8>, %w: memref<20x5xi8> {native.state = "w"}, %out: tensor<?x20xi32>) -> tensor<?x20xi32> {
  %wt = bufferization.to_tensor %w restrict : memref<20x5xi8> to tensor<20x5xi8>
  %y = native.product(%x : tensor<?x5xi8>) times(%wt : tensor<20x5xi8>) into %out : tensor<?x20xi32> {
  ^bb0(%s: i32):
    native.yield %s : i32
  } {transposed = array<i1: true>} -> tensor<?x20xi32>
  return %y : tensor<?x20xi32>
}

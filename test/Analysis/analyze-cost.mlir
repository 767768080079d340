// RUN: tez-opt %s --tez-analyze-cost=batch=2 -o /dev/null 2>&1 | FileCheck %s
// RUN: tez-opt %s --tez-analyze-cost="batch=2 json" -o /dev/null 2>&1 | FileCheck %s --check-prefix=JSON

// The linear: 2 FLOPs for each of 2 x 16 outputs and 8 inputs; 144 parameters with the bias.
// CHECK:      kernel mlp: pass
// CHECK-NEXT: input features (2, 8)
// CHECK-NEXT: op place output parameters FLOPs activations signal
// CHECK-NEXT: linear analyze-cost.mlir:[[#@LINE+13]] (2, 16) 144 512 128 B 0.577
// CHECK-NEXT: activation {{.*}} (2, 16) 32 128 B
// Two views of one storage: no FLOPs, no bytes.
// CHECK-NEXT: unsqueeze {{.*}} (2, 1, 16) 0.
// CHECK-NEXT: squeeze {{.*}} (2, 16) 0.
// CHECK-NEXT: linear {{.*}} (2, 4) 64 256 32 B
// CHECK-NEXT: parameters 208 (832 B), buffers 1 (8 B)
// CHECK-NEXT: FLOPs 800 for a batch of 2
// Inputs and both values around the relu; in training the last value too.
// CHECK-NEXT: activations 320 B at once, 352 B kept in training
esper.kernel @mlp(%x: tensor<?x8xf32> {esper.name = "features"}) -> tensor<?x4xf32> {
  %w0 = esper.param "0.weight" <uniform, -3.535534e-01, 3.535534e-01> : tensor<16x8xf32>
  %b0 = esper.param "0.bias" <uniform, -3.535534e-01, 3.535534e-01> : tensor<16xf32>
  %0 = esper.linear %x, %w0, %b0 : (tensor<?x8xf32>, tensor<16x8xf32>, tensor<16xf32>) -> tensor<?x16xf32>
  %1 = esper.activation "relu" %0 : tensor<?x16xf32>
  %u = esper.unsqueeze %1 {dim = 1 : i64} : (tensor<?x16xf32>) -> tensor<?x1x16xf32>
  %v = esper.squeeze %u {dim = 1 : i64} : (tensor<?x1x16xf32>) -> tensor<?x16xf32>
  %w3 = esper.param "3.weight" <uniform, -2.500000e-01, 2.500000e-01> : tensor<4x16xf32>
  %calls = esper.buffer "calls" <constant, 0.000000e+00> : tensor<i64>
  %3 = esper.linear %v, %w3 : (tensor<?x16xf32>, tensor<4x16xf32>) -> tensor<?x4xf32>
  esper.return %3 : tensor<?x4xf32>
}
// JSON: {"batch":2,"findings":[],"inputs":[{"name":"features","shape":[2,8]}],"judgement":"pass","kernel":"mlp"
// JSON-SAME: {"activation_bytes":128,"flops":512,"op":"linear","outputs":{{\[\[}}2,16]],"parameter_bytes":576,"parameters":144,"place":"analyze-cost.mlir:21"
// JSON-SAME: "totals":{"buffer_bytes":8,"buffers":1,"flops":800,"inference_peak_bytes":320,"input_bytes":64,"parameter_bytes":832,"parameters":208,"training_peak_bytes":352}

// Declared shapes are those counted, their batch replaced; state is f16.
// CHECK:      kernel declared: pass
// CHECK-NEXT: input input0 (2, 3, 32, 32)
// CHECK:      conv {{.*}} (2, 4, 32, 32) 108 442,368 16.0 KiB
// CHECK:      parameters 108 (216 B)
esper.kernel @declared(%x: tensor<?x3x?x?xf16> {esper.declared_shape = array<i64: -1, 3, 32, 32>}) -> tensor<?x4x?x?xf16> {
  %w = esper.param "weight" <uniform, -1.924501e-01, 1.924501e-01> : tensor<4x3x3x3xf16>
  %0 = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<?x3x?x?xf16>, tensor<4x3x3x3xf16>) -> tensor<?x4x?x?xf16>
  esper.return %0 : tensor<?x4x?x?xf16>
}

// Nothing declared: the smallest that flatten and linear admit is 2 x 2.
// CHECK:      kernel found
// CHECK-NEXT: input input0 (2, 1, 2, 2)
esper.kernel @found(%x: tensor<?x1x?x?xf32>) -> tensor<?x5xf32> {
  %w = esper.param "weight" <uniform, -5.000000e-01, 5.000000e-01> : tensor<5x4xf32>
  %0 = esper.flatten %x {start_dim = 1 : i64, end_dim = -1 : i64} : (tensor<?x1x?x?xf32>) -> tensor<?x?xf32>
  %1 = esper.linear %0, %w : (tensor<?x?xf32>, tensor<5x4xf32>) -> tensor<?x5xf32>
  esper.return %1 : tensor<?x5xf32>
}

// A composite is one line; its memory is that of its primitives (here also the products of 2 heads).
// CHECK:      kernel composite
// CHECK:      op place
// CHECK-NEXT: attention {{.*}} (2, 6, 8) (2, 6, 6) 256 [[FLOPS:[0-9,]+]] {{[0-9.]+}} KiB
// CHECK-NEXT: parameters 256 (1.0 KiB)
// CHECK-NEXT: FLOPs [[FLOPS]] for a batch of 2
esper.kernel @composite(%x: tensor<?x6x8xf32>) -> (tensor<?x6x8xf32>, tensor<?x6x6xf32>) {
  %t = esper.training ""
  %w = esper.param "in_proj_weight" <uniform, -4.330127e-01, 4.330127e-01> : tensor<24x8xf32>
  %v = esper.param "out_proj.weight" <uniform, -3.535534e-01, 3.535534e-01> : tensor<8x8xf32>
  %y, %a = esper.attention %x, %x, %x in_proj(%w) out_proj(%v) training %t {num_heads = 2 : i64, dropout = 0.000000e+00 : f64} : (tensor<?x6x8xf32>, tensor<?x6x8xf32>, tensor<?x6x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x6x8xf32>, tensor<?x6x6xf32>)
  esper.return %y, %a : tensor<?x6x8xf32>, tensor<?x6x6xf32>
}

// A kernel that only infers keeps nothing.
// CHECK:      kernel infers: pass
// CHECK:      activations 128 B at once{{$}}
esper.kernel @infers(%x: tensor<?x8xf32>) -> tensor<?x8xf32> attributes {esper.infer} {
  %0 = esper.activation "tanh" %x : tensor<?x8xf32>
  esper.return %0 : tensor<?x8xf32>
}

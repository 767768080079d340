// RUN: not tez-opt %s --tez-lint="max-flops=127 max-params=63 max-bytes=255 max-activation-bytes=63" -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=error:
// RUN: tez-opt %s --tez-lint="max-flops=128 max-params=64 max-bytes=256 max-activation-bytes=64" -o /dev/null 2>&1 | count 0
// RUN: not tez-opt %s --tez-lint="batch=2 max-flops=128 max-params=64" -o /dev/null 2>&1 | FileCheck %s --check-prefix=BATCH --implicit-check-not=error:

// CHECK: limits.mlir:[[#@LINE+6]]:1: error: the kernel has 64 parameters, the limit is 63 [limit]
// CHECK: error: the kernel has 256 bytes of parameters and buffers, the limit is 255 [limit]
// CHECK: error: the kernel has 128 FLOPs, the limit is 127 [limit]
// CHECK: error: the kernel has 64 bytes of activations, the limit is 63 [limit]

// BATCH: error: the kernel has 256 FLOPs, the limit is 128 [limit]
esper.kernel @sound(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %w = esper.param "weight" <uniform, -3.535534e-01, 3.535534e-01> : tensor<8x8xf32>
  %0 = esper.linear %x, %w : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  esper.return %0 : tensor<?x8xf32>
}

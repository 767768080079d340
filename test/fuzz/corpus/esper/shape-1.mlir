esper.kernel @permute(%x: tensor<?x4x2xf32>) -> tensor<4x2x?xf32> {
  %0 = esper.permute %x {dims = array<i64: 1, -1, 0>} : (tensor<?x4x2xf32>) -> tensor<4x2x?xf32>
  esper.return %0 : tensor<4x2x?xf32>
}

esper.kernel @shuffles(%x: tensor<?x8x4x?xf32>) -> (tensor<?x2x8x?xf32>, tensor<?x32x2x?xf32>, tensor<?x8x4x?xf32>) {
  %0 = esper.pixel_shuffle %x {factor = 2 : i64} : (tensor<?x8x4x?xf32>) -> tensor<?x2x8x?xf32>
  %1 = esper.pixel_unshuffle %x {factor = 2 : i64} : (tensor<?x8x4x?xf32>) -> tensor<?x32x2x?xf32>
  %2 = esper.channel_shuffle %x {groups = 4 : i64} : (tensor<?x8x4x?xf32>) -> tensor<?x8x4x?xf32>
  esper.return %0, %1, %2 : tensor<?x2x8x?xf32>, tensor<?x32x2x?xf32>, tensor<?x8x4x?xf32>
}

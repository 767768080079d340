esper.kernel @two_halves(%x: tensor<4xf16>) -> tensor<4xf16> {
  %0 = esper.cast %x {to = bf16} : (tensor<4xf16>) -> tensor<4xbf16>
  %1 = esper.cast %0 {to = f16} : (tensor<4xbf16>) -> tensor<4xf16>
  esper.return %1 : tensor<4xf16>
}

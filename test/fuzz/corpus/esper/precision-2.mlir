esper.kernel @cast(%x: tensor<?x4xf32>, %h: tensor<?x4xbf16>) -> (tensor<?x4xf32>, tensor<?x4xbf16>, tensor<?x4xf32>) {
  %same = esper.cast %x {to = f32} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %wide = esper.cast %h {to = f32} : (tensor<?x4xbf16>) -> tensor<?x4xf32>
  %back = esper.cast %wide {to = bf16} : (tensor<?x4xf32>) -> tensor<?x4xbf16>
  %narrow = esper.cast %x {to = bf16} : (tensor<?x4xf32>) -> tensor<?x4xbf16>
  %lost = esper.cast %narrow {to = f32} : (tensor<?x4xbf16>) -> tensor<?x4xf32>
  esper.return %same, %back, %lost : tensor<?x4xf32>, tensor<?x4xbf16>, tensor<?x4xf32>
}

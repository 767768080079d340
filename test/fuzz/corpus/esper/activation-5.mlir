esper.kernel @prelu_one_slope(%x: tensor<8xf32>, %w: tensor<1xf32>) {
  %y = esper.prelu %x, %w : (tensor<8xf32>, tensor<1xf32>) -> tensor<8xf32>
  esper.return
}

ts.module @huge trainable {
  ts.parameter "w" : tensor<100000x100000xf32>
  ts.forward(%x: !ts.tensor "x") {
    ts.return %x : !ts.tensor
  }
}

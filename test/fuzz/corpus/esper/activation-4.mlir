esper.kernel @log_softmax(%x: tensor<?x8xf32>) {
  %y = esper.log_softmax %x {dim = -2 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

esper.kernel @softmax(%x: tensor<?x?xf32>) {
  %y = esper.softmax %x {dim = 1 : i64} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  esper.return
}

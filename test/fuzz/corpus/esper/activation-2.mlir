esper.kernel @glu(%x: tensor<?x8xf32>) {
  %y = esper.glu %x {dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x4xf32>
  esper.return
}

esper.kernel @activation_relu(%x: tensor<?x8xf32>) {
  %y = esper.activation "relu" %x : tensor<?x8xf32>
  esper.return
}

esper.kernel @relu_twice(%x: tensor<?xf32>) -> tensor<?xf32> {
  %a = esper.activation "relu" %x : tensor<?xf32>
  %b = esper.activation "relu" %a : tensor<?xf32>
  esper.return %b : tensor<?xf32>
}

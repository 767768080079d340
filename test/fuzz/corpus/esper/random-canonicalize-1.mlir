esper.kernel @draws_stay(%x: tensor<?xf32>) {
  %t = esper.training ""
  %y = esper.dropout alpha(5.0e-1) %x, %t : tensor<?xf32>
  %z = esper.noise(0.1) %x, %t {training_only = true} : tensor<?xf32>
  esper.return
}

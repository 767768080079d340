esper.kernel @one_hot(%i: tensor<?x2xi64>, %x: tensor<?xf32>) -> tensor<?x2x8xf32> {
  %0 = esper.one_hot %i {num_classes = 8 : i64} : (tensor<?x2xi64>) -> tensor<?x2x8xi64>
  %1 = esper.type_as %0, %x : (tensor<?x2x8xi64>, tensor<?xf32>) -> tensor<?x2x8xf32>
  esper.return %1 : tensor<?x2x8xf32>
}

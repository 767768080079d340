esper.kernel @causal_mask(%s: tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> {
  %0 = esper.causal_mask %s : tensor<?x2x?x?xf32>
  esper.return %0 : tensor<?x2x?x?xf32>
}

esper.kernel @sdpa(%q: tensor<?x2x?x4xf32>, %k: tensor<?x2x?x4xf32>, %v: tensor<?x2x?x3xf32>) -> tensor<?x2x?x3xf32> {
  %0 = esper.sdpa %q, %k, %v {scale = 0.5 : f64, causal = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>, tensor<?x2x?x3xf32>) -> tensor<?x2x?x3xf32>
  esper.return %0 : tensor<?x2x?x3xf32>
}

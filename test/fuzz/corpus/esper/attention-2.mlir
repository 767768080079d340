esper.kernel @rotary_embedding(%x: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
  %0 = esper.rotary_embedding %x {num_heads = 2 : i64} : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %1 = esper.rotary_embedding %0 {base = 500.0 : f64} : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  esper.return %1 : tensor<?x?x8xf32>
}

esper.kernel @instance_norm_bare(%x: tensor<?x8x4x4xf32>) {
  %t = esper.training "1"
  %y = esper.instance_norm %x use_input_stats(%t)
      {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64}
      : (tensor<?x8x4x4xf32>, i1) -> tensor<?x8x4x4xf32>
  esper.return
}

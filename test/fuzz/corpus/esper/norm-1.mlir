esper.kernel @rms_norm_machine_eps(%x: tensor<?x?x64xf32>) {
  %y = esper.rms_norm %x {normalized_shape = array<i64: 64>}
      : (tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
  esper.return
}

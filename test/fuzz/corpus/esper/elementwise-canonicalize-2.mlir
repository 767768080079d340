esper.kernel @detach_twice(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %0 = esper.detach %x : tensor<?x8xf32>
  %1 = esper.detach %0 : tensor<?x8xf32>
  esper.return %1 : tensor<?x8xf32>
}

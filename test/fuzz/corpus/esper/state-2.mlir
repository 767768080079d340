esper.kernel @optional(%q: tensor<?x?x8xf32>, %k: !esper.optional<tensor<?x?x8xf32>>)
    -> tensor<?x?x8xf32> {
  %v = esper.value_or %k, %q : !esper.optional<tensor<?x?x8xf32>>
  esper.return %v : tensor<?x?x8xf32>
}

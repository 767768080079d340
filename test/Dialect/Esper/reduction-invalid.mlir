// RUN: tez-opt %s --split-input-file --verify-diagnostics

esper.kernel @reduce_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim 2 is outside of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.reduce %x {kind = #esper<reduce_kind sum>, dims = array<i64: 2>} : (tensor<?x8xf32>) -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @reduce_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim -1 is reduced twice}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.reduce %x {kind = #esper<reduce_kind sum>, dims = array<i64: 1, -1>} : (tensor<?x8xf32>) -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @reduce_c3(%x: tensor<?x8xi64>) {
  // expected-error@+2 {{mean must be of floating elements, found 'i64'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.reduce %x {kind = #esper<reduce_kind mean>, dims = array<i64: 1>} : (tensor<?x8xi64>) -> tensor<?xi64>
  esper.return
}

// -----

esper.kernel @reduce_c4(%x: tensor<?x0xf32>) {
  // expected-error@+2 {{max over dimension 1 of (?, 0) has no element to choose from}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.reduce %x {kind = #esper<reduce_kind max>, dims = array<i64: 1>} : (tensor<?x0xf32>) -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @reduce_result(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{inferred type(s) 'tensor<?x1xf32>' are incompatible with return type(s) of operation 'tensor<?xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.reduce %x {kind = #esper<reduce_kind sum>, dims = array<i64: 1>, keepdim = true} : (tensor<?x8xf32>) -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @cumsum_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim 2 is outside of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.cumsum %x {dim = 2 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// RUN: tez-opt %s --split-input-file --verify-diagnostics

esper.kernel @topk_c1(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{dim 2 is outside of (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %v, %i = esper.topk %x {k = 2 : i64, dim = 2 : i64} : (tensor<?x8xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>)
  esper.return
}

// -----

esper.kernel @topk_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{k must be in [0, 8], found 9}}
  // expected-error@+1 {{failed to infer returned types}}
  %v, %i = esper.topk %x {k = 9 : i64} : (tensor<?x8xf32>) -> (tensor<?x9xf32>, tensor<?x9xi64>)
  esper.return
}

// -----

esper.kernel @one_hot_c1(%i: tensor<?xi32>) {
  // expected-error@+2 {{indices must be i64, found 'i32'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.one_hot %i {num_classes = 4 : i64} : (tensor<?xi32>) -> tensor<?x4xi64>
  esper.return
}

// -----

esper.kernel @one_hot_c2(%i: tensor<?xi64>) {
  // expected-error@+2 {{num_classes must be >= 1, found 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.one_hot %i {num_classes = 0 : i64} : (tensor<?xi64>) -> tensor<?x0xi64>
  esper.return
}

// -----

esper.kernel @type_as_c1(%x: tensor<?x8xf32>, %i: tensor<?xi64>) {
  // expected-error@+2 {{like must be floating, found 'i64'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.type_as %x, %i : (tensor<?x8xf32>, tensor<?xi64>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @topk_gating_c1(%x: tensor<f32>) {
  // expected-error@+2 {{logits must have rank >= 1, found rank 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %g, %i = esper.topk_gating %x {k = 1 : i64} : (tensor<f32>) -> (tensor<1xf32>, tensor<1xi64>)
  esper.return
}

// -----

esper.kernel @topk_gating_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{k must be in [1, 8], found 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %g, %i = esper.topk_gating %x {k = 0 : i64} : (tensor<?x8xf32>) -> (tensor<?x0xf32>, tensor<?x0xi64>)
  esper.return
}

// -----

esper.kernel @topk_gating_c3(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{capacity_factor must be positive and finite, found 0.0}}
  // expected-error@+1 {{failed to infer returned types}}
  %g, %i = esper.topk_gating %x {k = 2 : i64, capacity_factor = 0.0 : f64} : (tensor<?x8xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>)
  esper.return
}

// -----

esper.kernel @moe_combine_c1(%g: tensor<?x2xf32>, %i: tensor<?x2xi64>, %e0: tensor<?x8xf32>, %e1: tensor<?x8xf32>, %e2: tensor<?x8xf32>) {
  // expected-error@+2 {{num_experts (4) must be >= 1 and the number of experts, found 3}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.moe_combine %g, %i experts(%e0, %e1, %e2) {num_experts = 4 : i64, top_k = 2 : i64} : (tensor<?x2xf32>, tensor<?x2xi64>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @moe_combine_c2(%g: tensor<?x2xf32>, %i: tensor<?x2xi64>, %e0: tensor<?x8xf32>, %e1: tensor<?x8xf32>, %e2: tensor<?x8xf32>) {
  // expected-error@+2 {{top_k must be in [1, 3], found 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.moe_combine %g, %i experts(%e0, %e1, %e2) {num_experts = 3 : i64, top_k = 4 : i64} : (tensor<?x2xf32>, tensor<?x2xi64>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @moe_combine_c3(%g: tensor<?x1xf32>, %i: tensor<?x2xi64>, %e0: tensor<?x8xf32>, %e1: tensor<?x8xf32>, %e2: tensor<?x8xf32>) {
  // expected-error@+2 {{gates must have shape (?, 2), found (?, 1)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.moe_combine %g, %i experts(%e0, %e1, %e2) {num_experts = 3 : i64, top_k = 2 : i64} : (tensor<?x1xf32>, tensor<?x2xi64>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @moe_combine_c3(%g: tensor<?x2xf32>, %e0: tensor<?x8xf32>, %e1: tensor<?x8xf32>, %e2: tensor<?x8xf32>) {
  // expected-error@+2 {{gates must have shape (?, 3), found (?, 2)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.moe_combine %g experts(%e0, %e1, %e2) {num_experts = 3 : i64, top_k = 2 : i64} : (tensor<?x2xf32>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @moe_combine_c1(%g: tensor<?x2xf32>, %i: tensor<?x2xi64>, %e0: tensor<?x8xf32>, %e1: tensor<?x8xf32>, %e2: tensor<?x9xf32>) {
  // expected-error@+2 {{one shape and the element type of the gates, found 'tensor<?x9xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.moe_combine %g, %i experts(%e0, %e1, %e2) {num_experts = 3 : i64, top_k = 2 : i64} : (tensor<?x2xf32>, tensor<?x2xi64>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x9xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @moe_combine_c1(%g: tensor<?x2xf32>, %i: tensor<?x2xi64>, %e0: tensor<?x8xf32>, %e1: tensor<?x8xf32>, %e2: tensor<?x8xf64>) {
  // expected-error@+2 {{one shape and the element type of the gates, found 'tensor<?x8xf64>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.moe_combine %g, %i experts(%e0, %e1, %e2) {num_experts = 3 : i64, top_k = 2 : i64} : (tensor<?x2xf32>, tensor<?x2xi64>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf64>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @moe_combine_c4(%g: tensor<?x2xf32>, %i: tensor<?x3xi64>, %e0: tensor<?x8xf32>, %e1: tensor<?x8xf32>, %e2: tensor<?x8xf32>) {
  // expected-error@+2 {{indices must be i64 and have the shape of gates, found 'tensor<?x3xi64>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.moe_combine %g, %i experts(%e0, %e1, %e2) {num_experts = 3 : i64, top_k = 2 : i64} : (tensor<?x2xf32>, tensor<?x3xi64>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @moe_combine_c4(%g: tensor<?x2xf32>, %i: tensor<?x2xi32>, %e0: tensor<?x8xf32>, %e1: tensor<?x8xf32>, %e2: tensor<?x8xf32>) {
  // expected-error@+2 {{indices must be i64 and have the shape of gates, found 'tensor<?x2xi32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.moe_combine %g, %i experts(%e0, %e1, %e2) {num_experts = 3 : i64, top_k = 2 : i64} : (tensor<?x2xf32>, tensor<?x2xi32>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @moe_aux_loss_c1(%x: tensor<f32>) {
  // expected-error@+2 {{logits must have rank >= 1, found rank 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %l = esper.moe_aux_loss %x {loss_coef = 1.0 : f64} : (tensor<f32>) -> tensor<f32>
  esper.return
}

// -----

esper.kernel @moe_aux_loss_c2(%x: tensor<?x1xf32>) {
  // expected-error@+2 {{a variance needs at least 2 experts, found 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %l = esper.moe_aux_loss %x {loss_coef = 1.0 : f64} : (tensor<?x1xf32>) -> tensor<f32>
  esper.return
}

// -----

esper.kernel @moe_aux_loss_c3(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{loss_coef must be finite}}
  // expected-error@+1 {{failed to infer returned types}}
  %l = esper.moe_aux_loss %x {loss_coef = 0x7FF0000000000000 : f64} : (tensor<?x8xf32>) -> tensor<f32>
  esper.return
}

// RUN: tez-opt %s --split-input-file --verify-diagnostics

esper.kernel @add_c1(%a: tensor<?x8xf32>, %b: tensor<7xf32>) {
  // expected-error@+2 {{shapes (?, 8) and (7) do not broadcast}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.add %a, %b : (tensor<?x8xf32>, tensor<7xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @add_c2(%a: tensor<?x8xf32>, %b: tensor<8xf64>) {
  // expected-error@+2 {{element types 'f32' and 'f64' must be equal}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.add %a, %b : (tensor<?x8xf32>, tensor<8xf64>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @subtract_c1(%a: tensor<?x8xf32>, %b: tensor<7xf32>) {
  // expected-error@+2 {{shapes (?, 8) and (7) do not broadcast}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.subtract %a, %b : (tensor<?x8xf32>, tensor<7xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @subtract_c2(%a: tensor<?x8xf32>, %b: tensor<8xf64>) {
  // expected-error@+2 {{element types 'f32' and 'f64' must be equal}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.subtract %a, %b : (tensor<?x8xf32>, tensor<8xf64>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @multiply_c1(%a: tensor<?x8xf32>, %b: tensor<7xf32>) {
  // expected-error@+2 {{shapes (?, 8) and (7) do not broadcast}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.multiply %a, %b : (tensor<?x8xf32>, tensor<7xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @multiply_c2(%a: tensor<?x8xf32>, %b: tensor<8xf64>) {
  // expected-error@+2 {{element types 'f32' and 'f64' must be equal}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.multiply %a, %b : (tensor<?x8xf32>, tensor<8xf64>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @divide_c1(%a: tensor<?x8xf32>, %b: tensor<7xf32>) {
  // expected-error@+2 {{shapes (?, 8) and (7) do not broadcast}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.divide %a, %b : (tensor<?x8xf32>, tensor<7xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @divide_c2(%a: tensor<?x8xf32>, %b: tensor<8xf64>) {
  // expected-error@+2 {{element types 'f32' and 'f64' must be equal}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.divide %a, %b : (tensor<?x8xf32>, tensor<8xf64>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @divide_c2(%a: tensor<?x8xi64>) {
  // expected-error@+2 {{element types 'i64' and 'i64' must be equal and floating}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.divide %a, %a : (tensor<?x8xi64>, tensor<?x8xi64>) -> tensor<?x8xi64>
  esper.return
}

// -----

esper.kernel @scale_c1(%a: tensor<?x8xi64>) {
  // expected-error@+1 {{input must be floating, found 'i64'}}
  %0 = esper.scale %a, 2.0 : tensor<?x8xi64>
  esper.return
}

// -----

esper.kernel @maximum_c1(%a: tensor<?x8xf32>, %b: tensor<7xf32>) {
  // expected-error@+2 {{shapes (?, 8) and (7) do not broadcast}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.maximum %a, %b : (tensor<?x8xf32>, tensor<7xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @maximum_c2(%a: tensor<?x8xf32>, %b: tensor<8xf64>) {
  // expected-error@+2 {{element types 'f32' and 'f64' must be equal}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.maximum %a, %b : (tensor<?x8xf32>, tensor<8xf64>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @minimum_c1(%a: tensor<?x8xf32>, %b: tensor<7xf32>) {
  // expected-error@+2 {{shapes (?, 8) and (7) do not broadcast}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.minimum %a, %b : (tensor<?x8xf32>, tensor<7xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @minimum_c2(%a: tensor<?x8xf32>, %b: tensor<8xf64>) {
  // expected-error@+2 {{element types 'f32' and 'f64' must be equal}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.minimum %a, %b : (tensor<?x8xf32>, tensor<8xf64>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @clip_gradient_c1(%x: tensor<?x8xf32>) {
  // expected-error@+1 {{max_norm must be positive and finite, found 0}}
  %0 = esper.clip_gradient(0.0) %x {norm_type = 2.0 : f64} : tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @clip_gradient_c1_infinite(%x: tensor<?x8xf32>) {
  // expected-error@+1 {{max_norm must be positive and finite, found}}
  %0 = esper.clip_gradient(0x7FF0000000000000) %x {norm_type = 2.0 : f64} : tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @clip_gradient_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{norm_type must be positive, found -1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.clip_gradient(1.0) %x {norm_type = -1.0 : f64} : tensor<?x8xf32>
  esper.return
}

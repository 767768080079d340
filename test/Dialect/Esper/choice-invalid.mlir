// RUN: tez-opt %s --split-input-file --verify-diagnostics

esper.kernel @full_c1(%a: tensor<?x8xf32>) {
  // expected-error@+2 {{sizes must be >= 0, found -1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.full %a {value = 1.0 : f64, shape = array<i64: -1>} : (tensor<?x8xf32>) -> tensor<?xf32>
  esper.return
}

// -----

esper.kernel @compare_c1(%a: tensor<?x8xf32>, %b: tensor<7xf32>) {
  // expected-error@+2 {{shapes (?, 8) and (7) do not broadcast}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.compare lt %a, %b : (tensor<?x8xf32>, tensor<7xf32>) -> tensor<?x8xi1>
  esper.return
}

// -----

esper.kernel @compare_c2(%a: tensor<?x8xf32>, %b: tensor<8xf64>) {
  // expected-error@+2 {{element types 'f32' and 'f64' must be equal}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.compare lt %a, %b : (tensor<?x8xf32>, tensor<8xf64>) -> tensor<?x8xi1>
  esper.return
}

// -----

esper.kernel @where_c1(%m: tensor<7xi1>, %a: tensor<?x8xf32>) {
  // expected-error@+2 {{shapes (7) and (?, 8) do not broadcast}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.where %m, %a, %a : (tensor<7xi1>, tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @where_c2(%m: tensor<8xi1>, %a: tensor<?x8xf32>, %b: tensor<8xf64>) {
  // expected-error@+2 {{element types 'f32' and 'f64' must be equal}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.where %m, %a, %b : (tensor<8xi1>, tensor<?x8xf32>, tensor<8xf64>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @remainder_c1(%a: tensor<?x8xf32>, %b: tensor<7xf32>) {
  // expected-error@+2 {{shapes (?, 8) and (7) do not broadcast}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.remainder %a, %b : (tensor<?x8xf32>, tensor<7xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @remainder_c2(%a: tensor<?x8xf32>, %b: tensor<8xf64>) {
  // expected-error@+2 {{element types 'f32' and 'f64' must be equal}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.remainder %a, %b : (tensor<?x8xf32>, tensor<8xf64>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @to_integer_c1(%a: tensor<?x8xf32>) {
  // expected-error@+2 {{cannot round to 'f32', expected i8, i16, i32 or i64}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.to_integer %a {to = f32} : (tensor<?x8xf32>) -> tensor<?x8xi64>
  esper.return
}

// -----

esper.kernel @select_c1(%a: tensor<?x8xf32>, %b: tensor<8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{chooses between 'tensor<?x8xf32>' and 'tensor<8xf32>', expected one type}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.select %t, %a, %b : tensor<?x8xf32>, tensor<8xf32> -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @is_given_c1(%x: tensor<?x8xf32>) {
  // expected-error@+1 {{op operand #0 must be a tensor that the caller may leave out}}
  %g = "esper.is_given"(%x) : (tensor<?x8xf32>) -> i1
  esper.return
}

// RUN: tez-opt %s --split-input-file --verify-diagnostics=only-expected

// expected-error @below {{input 0 has type 'f32', expected a ranked tensor or !esper.optional of one}}
esper.kernel @kernel_c1(%x: f32) {
  esper.return
}

// -----

// expected-error @below {{result 0 has type 'tensor<*xf32>', expected a ranked tensor}}
"esper.kernel"() <{function_type = () -> tensor<*xf32>, sym_name = "kernel_c1"}> ({
  "esper.return"() <{operandSegmentSizes = array<i32: 0, 0>, updateNames = []}> : () -> ()
}) : () -> ()

// -----

esper.kernel @kernel_c2() {
  %w = esper.param "w" <constant, 0.000000e+00> : tensor<2xf32>
  // expected-error @below {{the name 'w' is already taken in this kernel}}
  %b = esper.buffer "w" <constant, 0.000000e+00> : tensor<2xf32>
  esper.return
}

// -----

esper.kernel @kernel_c3(%x: tensor<?x8xf32>) -> tensor<?x8xf32> attributes {leading_any} {
  %t = esper.flag true
  // expected-error @below {{is not LeadingAgnostic, but the kernel is leading_any}}
  %y = esper.batch_norm %x training(%t) {momentum = 0.1 : f64, eps = 0.1 : f64}
      : (tensor<?x8xf32>, i1) -> tensor<?x8xf32>
  esper.return %y : tensor<?x8xf32>
}

// -----

esper.kernel @return_c1(%x: tensor<?xf32>) -> tensor<8xf32> {
  // expected-error @below {{returns 'tensor<?xf32>', but the kernel declares 'tensor<8xf32>'}}
  esper.return %x : tensor<?xf32>
}

// -----

esper.kernel @return_c2(%x: tensor<2xf32>) {
  %w = esper.param "w" <constant, 0.000000e+00> : tensor<2xf32>
  // expected-error @below {{updates 'w', which is no buffer of the kernel}}
  esper.return updates("w" = %x : tensor<2xf32>)
}

// -----

esper.kernel @return_c2(%x: tensor<2xf32>) {
  %w = esper.buffer "w" <constant, 0.000000e+00> : tensor<2xf32>
  // expected-error @below {{updates 'w' twice}}
  esper.return updates("w" = %x : tensor<2xf32>, "w" = %w : tensor<2xf32>)
}

// -----

esper.kernel @return_c2(%x: tensor<2xf32>) {
  // expected-error @below {{has 0 update names for 1 values}}
  "esper.return"(%x) <{operandSegmentSizes = array<i32: 0, 1>, updateNames = []}> : (tensor<2xf32>) -> ()
}

// -----

esper.kernel @return_c3(%x: tensor<3xf32>) {
  %w = esper.buffer "w" <constant, 0.000000e+00> : tensor<2xf32>
  // expected-error @below {{updates 'w' of type 'tensor<2xf32>' with a value of type 'tensor<3xf32>'}}
  esper.return updates("w" = %x : tensor<3xf32>)
}

// -----

esper.kernel @param_c1() {
  // expected-error @below {{the name 'a..w' must be parts joined by dots, none of them empty}}
  %w = esper.param "a..w" <constant, 0.000000e+00> : tensor<2xf32>
  esper.return
}

// -----

esper.kernel @param_c1() {
  // expected-error @below {{the name '' must be parts joined by dots, none of them empty}}
  %w = esper.param "" <constant, 0.000000e+00> : tensor<2xf32>
  esper.return
}

// -----

esper.kernel @param_c2() {
  // expected-error @below {{must have a static shape, found 'tensor<?xf32>'}}
  %w = esper.param "w" <constant, 0.000000e+00> : tensor<?xf32>
  esper.return
}

// -----

esper.kernel @buffer_c1() {
  // expected-error @below {{the name 'a..w' must be parts joined by dots, none of them empty}}
  %w = esper.buffer "a..w" <constant, 0.000000e+00> : tensor<2xf32>
  esper.return
}

// -----

esper.kernel @buffer_c1() {
  // expected-error @below {{the name '' must be parts joined by dots, none of them empty}}
  %w = esper.buffer "" <constant, 0.000000e+00> : tensor<2xf32>
  esper.return
}

// -----

esper.kernel @buffer_c2() {
  // expected-error @below {{must have a static shape, found 'tensor<?xf32>'}}
  %w = esper.buffer "w" <constant, 0.000000e+00> : tensor<?xf32>
  esper.return
}

// -----

esper.kernel @training_c1() {
  // expected-error @below {{the path '.1' must be parts joined by dots, none of them empty}}
  %f = esper.training ".1"
  esper.return
}

// -----

esper.kernel @increment_c1(%x: tensor<f32>) {
  %t = esper.flag true
  // expected-error @below {{counts in integers, found 'tensor<f32>'}}
  %y = esper.increment %x, %t : tensor<f32>
  esper.return
}

// -----

esper.kernel @value_or_c1(%k: !esper.optional<tensor<?x8xf32>>, %q: tensor<4x8xf32>) {
  // expected-error @below {{the default 'tensor<4x8xf32>' and the result 'tensor<?x8xf32>' must have type 'tensor<?x8xf32>'}}
  %y = "esper.value_or"(%k, %q)
      : (!esper.optional<tensor<?x8xf32>>, tensor<4x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @init_kind() {
  // expected-error @below {{found 'xavier', expected constant, uniform, normal, range or lower}}
  %w = esper.param "w" <xavier, 0.000000e+00> : tensor<2xf32>
  esper.return
}

// -----

// expected-error @below {{input 0 has esper.fixed_rank, expected that only at a tensor of a kernel that is not leading_any}}
esper.kernel @kernel_c4(%x: tensor<?x8xf32> {esper.fixed_rank}) -> tensor<?x8xf32> attributes {leading_any} {
  esper.return %x : tensor<?x8xf32>
}

// -----

// expected-error @below {{input 1 has esper.fixed_rank, expected that only at a tensor}}
esper.kernel @kernel_c4(%x: tensor<?x8xf32>, %y: !esper.optional<tensor<?x8xf32>> {esper.fixed_rank}) -> tensor<?x8xf32> {
  esper.return %x : tensor<?x8xf32>
}

// -----

esper.kernel @param_c3() {
  // expected-error @below {{expected finite numbers, low <= high and a deviation >= 0}}
  %w = esper.param "w" <uniform, 5.000000e+00, -5.000000e+00> : tensor<2xf32>
  esper.return
}

// -----

esper.kernel @param_c3() {
  // expected-error @below {{expected finite numbers, low <= high and a deviation >= 0}}
  %w = esper.param "w" <normal, 0.000000e+00, -1.000000e+00> : tensor<2xf32>
  esper.return
}

// -----

esper.kernel @buffer_c3() {
  // expected-error @below {{expected finite numbers, low <= high and a deviation >= 0}}
  %w = esper.buffer "w" <constant, 0x7FF8000000000000> : tensor<2xf32>
  esper.return
}

// -----

esper.kernel @buffer_c3() {
  // expected-error @below {{expected finite numbers, low <= high and a deviation >= 0}}
  %w = esper.buffer "w" <uniform, -1.700000e+308, 1.700000e+308> : tensor<2xf32>
  esper.return
}

// -----

esper.kernel @param_c4() {
  // expected-error @below {{memory channels_last does not fit the rank of 'tensor<2xf32>'}}
  %w = esper.param "w" <constant, 0.000000e+00> memory channels_last : tensor<2xf32>
  esper.return
}

// -----

esper.kernel @buffer_c4() {
  // expected-error @below {{memory channels_last does not fit the rank of 'tensor<2x3x4xf32>'}}
  %w = esper.buffer "w" <constant, 0.000000e+00> memory channels_last : tensor<2x3x4xf32>
  esper.return
}

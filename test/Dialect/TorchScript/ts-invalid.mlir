// RUN: tez-opt %s --split-input-file --verify-diagnostics=only-expected

// expected-error @below {{must end in its only ts.forward}}
ts.module @module_c1 {
  ts.parameter "w" : tensor<2xf32>
}

// -----

// expected-error @below {{must end in its only ts.forward}}
ts.module @module_c1 {
  ts.forward() {
    ts.return
  }
  ts.parameter "w" : tensor<2xf32>
}

// -----

ts.module @module_c2 {
  ts.parameter "w" : tensor<2xf32>
  // expected-error @below {{the name 'w' is already taken}}
  ts.buffer "w" : tensor<2xf32>
  ts.forward() {
    ts.return
  }
}

// -----

ts.module @module_c3 {
  // expected-error @below {{'a' is also the path of a module}}
  ts.parameter "a" : tensor<2xf32>
  ts.parameter "a.w" : tensor<2xf32>
  ts.forward() {
    ts.return
  }
}

// -----

ts.module @module_c3 {
  // expected-error @below {{'a.b' is also the path of a module}}
  ts.buffer "a.b" : tensor<2xf32>
  ts.submodule "a.b.c"
  ts.forward() {
    ts.return
  }
}

// -----

ts.module @parameter_c1 {
  // expected-error @below {{has type 'tensor<?xf32>', expected a tensor of static shape}}
  ts.parameter "w" : tensor<?xf32>
  ts.forward() {
    ts.return
  }
}

// -----

ts.module @buffer_c1 {
  // expected-error @below {{has type 'f32', expected a tensor of static shape}}
  ts.buffer "w" : f32
  ts.forward() {
    ts.return
  }
}

// -----

ts.module @submodule_c1 {
  // expected-error @below {{has an empty path}}
  ts.submodule ""
  ts.forward() {
    ts.return
  }
}

// -----

ts.module @forward_c1 {
  // expected-error @below {{argument name 'x' must be a distinct identifier}}
  ts.forward(%x: !ts.tensor "x", %y: !ts.tensor "x") {
    ts.return
  }
}

// -----

ts.module @forward_c1 {
  // expected-error @below {{argument name '1x' must be a distinct identifier}}
  ts.forward(%x: !ts.tensor "1x") {
    ts.return
  }
}

// -----

ts.module @forward_c1 {
  // expected-error @below {{has 0 names for 1 arguments}}
  "ts.forward"() <{names = []}> ({
  ^bb0(%x: !ts.tensor):
    ts.return
  }) : () -> ()
}

// -----

ts.module @forward_c2 {
  // expected-error @below {{argument has type '!ts.bool', expected !ts.tensor or !ts.optional_tensor}}
  ts.forward(%x: !ts.bool "x") {
    ts.return
  }
}

// -----

ts.module @get_c1 {
  ts.parameter "w" : tensor<2xf32>
  ts.forward() {
    // expected-error @below {{the module has no parameter or buffer 'v'}}
    %v = ts.get "v" : !ts.tensor
    ts.return
  }
}

// -----

ts.module @call_c1 {
  ts.forward(%x: !ts.tensor "x") {
    // expected-error @below {{'aten::rand_like' is not in the table of operators}}
    %y = ts.call "aten::rand_like"(%x) : (!ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}

// -----

ts.module @call_c2 {
  ts.forward(%x: !ts.tensor "x") {
    // expected-error @below {{aten::relu takes 1 arguments, found 2}}
    %y = ts.call "aten::relu"(%x, %x) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}

// -----

ts.module @call_c2 {
  ts.forward(%x: !ts.tensor "x") {
    // expected-error @below {{aten::glu argument 1 must be int}}
    %y = ts.call "aten::glu"(%x, "last") : (!ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}

// -----

// The generic form can leave a place without an operand.
ts.module @call_c2 {
  ts.forward(%x: !ts.tensor "x") {
    // expected-error @below {{has places for 2 operands, found 1}}
    %y = "ts.call"(%x) <{callee = "aten::mul", args = [unit, unit]}> : (!ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}

// -----

ts.module @call_c3 trainable {
  ts.forward(%x: !ts.tensor "x") {
    // expected-error @below {{aten::scaled_dot_product_attention is not for trainable modules}}
    %y = ts.call "aten::scaled_dot_product_attention"(%x, %x, %x, none, 5.0e-1, false, none, false)
        : (!ts.tensor, !ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}

// -----

ts.module @call_c4 {
  ts.forward(%x: !ts.tensor "x") {
    // expected-error @below {{has 2 results, aten::relu has 1}}
    %y:2 = ts.call "aten::relu"(%x) : (!ts.tensor) -> (!ts.tensor, !ts.tensor)
    ts.return %y#0 : !ts.tensor
  }
}

// -----

ts.module @if_c1 {
  ts.forward(%x: !ts.optional_tensor "x", %z: !ts.tensor "z") {
    %c = ts.is_none %x
    // expected-error @below {{both branches must yield '!ts.tensor'}}
    %r = ts.if %c -> (!ts.tensor) {
      ts.yield %z : !ts.tensor
    } else {
      ts.yield
    }
    ts.return %r : !ts.tensor
  }
}

// -----

ts.module @parameter_c2 {
  // expected-error @below {{cannot lay out 'tensor<2x3xf32>' as "channels_last"}}
  ts.parameter "w" : tensor<2x3xf32> memory "channels_last"
  ts.forward() {
    ts.return
  }
}

// -----

ts.module @buffer_c2 {
  // expected-error @below {{cannot lay out 'tensor<2x3xf32>' as "blocked"}}
  ts.buffer "w" : tensor<2x3xf32> memory "blocked"
  ts.forward() {
    ts.return
  }
}

// -----

ts.module @call_in_place trainable {
  ts.forward(%x: !ts.tensor "x") {
    // expected-error @below {{aten::relu_ is not for trainable modules}}
    %y = ts.call "aten::relu_"(%x) : (!ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}

// -----

ts.module @require_rank_c1 {
  ts.forward(%x: !ts.tensor "x") {
    // expected-error @below {{requires the rank -1}}
    ts.require_rank %x "x" -1
    ts.return %x : !ts.tensor
  }
}

// -----

ts.module @packed_c1 {
  // expected-error @below {{'aten::linear' is not an operator that packs weights}}
  ts.packed "p" "aten::linear" of "w", "s", ""
  ts.forward() {
    ts.return
  }
}

// -----

ts.module @packed_c2 {
  // expected-error @below {{has 0 sizes, expected 7}}
  ts.packed "p" "quantized::conv2d_prepack" of "w", "s", ""
  ts.forward() {
    ts.return
  }
}

// -----

ts.module @packed_c2 {
  // expected-error @below {{has 2 sizes, expected 0}}
  ts.packed "p" "quantized::linear_prepack" of "w", "s", "" {sizes = array<i64: 1, 1>}
  ts.forward() {
    ts.return
  }
}

// -----

ts.module @get_c1 {
  ts.packed "p" "quantized::linear_prepack" of "w", "s", ""
  ts.forward() {
    // expected-error @below {{the module has no parameter or buffer 'p'}}
    %v = ts.get "p" : !ts.tensor
    ts.return
  }
}

// -----

ts.module @get_c1 {
  ts.parameter "w" : tensor<2xf32>
  ts.forward() {
    // expected-error @below {{the module has no packed weight 'w'}}
    %v = ts.get "w" : !ts.packed
    ts.return
  }
}

// -----

ts.module @call_c3 trainable {
  ts.packed "p" "quantized::linear_prepack" of "w", "s", ""
  ts.forward(%x: !ts.tensor "x") {
    %p = ts.get "p" : !ts.packed
    // expected-error @below {{quantized::linear_dynamic is not for trainable modules: infer only: no gradient; cpu only}}
    %y = ts.call "quantized::linear_dynamic"(%x, %p, true) : (!ts.tensor, !ts.packed) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}

// -----

func.func @return_c1() {
  // expected-error @below {{expects parent op 'ts.forward'}}
  ts.return
}

// -----

ts.module @yield_c1 {
  ts.forward() {
    // expected-error @below {{expects parent op 'ts.if'}}
    ts.yield
  }
}

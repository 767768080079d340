//===- Passes.td - Passes from esper to esper ---------------*- tablegen -*-===//

#ifndef TEZ_TRANSFORMS_PASSES
#define TEZ_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// Simplify
//===----------------------------------------------------------------------===//

def DecomposeComposites : Pass<"esper-decompose-composites", "::tez::esper::KernelOp"> {
  let summary = "replace every composite by the primitives that define it";
  let description = [{
    Applies `decompose` of CompositeOpInterface until no composite is left: an
    expansion may hold further composites. The primitives keep the location of
    the op they replace.

    (* example test/Transforms/Simplify/decompose-composites.mlir *)
  }];
  let statistics = [Statistic<"numComposites", "num-composites", "composites replaced">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

//===----------------------------------------------------------------------===//
// Specialize
//===----------------------------------------------------------------------===//

def SpecializeInfer : Pass<"esper-specialize-infer", "::tez::esper::KernelOp"> {
  let summary = "fix every submodule's mode to evaluation";
  let description = [{
    Replaces each `esper.training` by `esper.flag false` and lets folders and
    canonicalizations run: dropout, noise, increments and running statistics
    disappear. Updates that give a buffer its own value are dropped; one that
    does change its buffer stays. The kernel gets the attribute `esper.infer`.

    (* example test/Transforms/Specialize/specialize-infer.mlir *)
  }];
  let statistics = [Statistic<"numModes", "num-modes", "submodule modes fixed">,
                    Statistic<"numUpdates", "num-updates", "buffer updates dropped">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

#endif // TEZ_TRANSFORMS_PASSES

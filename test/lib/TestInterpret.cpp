//===- TestInterpret.cpp - Prints what a kernel computes ------------------===//
//
// The attributes of the kernel are the call:
//   inputs = [dense<...> : tensor<...xf64>, ...]   unit: the input is left out
//   state = {"0.weight" = dense<...>, ...}         else the initialiser's constant
//   training, rounds                               unit
// The upstream gradient of every output is 1.
//
//===----------------------------------------------------------------------===//

#include "TestPasses.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "tez/Interpreter/Interpreter.h"
#include "tez/Weights/KernelWeights.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static interp::Tensor fromElements(Attribute attr) {
  auto elements = cast<DenseElementsAttr>(attr);
  std::vector<double> values;
  if (isa<FloatType>(elements.getElementType()))
    for (APFloat value : elements.getValues<APFloat>())
      values.push_back(value.convertToDouble());
  else
    for (APInt value : elements.getValues<APInt>())
      values.push_back(double(value.getSExtValue()));
  return interp::Tensor(elements.getType().getShape().vec(), values);
}

/// [1 2.5 ...] of shape: values to six digits, which hand computation gives.
static void print(raw_ostream &os, const Twine &what, const interp::Tensor &tensor) {
  os << "  " << what << " <";
  llvm::interleave(tensor.shape(), os, "x");
  os << "> [";
  llvm::interleave(
      tensor.values(), os, [&](double value) { os << llvm::format("%.6g", value); }, " ");
  os << "]\n";
}

static interp::Environment environmentOf(KernelOp kernel, const WeightStore &initial) {
  interp::Environment environment;
  if (auto inputs = kernel->getAttrOfType<ArrayAttr>("inputs"))
    for (Attribute input : inputs)
      environment.inputs.push_back(isa<UnitAttr>(input) ? std::nullopt
                                                        : std::optional(fromElements(input)));
  auto state = kernel->getAttrOfType<DictionaryAttr>("state");
  environment.state = [=, &initial](StringRef name) {
    Attribute given = state ? state.get(name) : Attribute();
    return given ? fromElements(given) : interp::toTensor(*initial.lookup(name));
  };
  environment.training = kernel->hasAttr("training");
  environment.rounds = kernel->hasAttr("rounds");
  environment.gradients = true;
  return environment;
}

static void printGradients(raw_ostream &os, KernelOp kernel, interp::Evaluation &evaluation) {
  std::vector<interp::Tensor> upstream;
  for (const interp::Tensor &output : evaluation.outputs)
    upstream.push_back(interp::Tensor::full(output.shape(), 1));
  evaluation.backward(upstream);
  for (unsigned i = 0; i < kernel.getNumArguments(); ++i)
    if (auto gradient = evaluation.inputGradient(i))
      print(os, "gradient of input " + Twine(i), *gradient);
  for (auto param : kernel.getBody().getOps<ParamOp>())
    if (auto gradient = evaluation.parameterGradient(param.getName()))
      print(os, "gradient of '" + param.getName() + "'", *gradient);
}

namespace {
struct TestInterpret : PassWrapper<TestInterpret, OperationPass<KernelOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestInterpret)
  StringRef getArgument() const override { return "test-interpret"; }
  StringRef getDescription() const override { return "print what a kernel computes"; }

  void runOnOperation() override {
    KernelOp kernel = getOperation();
    WeightStore initial = initialWeights(kernel, 0);
    std::unique_ptr<interp::Evaluation> evaluation =
        interp::evaluate(kernel, environmentOf(kernel, initial));
    if (!evaluation)
      return signalPassFailure();
    std::string text;
    llvm::raw_string_ostream os(text);
    os << "@" << kernel.getSymName() << "\n";
    for (auto [i, output] : llvm::enumerate(evaluation->outputs))
      print(os, "output " + Twine(i), output);
    for (const auto &[name, value] : evaluation->updates)
      print(os, "update of '" + name + "'", value);
    printGradients(os, kernel, *evaluation);
    llvm::outs() << text; // at once: kernels are run by several threads
  }
};
} // namespace

void tez::test::registerTestInterpretPass() { PassRegistration<TestInterpret>(); }

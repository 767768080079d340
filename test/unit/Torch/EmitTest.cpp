//===- EmitTest.cpp - From ts.module to kernel files ----------------------===//

#include "TorchTesting.h"
#include "tez/Support/ZipReader.h"
#include "llvm/ADT/StringExtras.h"

using namespace tez;
using namespace tez::test;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// Multiplies by every parameter.
std::string productOf(const std::vector<std::string> &names, llvm::StringRef kind = "trainable") {
  std::string state, body;
  llvm::raw_string_ostream stateOut(state), bodyOut(body);
  auto quote = [](llvm::raw_ostream &out, const std::string &name) -> llvm::raw_ostream & {
    out << '"';
    llvm::printEscapedString(name, out);
    return out << '"';
  };
  for (auto [i, name] : llvm::enumerate(names)) {
    quote(stateOut << "ts.parameter ", name) << " : tensor<1xf32>\n";
    quote(bodyOut << "%w" << i << " = ts.get ", name) << " : !ts.tensor\n";
    bodyOut << "%x" << i + 1 << " = ts.call \"aten::mul\"(%x" << i << ", %w" << i
            << ") : (!ts.tensor, !ts.tensor) -> !ts.tensor\n";
  }
  return ("ts.module @k " + kind + "{\n" + state + "ts.forward(%x0: !ts.tensor \"x\") {\n" + body +
          "ts.return %x" + llvm::Twine(names.size()) + " : !ts.tensor\n}\n}")
      .str();
}

TEST(Emit, SameModuleSameBytes) {
  std::string text = productOf({"0.weight", "1.weight"});
  Module first(text), second(text);
  EXPECT_EQ(*first.emit({{"b", "1"}, {"a", "2"}}), *second.emit({{"a", "2"}, {"b", "1"}}));
}

TEST(Emit, EveryRecordIsInTheFolderKernelAndReadable) {
  std::string binary("\0\1\xff", 3);
  auto bytes = Module(productOf({"w"})).emit({{"metadata.json", "{}"}, {"native/k.so", binary}});
  ASSERT_TRUE(bool(bytes));
  auto zip = ZipReader::open(*bytes);
  ASSERT_TRUE(bool(zip));
  for (const std::string &name : zip->names()) {
    EXPECT_TRUE(llvm::StringRef(name).starts_with("kernel/")) << name;
    EXPECT_TRUE(bool(zip->read(name))) << name;
  }
  EXPECT_EQ(*zip->read("kernel/extra/native/k.so"), binary);
}

TEST(Emit, OwnStateComesBeforeThatOfSubmodules) {
  auto kernel = Module(productOf({"1.weight", "0.a.w", "0.w", "w", "1.bias", "0.b.w"})).load();
  EXPECT_THAT(namesOf(kernel->parameters()),
              ElementsAre("w", "1.weight", "1.bias", "0.w", "0.a.w", "0.b.w"));
}

TEST(Emit, AnyNameSurvives) {
  std::vector<std::string> names;
  for (const char *id :
       {"0",     "-1",     "a b",   "it's",       "say \"hi\"", "back\\slash", "new\nline",
        "\\",    "\"\"\"", "ünï",   "日本",       "class",      "None",        "lambda",
        "if",    "self",   "train", "state_dict", "inf",        "torch",       "<tez:0>",
        "<tez:", "x>y",    "\x01",  " "})
    names.push_back(std::string("layers.") + id + ".weight");
  Module module(productOf(names));
  auto kernel = module.load();
  EXPECT_EQ(namesOf(kernel->parameters()), names);
  EXPECT_THAT(runOrFail(*kernel, {.inputs = {floats({1}, {3})}}).outputs[0].toDoubles(),
              ElementsAre(3));
}

TEST(Emit, NamesThatTorchNeedsForItselfAreRefused) {
  for (const char *name : {"training", "forward.w", "layers._c.w", "a..b"}) {
    auto bytes = Module(productOf({name})).emit();
    ASSERT_FALSE(bool(bytes)) << name;
    EXPECT_THAT(llvm::toString(bytes.takeError()), HasSubstr("cannot be called"));
  }
}

TEST(Emit, OnlyTrainableModulesRequireGradients) {
  for (bool trainable : {false, true}) {
    auto kernel = Module(productOf({"w"}, trainable ? "trainable" : "")).load();
    RunRequest request{.inputs = {floats({1}, {3})}, .gradients = true};
    request.outputGradients = {floats({1}, {1})};
    EXPECT_EQ(runOrFail(*kernel, request).parameterGradients[0].second.has_value(), trainable);
  }
}

TEST(Emit, LiteralsOfEveryKind) {
  auto kernel = Module(R"(
ts.module @literals trainable {
  ts.forward(%x: !ts.tensor "input") {
    %a = ts.call "aten::hardtanh"(%x, 0xFFF0000000000000 : f64, 0x7FF0000000000000 : f64)
        : (!ts.tensor) -> !ts.tensor
    %b = ts.call "aten::gelu"(%a, "tanh") : (!ts.tensor) -> !ts.tensor
    %c = ts.call "aten::pad"(%b, array<i64: 1, 0>, "constant", 7.0) : (!ts.tensor) -> !ts.tensor
    %l = ts.call "aten::split_with_sizes"(%c, array<i64: 1, 2>, -1) : (!ts.tensor) -> !ts.tensors
    %p, %q = ts.unpack %l : !ts.tensor, !ts.tensor
    %r = ts.list %q, %p
    %d = ts.call "aten::cat"(%r, 0) : (!ts.tensors) -> !ts.tensor
    %e = ts.call "aten::amax"(%d, array<i64>, false) : (!ts.tensor) -> !ts.tensor
    ts.return %d, %e : !ts.tensor, !ts.tensor
  }
})")
                    .load();
  RunResult result = runOrFail(*kernel, {.inputs = {floats({2}, {0, 0})}});
  EXPECT_THAT(result.outputs[0].toDoubles(), ElementsAre(0, 0, 7));
  EXPECT_THAT(result.outputs[1].toDoubles(), ElementsAre(7));
}

TEST(Emit, WeightsMustFit) {
  Module module(productOf({"w"}));
  module.weights.set("w", floats({2}, {1, 2}));
  auto bytes = module.emit();
  ASSERT_FALSE(bool(bytes));
  EXPECT_THAT(llvm::toString(bytes.takeError()), HasSubstr("the weights for \"w\" have another"));
  module.weights = WeightStore();
  EXPECT_THAT(llvm::toString(module.emit().takeError()), HasSubstr("no weights for \"w\""));
}

} // namespace

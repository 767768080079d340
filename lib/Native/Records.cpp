//===- Records.cpp - Machine code in a kernel file ------------------------===//

#include "tez/Native/MachineCode.h"
#include <nlohmann/json.hpp>

using namespace tez;
using native::Argument;
using Json = nlohmann::ordered_json;

/// Rows that go through all layers together, a number that every tile's rows divide: what is
/// between the layers stays in a cache of 256 KiB or so, unless the weights do not stay in one
/// themselves. Then the fewer blocks read them again, the better.
static int64_t blockRows(const native::MachineCode &code) {
  constexpr int64_t step = 24, least = 48, most = 192, budget = 256 << 10, manyWeights = 1 << 20;
  int64_t weights = code.weights.size();
  int64_t rowBytes = std::max<int64_t>(code.scratchColumns, 1) * int64_t(sizeof(float));
  if (code.hasImages()) // one fills its tiles alone; several at once share a reading of the weights
    return std::clamp<int64_t>(std::max(budget, weights / 4) / rowBytes, 1, most);
  if (weights > manyWeights)
    return most;
  return std::clamp(budget / rowBytes / step * step, least, most);
}

/// `counters`: inputs and outputs so far.
static Json argumentJson(const Argument &argument, size_t &inputs, size_t &outputs) {
  switch (argument.kind) {
  case Argument::Kind::Input:
    return {{"kind", "input"}, {"index", inputs++}};
  case Argument::Kind::Output:
    return {{"kind", "output"}, {"index", outputs++}};
  case Argument::Kind::Weight:
    return {{"kind", "weight"}, {"name", argument.name}, {"offset", argument.offset}};
  case Argument::Kind::Scratch:
    break;
  }
  return {{"kind", "scratch"}};
}

static Json variantJson(const native::MachineCode &code, const std::string &stem) {
  Json arguments = Json::array();
  size_t inputs = 0, outputs = 0;
  for (const Argument &argument : code.arguments)
    arguments.push_back(argumentJson(argument, inputs, outputs));
  return {{"cpu", code.target.name},
          {"level", code.target.level},
          {"triple", code.target.triple},
          {"code", stem + ".code"},
          {"weights", stem + ".weights"},
          {"entry", code.image.entry},
          {"scratch_columns", code.scratchColumns},
          {"scratch_numbers", code.scratchNumbers},
          {"block_rows", blockRows(code)},
          {"arguments", arguments}};
}

/// Signature of the kernel: inputs by name, and how many numbers a row each tensor has.
static Json tensorsJson(const native::MachineCode &code, Argument::Kind kind) {
  Json tensors = Json::array();
  for (const Argument &argument : code.arguments)
    if (argument.kind == kind) {
      Json &tensor = tensors.emplace_back(Json::object());
      if (!argument.name.empty())
        tensor["name"] = argument.name;
      tensor["columns"] = argument.columns;
      if (!argument.image.empty())
        tensor["image"] = argument.image;
    }
  return tensors;
}

/// null: any number of dimensions; -1: of any size.
static Json leadingJson(const native::MachineCode &code) {
  if (!code.leading)
    return nullptr;
  Json sizes = Json::array();
  for (int64_t size : *code.leading)
    sizes.push_back(mlir::ShapedType::isDynamic(size) ? -1 : size);
  return sizes;
}

std::map<std::string, std::string> native::makeRecords(llvm::ArrayRef<MachineCode> variants) {
  std::map<std::string, std::string> records;
  Json plan = {{"format", 3},
               {"leading", leadingJson(variants.front())},
               {"samples", variants.front().samples},
               {"inputs", tensorsJson(variants.front(), Argument::Kind::Input)},
               {"outputs", tensorsJson(variants.front(), Argument::Kind::Output)},
               {"variants", Json::array()}};
  for (const MachineCode &code : variants) {
    std::string stem = recordsFolder.str() + code.target.name;
    plan["variants"].push_back(variantJson(code, stem));
    records[stem + ".code"] = code.image.bytes;
    records[stem + ".weights"] = code.weights;
  }
  records[recordsFolder.str() + "plan.json"] = plan.dump(1) + "\n";
  return records;
}

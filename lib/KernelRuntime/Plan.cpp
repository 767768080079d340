//===- Plan.cpp -----------------------------------------------------------===//

#include "Plan.h"
#include <nlohmann/json.hpp>
#include <stdexcept>
#ifdef __aarch64__
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

using namespace tez::runtime;
using Json = nlohmann::json;

static constexpr int64_t mostColumns = int64_t(1) << 31;

static Row rowOf(const Json &json) {
  Row row;
  row.columns = json.at("columns").get<int64_t>();
  if (row.columns < 1 || row.columns > mostColumns)
    throw std::runtime_error("columns out of range");
  row.sizes = {row.columns};
  if (!json.contains("image"))
    return row;
  row.sizes = json.at("image").get<std::vector<int64_t>>();
  int64_t all = 1;
  for (int64_t size : row.sizes)
    if (size < 1 || __builtin_mul_overflow(all, size, &all))
      all = -1;
  if (row.sizes.size() != 3 || all != row.columns)
    throw std::runtime_error("an image of other sizes than its columns");
  return row;
}

static Argument argumentOf(const Json &json, const Plan &plan) {
  const auto &kind = json.at("kind").get_ref<const std::string &>();
  Argument argument{Argument::Kind::Scratch};
  if (kind == "weight") {
    argument.kind = Argument::Kind::Weight;
    argument.offset = json.at("offset").get<uint64_t>();
  } else if (kind == "input" || kind == "output") {
    argument.kind = kind == "input" ? Argument::Kind::Input : Argument::Kind::Output;
    argument.index = json.at("index").get<size_t>();
    if (argument.index >= (kind == "input" ? plan.inputs : plan.outputs).size())
      throw std::runtime_error("an " + kind + " that there is none of");
  } else if (kind != "scratch") {
    throw std::runtime_error("an argument of kind \"" + kind + "\"");
  }
  return argument;
}

static Variant variantOf(const Json &json, const Plan &plan) {
  Variant variant;
  variant.cpu = json.at("cpu").get<std::string>();
  variant.triple = json.at("triple").get<std::string>();
  variant.code = json.at("code").get<std::string>();
  variant.weights = json.at("weights").get<std::string>();
  variant.level = json.at("level").get<std::string>();
  variant.entry = json.at("entry").get<uint64_t>();
  variant.scratchColumns = json.at("scratch_columns").get<int64_t>();
  variant.scratchNumbers = json.at("scratch_numbers").get<int64_t>();
  variant.blockRows = json.at("block_rows").get<int64_t>();
  if (variant.blockRows < 1 || variant.blockRows > 4096 || variant.scratchColumns < 0 ||
      variant.scratchColumns > mostColumns || variant.scratchNumbers < 0 ||
      variant.scratchNumbers > mostColumns)
    throw std::runtime_error("block_rows, scratch_columns or scratch_numbers out of range");
  for (const Json &argument : json.at("arguments"))
    variant.arguments.push_back(argumentOf(argument, plan));
  return variant;
}

static std::optional<std::vector<int64_t>> leadingOf(const Json &json) {
  if (json.is_null())
    return std::nullopt;
  auto sizes = json.get<std::vector<int64_t>>();
  for (int64_t size : sizes)
    if (size < -1 || sizes.size() > 16)
      throw std::runtime_error("leading dimensions out of range");
  return sizes;
}

static Plan planOf(const Json &json) {
  if (json.at("format") != 3)
    throw std::runtime_error("of format " + json.at("format").dump() + ", expected 3");
  Plan plan;
  plan.leading = leadingOf(json.at("leading"));
  plan.samples = json.at("samples").get<bool>();
  if (plan.samples && (!plan.leading || plan.leading->size() != 2))
    throw std::runtime_error("samples without two leading dimensions");
  for (const Json &input : json.at("inputs"))
    plan.inputs.push_back(rowOf(input));
  for (const Json &output : json.at("outputs"))
    plan.outputs.push_back(rowOf(output));
  if (plan.inputs.empty() || plan.outputs.empty())
    throw std::runtime_error("without inputs or outputs");
  for (const auto *rows : {&plan.inputs, &plan.outputs})
    for (const Row &row : *rows)
      plan.images |= row.sizes.size() > 1;
  if (plan.images && (!plan.leading || plan.leading->size() != 1))
    throw std::runtime_error("images without one leading dimension");
  for (const Json &variant : json.at("variants"))
    plan.variants.push_back(variantOf(variant, plan));
  return plan;
}

Plan tez::runtime::parsePlan(std::string_view text) {
  try {
    return planOf(Json::parse(text));
  } catch (const std::exception &error) {
    throw std::runtime_error(std::string("native/plan.json: ") + error.what());
  }
}

/// By the levels of the psABI supplements, which the compiler's builtin knows, and by features.
/// What has no row cannot be asked for.
static bool hasPart(std::string_view part) {
#ifdef __x86_64__
  __builtin_cpu_init();
  return (part == "x86-64-v3" && __builtin_cpu_supports("x86-64-v3") > 0) ||
         (part == "x86-64-v4" && __builtin_cpu_supports("x86-64-v4") > 0) ||
         (part == "avx512vnni" && __builtin_cpu_supports("avx512vnni") > 0) ||
         (part == "avx512bf16" && __builtin_cpu_supports("avx512bf16") > 0);
#else
  unsigned long features = getauxval(AT_HWCAP2);
  return part == "armv8-a" || (part == "i8mm" && (features & HWCAP2_I8MM)) ||
         (part == "bf16" && (features & HWCAP2_BF16));
#endif
}

bool tez::runtime::isRunnable(const Variant &variant) {
  std::string_view rest = variant.level;
  while (true) {
    size_t end = rest.find('+');
    if (!hasPart(rest.substr(0, end)))
      return false;
    if (end == std::string_view::npos)
      return true;
    rest.remove_prefix(end + 1);
  }
}

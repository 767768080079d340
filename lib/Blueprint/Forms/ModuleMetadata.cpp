//===- ModuleMetadata.cpp - What form 1d says beside its architecture -----===//

#include "ModuleForm.h"
#include "tez/Json/Text.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

//===----------------------------------------------------------------------===//
// Metadata
//===----------------------------------------------------------------------===//

/// A claim in numbers, which may be null; anything else is an error.
static std::optional<json::Value> readEstimate(json::Fields &f, std::string_view name) {
  return f.optionalNumber(name) ? f.raw(name) : std::nullopt;
}

/// Any other member of the metadata is carried as it stands.
Estimates tez::blueprint::readModuleMetadata(json::Fields &form, Description &description) {
  json::Fields f = form.child("metadata", json::Nulls::MeanAbsent);
  description.text("id", f.string("blueprint_id", {.min = 1, .max = 255}));
  description.text("name", f.string("name", {.min = 1, .max = 255, .trim = true}));
  description.text("version", f.stringOr("version", "1.0.0", {.min = 1}));
  description.text("category",
                   f.oneOf("category", {"transformer", "mixture_of_experts", "efficiency",
                                        "routing", "diagnostics", "custom"}));
  description.text("description", f.optionalString("description"));
  Estimates estimates{readEstimate(f, "param_delta"), readEstimate(f, "memory_footprint_kb")};
  for (const char *name : {"flop_delta", "expected_latency_ms", "risk_score"})
    (void)f.optionalNumber(name);
  if (!f.ok())
    form.fail("metadata");
  description.json("metadata", form.raw("metadata"));
  return estimates;
}

//===----------------------------------------------------------------------===//
// Estimates
//===----------------------------------------------------------------------===//

namespace {
struct Footprint {
  double parameters = 0, bytes = 0;
};
} // namespace

static Footprint measure(Block &body) {
  Footprint total;
  for (Operation &op : body) {
    if (!isa<esper::ParamOp, esper::BufferOp>(op))
      continue;
    auto type = cast<RankedTensorType>(op.getResult(0).getType());
    double count = type.getNumElements();
    total.bytes += count * ((type.getElementTypeBitWidth() + 7) / 8);
    total.parameters += isa<esper::ParamOp>(op) ? count : 0;
  }
  return total;
}

void tez::blueprint::checkEstimates(const Estimates &estimates, NetBuilder &net) {
  Footprint truth = measure(*net.ops().getInsertionBlock());
  auto check = [&](const std::optional<json::Value> &claim, double figure, double tolerance,
                   StringRef what) {
    if (claim && std::abs(*claim->number() - figure) > tolerance)
      emitWarning(locationOf(net.context(), *claim))
          << "claims " << claim->source() << ", but the network has " << std::llround(figure)
          << what;
  };
  check(estimates.parameters, truth.parameters, 0, " parameters");
  double kilobytes = truth.bytes / 1024;
  // A claim may be rounded, or count 1000 bytes to the kilobyte.
  check(estimates.kilobytes, kilobytes, 1 + kilobytes * 0.025, " KiB of parameters and buffers");
}

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

namespace {
/// One entry of `validation`: a bound below or above.
struct Bound {
  json::Value place;
  double value;
  bool isLeast;
};
} // namespace

/// The values under `name` among the constructor arguments.
static SmallVector<json::Value> findArguments(const json::Object &root, std::string_view name) {
  SmallVector<json::Value> found;
  std::optional<json::Value> architecture = root.find("architecture");
  std::optional<json::Object> object = architecture ? architecture->object() : std::nullopt;
  for (const char *part : {"config", "init_params"}) {
    std::optional<json::Value> holder = object ? object->find(part) : std::nullopt;
    std::optional<json::Object> arguments = holder ? holder->object() : std::nullopt;
    if (std::optional<json::Value> value = arguments ? arguments->find(name) : std::nullopt)
      found.push_back(*value);
  }
  return found;
}

/// Numbers are compared, also those of a list.
static bool holds(const Bound &bound, const json::Value &value, json::DiagnosticSink &sink) {
  if (std::optional<json::Array> list = value.array()) {
    bool good = true;
    for (json::Value element : *list)
      good &= holds(bound, element, sink);
    return good;
  }
  std::optional<double> number = value.number();
  if (!number || (bound.isLeast ? *number >= bound.value : *number <= bound.value))
    return true;
  json::report(sink, json::Severity::Error, value,
               std::string("expected at ") + (bound.isLeast ? "least " : "most ") +
                   std::string(bound.place.source()) + " (" + bound.place.path() + "), found " +
                   std::string(value.source()));
  return false;
}

static bool checkBound(const json::Object &root, const json::Member &member,
                       json::DiagnosticSink &sink) {
  bool isLeast = member.key.starts_with("min_");
  if (!isLeast && !member.key.starts_with("max_"))
    return true;
  bool good = true;
  for (const json::Value &value : findArguments(root, member.key.substr(4))) {
    std::optional<double> number = json::readNumber(member.value, sink);
    good &= number && holds({member.value, *number, isLeast}, value, sink);
  }
  return good;
}

void tez::blueprint::checkBounds(json::Fields &form, Description &description) {
  std::optional<json::Object> bounds = form.optionalObject("validation");
  if (!bounds)
    return;
  description.json("validation", bounds->value());
  json::Object root = *form.place().object();
  for (json::Member member : *bounds)
    if (!member.value.isNull() && !checkBound(root, member, form.sink()))
      form.fail("validation");
}

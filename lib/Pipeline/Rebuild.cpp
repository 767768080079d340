//===- Rebuild.cpp - A kernel file made once more -------------------------===//

#include "tez/Pipeline/Rebuild.h"
#include "tez/Artifact/Archive.h"
#include "llvm/ADT/StringExtras.h"
#include <nlohmann/json.hpp>

using namespace tez;
using llvm::StringRef;
using Json = nlohmann::ordered_json;

static constexpr const char *kMetadata = "metadata.json", *kEvidence = "evidence.json";

static llvm::Error refuse(const llvm::Twine &why) { return llvm::createStringError(why); }

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static llvm::Expected<Json> readObject(StringRef kernel, const char *record) {
  llvm::Expected<std::string> text = readExtra(kernel, record);
  if (!text)
    return text.takeError();
  Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    return refuse(llvm::Twine(record) + ": expected a JSON object");
  return json;
}

namespace {
/// Takes values out of nested objects; remembers the first that is not there or of
/// another type.
class Reader {
public:
  explicit Reader(const Json &root, const char *record) : root(root), record(record) {}

  template <typename T> T get(const char *pointer) {
    Json::json_pointer at(pointer);
    try {
      return root.at(at).template get<T>();
    } catch (const Json::exception &) {
      note(pointer, "missing, or of another type");
      return T();
    }
  }
  bool has(const char *pointer) const { return root.contains(Json::json_pointer(pointer)); }

  void note(const char *pointer, const std::string &what) {
    if (fault.empty())
      fault = std::string(record) + ": " + pointer + ": " + what;
  }
  llvm::Error error() const { return fault.empty() ? llvm::Error::success() : refuse(fault); }

private:
  const Json &root;
  const char *record;
  std::string fault;
};
} // namespace

static std::string oneOf(Reader &reader, const char *pointer,
                         std::initializer_list<StringRef> words) {
  std::string word = reader.get<std::string>(pointer);
  if (!llvm::is_contained(words, StringRef(word)))
    reader.note(pointer, "found '" + word + "', expected one of " +
                             llvm::join(words.begin(), words.end(), ", "));
  return word;
}

static void readOptions(Reader &reader, CompileOptions &options) {
  options.purpose = oneOf(reader, "/optimization_flags/for", {"train", "infer"}) == "infer"
                        ? Purpose::Infer
                        : Purpose::Train;
  options.target = oneOf(reader, "/compilation_target", {"cpu", "cuda"});
  options.tier = oneOf(reader, "/optimization_flags/tier", {"fast", "standard", "aggressive"});
  options.precision = parsePrecision(oneOf(reader, "/optimization_flags/precision",
                                           {"fp32", "bf16", "fp16", "int8"}))
                          .value_or(Precision::Fp32);
  options.disabledPasses =
      reader.get<std::vector<std::string>>("/optimization_flags/disabled_passes");
  options.pluginPasses = reader.get<std::vector<std::string>>("/optimization_flags/plugin_passes");
  options.seed = reader.get<uint64_t>("/seed");
  if (reader.has("/optimization_flags/cpus"))
    options.cpus = reader.get<std::vector<std::string>>("/optimization_flags/cpus");
  if (reader.has("/optimization_flags/schedules"))
    options.schedules = reader.get<ScheduleRecord>("/optimization_flags/schedules");
  if (reader.has("/optimization_flags/max_rewrites"))
    options.rewrites.most = reader.get<unsigned>("/optimization_flags/max_rewrites");
  if (options.precision == Precision::Int8)
    options.quantization.maxDrop = reader.get<double>("/optimization_flags/max_drop");
  if (options.precision != Precision::Fp32 && options.purpose == Purpose::Train)
    reader.note("/optimization_flags/precision", "expected fp32 in a kernel for training");
  if (options.precision == Precision::Int8 && options.target != "cpu")
    reader.note("/compilation_target", "expected cpu for int8");
  if (reader.has("/repacked_from"))
    options.repackedFrom = reader.get<std::string>("/repacked_from");
}

static void readRest(Reader &reader, Recipe &recipe) {
  recipe.isMlir = oneOf(reader, "/blueprint_form", {"json", "mlir"}) == "mlir";
  recipe.ownWeights = reader.get<bool>("/own_weights");
  recipe.calibrated = reader.has("/optimization_flags/calibrated") &&
                      reader.get<bool>("/optimization_flags/calibrated");
  recipe.plugins = reader.get<size_t>("/optimization_flags/plugins");
}

llvm::Expected<Recipe> tez::readRecipe(StringRef kernel) {
  llvm::Expected<Json> metadata = readObject(kernel, kMetadata);
  if (!metadata)
    return metadata.takeError();
  llvm::Expected<Json> evidence = readObject(kernel, kEvidence);
  if (!evidence)
    return evidence.takeError();
  llvm::Expected<std::string> blueprint = readExtra(kernel, "blueprint");
  if (!blueprint)
    return blueprint.takeError();
  Recipe recipe;
  recipe.blueprint = std::move(*blueprint);
  Reader reader(*metadata, kMetadata), verdicts(*evidence, kEvidence);
  readOptions(reader, recipe.options);
  readRest(reader, recipe);
  recipe.options.validate = verdicts.get<bool>("/validated");
  if (verdicts.has("/checks"))
    recipe.options.checks = verdicts.get<std::vector<std::string>>("/checks");
  if (llvm::Error error = llvm::joinErrors(reader.error(), verdicts.error()))
    return error;
  return recipe;
}

//===----------------------------------------------------------------------===//
// What is not in the file
//===----------------------------------------------------------------------===//

/// "was made with X, which no file holds: give ..." or the reverse.
static llvm::Error require(bool needed, bool given, const char *what, const char *option) {
  if (needed && !given)
    return refuse(llvm::Twine("was made with ") + what + ", which the file does not hold: give " +
                  "the same with " + option);
  if (!needed && given)
    return refuse(llvm::Twine(option) + " was given, but the file was made without " + what);
  return llvm::Error::success();
}

llvm::Error tez::complete(Recipe &recipe, const CompileOptions &given) {
  if (llvm::Error error =
          require(recipe.ownWeights, !given.weights.empty(), "weights of its own", "--weights"))
    return error;
  if (llvm::Error error = require(recipe.calibrated, !given.quantization.samples.empty(),
                                  "calibration samples", "--calibrate"))
    return error;
  if (recipe.plugins != given.plugins.size())
    return refuse("was made with " + llvm::Twine(recipe.plugins) + " pass plugins, found " +
                  llvm::Twine(given.plugins.size()) + " with --load-pass-plugin");
  recipe.options.weights = given.weights;
  recipe.options.quantization.samples = given.quantization.samples;
  recipe.options.plugins = given.plugins;
  recipe.options.import = given.import;
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Comparing
//===----------------------------------------------------------------------===//

static const Json &memberOf(const Json &object, const char *name) {
  static const Json none;
  return object.is_object() && object.contains(name) ? object[name] : none;
}

/// A part names the cause, a record only where it shows.
static llvm::Error compareParts(const Json &file, const Json &rebuilt) {
  const Json &theirs = memberOf(file, "content_parts"), &ours = memberOf(rebuilt, "content_parts");
  for (const auto &[name, value] : ours.items())
    if (const Json &other = memberOf(theirs, name.c_str()); other != value)
      return refuse("its " + name + " is not the same: the file says " + other.dump() +
                    ", rebuilt it is " + value.dump());
  return llvm::Error::success();
}

static llvm::Error compareRecords(StringRef kernel, StringRef rebuilt,
                                  const std::vector<std::string> &ignored) {
  auto different = firstDifference(kernel, rebuilt, ignored);
  if (!different)
    return different.takeError();
  if (*different)
    return refuse("the record \"" + **different + "\" is the first that differs");
  return llvm::Error::success();
}

llvm::Error tez::compareRebuilt(StringRef kernel, StringRef rebuilt, bool withoutEvidence) {
  llvm::Expected<Json> file = readObject(kernel, kMetadata);
  if (!file)
    return file.takeError();
  llvm::Expected<Json> made = readObject(rebuilt, kMetadata);
  if (!made)
    return made.takeError();
  if (llvm::Error error = compareParts(*file, *made))
    return error;
  if (withoutEvidence) {
    file->erase("tested_torch");
    made->erase("tested_torch");
    if (*file != *made)
      return refuse("the record \"metadata.json\" differs");
    return compareRecords(kernel, rebuilt, {kMetadata, kEvidence});
  }
  if (llvm::Error error = compareRecords(kernel, rebuilt, {}))
    return error;
  if (kernel == rebuilt)
    return llvm::Error::success();
  size_t at =
      size_t(std::mismatch(kernel.begin(), kernel.end(), rebuilt.begin(), rebuilt.end()).first -
             kernel.begin());
  return refuse("all records are the same, but not the bytes around them, from byte " +
                llvm::Twine(at) + " on");
}

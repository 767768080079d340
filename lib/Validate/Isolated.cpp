//===- Isolated.cpp - Validation in a child process -----------------------===//
//
// The child is a fork: it has the module, the weights and torch as they are, and
// answers with its verdicts and diagnostics. Locations made before the fork are the
// same objects on both sides; they travel as indices.
//
//===----------------------------------------------------------------------===//

#include "ChildHeap.h"
#include "Suite.h"
#include "WarmUp.h"
#include "tez/Validate/VerdictJson.h"
#include "llvm/ADT/StringExtras.h"
#include <sys/mman.h>

using namespace mlir;
using namespace tez;
using Json = nlohmann::ordered_json;

namespace {
/// The locations that a diagnostic of the child may have.
class Places {
public:
  explicit Places(KernelUnderTest &file) {
    add(file.reference().getLoc());
    for (Operation *root : {file.lowered.getOperation(), file.oracle->getOperation()})
      root->walk([&](Operation *op) { add(op->getLoc()); });
  }
  /// What has no place has the kernel's.
  size_t indexOf(Location location) const { return indices.lookup(location); }
  Location at(size_t index) const { return index < all.size() ? all[index] : all.front(); }

private:
  void add(Location location) {
    if (indices.try_emplace(location, all.size()).second)
      all.push_back(location);
  }
  std::vector<Location> all;
  llvm::DenseMap<Location, size_t> indices;
};

/// A number that the child writes and the parent reads, also after a crash.
class SharedNumber {
public:
  SharedNumber()
      : page(::mmap(nullptr, sizeof(size_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                    0)) {}
  ~SharedNumber() {
    if (page != MAP_FAILED)
      ::munmap(page, sizeof(size_t));
  }
  SharedNumber(const SharedNumber &) = delete;
  SharedNumber &operator=(const SharedNumber &) = delete;
  void set(size_t value) {
    if (page != MAP_FAILED)
      *static_cast<size_t *>(page) = value;
  }
  size_t get() const { return page == MAP_FAILED ? 0 : *static_cast<size_t *>(page); }

private:
  void *page;
};

/// A context without threads for as long as it lives: a fork has none of them.
class SingleThreaded {
public:
  explicit SingleThreaded(MLIRContext *context)
      : context(context), before(context->isMultithreadingEnabled()) {
    context->disableMultithreading();
  }
  ~SingleThreaded() {
    if (before)
      context->enableMultithreading();
  }
  SingleThreaded(const SingleThreaded &) = delete;
  SingleThreaded &operator=(const SingleThreaded &) = delete;

private:
  MLIRContext *context;
  bool before;
};
} // namespace

static Json toJson(const Diagnostic &diagnostic, const Places &places) {
  Json notes = Json::array();
  for (const Diagnostic &note : diagnostic.getNotes())
    notes.push_back({places.indexOf(note.getLocation()), note.str()});
  return {{"severity", int(diagnostic.getSeverity())},
          {"place", places.indexOf(diagnostic.getLocation())},
          {"text", diagnostic.str()},
          {"notes", notes}};
}

/// In the child: everything, as bytes.
static std::string judge(KernelUnderTest &file, ArrayRef<const Check *> checks,
                         const Places &places, SharedNumber &current) {
  growHeapInLargePages();
  Json said = Json::array();
  ScopedDiagnosticHandler hear(file.lowered.getContext(), [&](Diagnostic &diagnostic) {
    said.push_back(toJson(diagnostic, places));
    return success();
  });
  LogicalResult passed = success();
  if (llvm::Error error = file.load())
    passed = file.lowered.emitError() << llvm::toString(std::move(error));
  else
    passed = runChecks(file, checks, [&](size_t check) { current.set(check); });
  Json answer = {{"passed", succeeded(passed)},
                 {"verdicts", verdictsJson(file.verdicts)},
                 {"diagnostics", said}};
  std::vector<uint8_t> bytes = Json::to_cbor(answer);
  return {bytes.begin(), bytes.end()};
}

static void say(const Json &diagnostic, const Places &places) {
  auto severity = DiagnosticSeverity(diagnostic.at("severity").get<int>());
  Location place = places.at(diagnostic.at("place").get<size_t>());
  InFlightDiagnostic said = place.getContext()->getDiagEngine().emit(place, severity);
  said << diagnostic.at("text").get<std::string>();
  for (const Json &note : diagnostic.at("notes"))
    said.attachNote(places.at(note.at(0).get<size_t>())) << note.at(1).get<std::string>();
}

static LogicalResult readAnswer(KernelUnderTest &file, const Places &places,
                                const std::string &bytes) {
  Json answer = Json::from_cbor(bytes);
  for (const Json &diagnostic : answer.at("diagnostics"))
    say(diagnostic, places);
  std::vector<Verdict> verdicts = readVerdicts(answer.at("verdicts"));
  file.verdicts.insert(file.verdicts.end(), verdicts.begin(), verdicts.end());
  return success(answer.at("passed").get<bool>());
}

/// The child is gone without an answer, which is the kernel's fault.
static LogicalResult reportLoss(KernelUnderTest &file, StringRef check, const ChildEnd &end) {
  Verdict verdict;
  verdict.check = check;
  verdict.answer = Answer::Fail;
  verdict.notes.push_back("the process that ran the kernel " + end.text());
  file.verdicts.push_back(verdict);
  return file.lowered.emitError() << "the emitted kernel does not stand the check '" << check
                                  << "': the process that ran it " << end.text();
}

static FailureOr<SmallVector<const Check *>> choose(KernelUnderTest &file,
                                                    ArrayRef<std::string> names) {
  SmallVector<const Check *> chosen;
  for (const std::string &name : names)
    if (std::string wrong = refuseUnknownCheck(name); !wrong.empty())
      return file.lowered.emitError() << wrong;
  for (const Check &check : allChecks())
    if ((names.empty() || llvm::is_contained(names, check.name)) && check.applies(file))
      chosen.push_back(&check);
  return chosen;
}

/// Pays from the second kernel of a process on.
static void warmUpOnce() {
  static unsigned kernels = 0;
  if (++kernels == 2)
    (void)warmUp();
}

LogicalResult tez::validate(KernelUnderTest &file, ArrayRef<std::string> names) {
  FailureOr<SmallVector<const Check *>> checks = choose(file, names);
  if (failed(checks))
    return failure();
  if (checks->empty())
    return success();
  warmUpOnce();
  Places places(file);
  SharedNumber current;
  SingleThreaded alone(file.lowered.getContext());
  ChildEnd end = runInChild([&] { return judge(file, *checks, places, current); }, file.limits);
  if (end.kind != ChildEnd::Done)
    return reportLoss(file, (*checks)[current.get()]->name, end);
  return readAnswer(file, places, end.output);
}

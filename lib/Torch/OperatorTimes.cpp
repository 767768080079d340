//===- OperatorTimes.cpp - What each operator of a kernel takes -----------===//
//
// torch tells observers when an operator begins and ends; where the call stands is known from
// the source that was loaded, so that branches and repeated names are told apart.
//
//===----------------------------------------------------------------------===//

#include "Guard.h"
#include "LoadedModule.h"
#include <ATen/record_function.h>
#include <c10/core/InferenceMode.h>
#include <chrono>
#include <map>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/runtime/interpreter.h>

using namespace tez;

namespace {
using Clock = std::chrono::steady_clock;

/// Listens to one thread while it lives.
class Stopwatch {
public:
  explicit Stopwatch(const torch::jit::Graph &graph);
  ~Stopwatch();
  Stopwatch(const Stopwatch &) = delete;
  Stopwatch &operator=(const Stopwatch &) = delete;

  std::vector<OperatorTime> times; ///< least of all calls so far

private:
  void enlist(const torch::jit::Block &block);
  void record(double milliseconds);

  std::map<size_t, size_t> places; ///< where a call stands in the source -> its number
  unsigned depth = 0;              ///< operators call others
  Clock::time_point begin;
  at::CallbackHandle handle;
  static thread_local Stopwatch *running; ///< torch's observers are plain functions
};
} // namespace

thread_local Stopwatch *Stopwatch::running = nullptr;

static bool holdsTensors(const c10::TypePtr &type) {
  return type->isSubtypeOf(*c10::TensorType::get()) ||
         type->isSubtypeOf(*c10::ListType::ofTensors());
}

/// What computes tensors: sizes and conditions are of no interest.
static bool isOperator(const torch::jit::Node &node) {
  llvm::StringRef space = node.kind().ns().toUnqualString();
  return (space == "aten" || space == "quantized") && !node.outputs().empty() &&
         holdsTensors(node.outputs().front()->type());
}

void Stopwatch::enlist(const torch::jit::Block &block) {
  for (const torch::jit::Node *node : block.nodes()) {
    for (const torch::jit::Block *inner : node->blocks())
      enlist(*inner);
    if (!isOperator(*node))
      continue;
    places.emplace(node->sourceRange().start(), times.size());
    times.push_back({node->kind().toQualString(), std::nullopt});
  }
}

void Stopwatch::record(double milliseconds) {
  std::vector<torch::jit::StackEntry> stack = torch::jit::currentCallstack();
  auto place = stack.empty() ? places.end() : places.find(stack.front().range.start());
  if (place == places.end())
    return;
  std::optional<double> &least = times[place->second].least;
  least = std::min(least.value_or(milliseconds), milliseconds);
}

Stopwatch::Stopwatch(const torch::jit::Graph &graph) {
  enlist(*graph.block());
  auto start = [](const at::RecordFunction &) -> std::unique_ptr<at::ObserverContext> {
    if (running->depth++ == 0)
      running->begin = Clock::now();
    return nullptr;
  };
  auto end = [](const at::RecordFunction &, at::ObserverContext *) {
    Clock::time_point now = Clock::now();
    if (--running->depth == 0)
      running->record(std::chrono::duration<double, std::milli>(now - running->begin).count());
  };
  running = this;
  handle = at::addThreadLocalCallback(
      at::RecordFunctionCallback(start, end).scopes({at::RecordScope::FUNCTION}));
}

Stopwatch::~Stopwatch() {
  at::removeCallback(handle);
  running = nullptr;
}

/// As Performance.cpp has kernels run: torch's optimising executor would fuse what is asked for.
llvm::Expected<std::vector<OperatorTime>> LoadedModule::timeOperators(const RunRequest &request,
                                                                      double budget) {
  return guarded("time the kernel's operators", [&] {
    torch::jit::GraphOptimizerEnabledGuard plain(false);
    c10::InferenceMode noGradients;
    module.eval();
    std::vector<c10::IValue> inputs = makeInputs(request);
    for (int warmUp = 0; warmUp < 2; ++warmUp)
      module.forward(inputs);
    Stopwatch stopwatch(*module.get_method("forward").graph());
    Clock::time_point end = Clock::now() + std::chrono::microseconds(int64_t(1000 * budget));
    do
      module.forward(inputs);
    while (Clock::now() < end);
    return stopwatch.times;
  });
}

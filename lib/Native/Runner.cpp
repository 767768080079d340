//===- Runner.cpp ---------------------------------------------------------===//

#include "tez/Native/Runner.h"
#include "tez/Support/ThreadTime.h"
#include "llvm/Support/MathExtras.h"
#include <chrono>
#include <sys/mman.h>
#include <unistd.h>

using namespace llvm;
using namespace tez;
using native::Argument;
using native::Guard;

/// Pages with a guard before and behind.
class native::Runner::Memory {
public:
  Memory(size_t size, Guard guard) : size(size) {
    size_t page = ::getpagesize(), inner = alignTo(std::max<size_t>(size, 1), page);
    whole = inner + 2 * page;
    void *mapped = ::mmap(nullptr, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED)
      return;
    pages = static_cast<char *>(mapped);
    inside = {pages + page, inner};
    allow(PROT_READ | PROT_WRITE);
    bytes = guard == Guard::Begin ? pages + page : pages + page + inner - size;
  }
  ~Memory() {
    if (pages)
      ::munmap(pages, whole);
  }
  Memory(const Memory &) = delete;
  Memory &operator=(const Memory &) = delete;

  char *data() const { return bytes; } ///< null when there is none
  void allow(int protection) { ::mprotect(inside.first, inside.second, protection); }
  const size_t size;

private:
  size_t whole = 0;
  char *pages = nullptr, *bytes = nullptr;
  std::pair<char *, size_t> inside;
};

native::Runner::Runner(const MachineCode &code, const Image &image) : code(code), image(image) {}
native::Runner::~Runner() = default;

bool native::Runner::canRun(const Target &target) { return runsHere(target.level); }

Error native::Runner::load() {
  loaded = std::make_unique<Memory>(image.bytes.size(), Guard::Begin);
  if (!loaded->data())
    return createStringError("no memory for machine code");
  memcpy(loaded->data(), image.bytes.data(), image.bytes.size());
  loaded->allow(PROT_READ | PROT_EXEC);
  return Error::success();
}

Expected<std::unique_ptr<native::Runner>> native::Runner::create(const MachineCode &code,
                                                                 bool checked) {
  std::unique_ptr<Runner> runner(new Runner(code, checked ? *code.checked : code.image));
  if (Error error = runner->load())
    return error;
  return runner;
}

/// Bytes of weight `i`: up to where the next one begins.
static size_t weightSize(const native::MachineCode &code, const Argument &weight) {
  size_t end = code.weights.size();
  for (const Argument &other : code.arguments)
    if (other.kind == Argument::Kind::Weight && other.offset > weight.offset)
      end = std::min<size_t>(end, other.offset);
  return end - weight.offset;
}

/// The dimensions before those of a row.
static ArrayRef<int64_t> leadingOf(const native::MachineCode &code, const HostTensor &first) {
  const Argument &input =
      *find_if(code.arguments, [](const Argument &a) { return a.kind == Argument::Kind::Input; });
  return ArrayRef(first.shape()).drop_back(input.sizes().size());
}

static HostTensor makeOutput(ArrayRef<int64_t> leading, const Argument &output) {
  std::vector<int64_t> shape = leading.vec();
  append_range(shape, output.sizes());
  return HostTensor(DType::f32, shape);
}

struct native::Runner::Call {
  std::vector<std::unique_ptr<Memory>> memories;
  std::vector<void *> pointers;
};

Expected<native::Runner::Call> native::Runner::prepare(int64_t rows, Guard guard,
                                                       ArrayRef<HostTensor> inputs) const {
  Call call;
  size_t input = 0;
  for (const Argument &argument : code.arguments) {
    const char *from = nullptr;
    size_t size = size_t(rows) * argument.columns * sizeof(float);
    if (argument.kind == Argument::Kind::Weight) {
      from = code.weights.data() + argument.offset;
      size = weightSize(code, argument);
    } else if (argument.kind == Argument::Kind::Scratch) {
      size = (size_t(rows) * code.scratchColumns + code.scratchNumbers) * sizeof(float);
    } else if (argument.kind == Argument::Kind::Input && !inputs.empty()) {
      from = inputs[input++].data();
    }
    Memory &memory = *call.memories.emplace_back(std::make_unique<Memory>(size, guard));
    if (!memory.data())
      return createStringError("no memory for " + Twine(size) + " bytes");
    call.pointers.push_back(memory.data());
    if (from)
      memcpy(memory.data(), from, size);
    else if (argument.kind == Argument::Kind::Input)
      std::fill_n(reinterpret_cast<float *>(memory.data()), size / sizeof(float), 0.25f);
    else
      memset(memory.data(), 0xff, size); // NaNs: what is not written shows
    if (from)
      memory.allow(PROT_READ);
  }
  return call;
}

void native::Runner::enter(const Call &call, int64_t rows, int64_t positions) const {
  auto entry =
      reinterpret_cast<void (*)(void *const *, int64_t, int64_t)>(loaded->data() + image.entry);
  entry(call.pointers.data(), rows, positions);
}

Expected<std::vector<HostTensor>> native::Runner::run(ArrayRef<HostTensor> inputs, Guard guard) {
  ArrayRef<int64_t> leading = leadingOf(code, inputs[0]);
  int64_t rows = product_of(leading);
  Expected<Call> call = prepare(rows, guard, inputs);
  if (!call)
    return call.takeError();
  enter(*call, rows, leading.empty() ? 1 : leading.back());
  std::vector<HostTensor> outputs;
  for (auto [argument, memory] : zip(code.arguments, call->memories))
    if (argument.kind == Argument::Kind::Output) {
      HostTensor &output = outputs.emplace_back(makeOutput(leading, argument));
      memcpy(output.data(), memory->data(), memory->size);
    }
  return outputs;
}

Expected<double> native::Runner::milliseconds(ArrayRef<HostTensor> inputs, unsigned calls) {
  ArrayRef<int64_t> leading = leadingOf(code, inputs[0]);
  int64_t rows = product_of(leading), positions = leading.empty() ? 1 : leading.back();
  Expected<Call> call = prepare(rows, Guard::End, inputs);
  if (!call)
    return call.takeError();
  enter(*call, rows, positions); // pages and caches
  double start = threadMilliseconds();
  for (unsigned i = 0; i < calls; ++i)
    enter(*call, rows, positions);
  return (threadMilliseconds() - start) / calls;
}

double native::Runner::nanoseconds(int64_t rows) {
  using Clock = std::chrono::steady_clock;
  Expected<Call> call = prepare(rows, Guard::End, {});
  if (!call)
    return consumeError(call.takeError()), 0;
  int64_t positions = code.samples ? rows : 1;
  enter(*call, rows, positions); // pages and caches
  Clock::time_point start = Clock::now();
  std::chrono::duration<double, std::nano> took(0);
  unsigned calls = 0;
  for (; took.count() < 1e6; ++calls) {
    enter(*call, rows, positions);
    took = Clock::now() - start;
  }
  return took.count() / calls;
}

//===- Pickle.cpp - A pickle read as data, never executed -----------------===//
//
// The opcodes are those of Python's pickletools. Every operand is checked
// against the bytes that are left, every value against the stack.
//
//===----------------------------------------------------------------------===//

#include "tez/Weights/Pickle.h"
#include "tez/Json/Text.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Endian.h"
#include <bit>

using namespace tez;
using llvm::Error;
using llvm::StringRef;
using Kind = PickleValue::Kind;

llvm::StringRef tez::describe(Kind kind) {
  static constexpr StringRef names[] = {
      "None",    "a boolean", "an integer", "a float", "a string",        "a global",  "a class",
      "a tuple", "a list",    "a dict",     "a call",  "a persistent id", "an object", "a mark"};
  return names[kind];
}

namespace {
constexpr size_t kMaxBytes = size_t(16) << 20;
constexpr size_t kMaxCompounds = size_t(2) << 20;
constexpr StringRef kOrderedDict = "collections.OrderedDict";
} // namespace

namespace tez {

/// The stack machine. Its functions return true when they failed; the reason is
/// then in `reason`, the place is the opcode's.
class PickleMachine {
public:
  PickleMachine(Pickle &result, const PickleRules &rules)
      : result(result), bytes(result.bytes), rules(rules) {}

  Error run() {
    if (bytes.size() > kMaxBytes)
      return llvm::createStringError("%zu bytes, the limit is %zu", bytes.size(), kMaxBytes);
    bool failed = false;
    while (!failed && !stopped) {
      place = at;
      StringRef opcode = take(1);
      failed = opcode.empty() || step(opcode.front());
    }
    if (failed)
      return llvm::createStringError("byte " + llvm::Twine(place) + ": " + reason);
    if (at != bytes.size())
      return llvm::createStringError("byte " + llvm::Twine(at) + ": text after the end");
    return Error::success();
  }

private:
  bool fail(const llvm::Twine &message) {
    if (reason.empty())
      reason = message.str();
    return true;
  }

  /// The next `size` bytes; empty, with a reason, when they are not there.
  StringRef take(size_t size) {
    if (size > bytes.size() - at) {
      fail("the pickle is cut off");
      return {};
    }
    StringRef taken = bytes.substr(at, size);
    at += size;
    return taken;
  }

  /// A little-endian number of `size` bytes.
  uint64_t number(size_t size) {
    uint64_t value = 0;
    StringRef taken = take(size);
    for (size_t i = 0; i < taken.size(); ++i)
      value |= uint64_t(uint8_t(taken[i])) << (8 * i);
    return value;
  }

  PickleValue make(Kind kind) const {
    PickleValue value;
    value.kind = kind;
    value.place = uint32_t(place);
    return value;
  }

  bool push(PickleValue value) {
    stack.push_back(value);
    return !reason.empty();
  }
  bool pushInteger(int64_t integer, Kind kind = Kind::Int) {
    PickleValue value = make(kind);
    value.integer = integer;
    return push(value);
  }
  bool pushCompound(Kind kind, std::vector<PickleValue> items) {
    if (result.compounds.size() == kMaxCompounds)
      return fail("more than " + llvm::Twine(kMaxCompounds) + " compound values");
    PickleValue value = make(kind);
    value.compound = result.compounds.size();
    result.compounds.push_back(std::move(items));
    result.kinds.push_back(kind);
    return push(value);
  }

  /// The topmost `count` values, taken off the stack, none of them a mark.
  std::optional<std::vector<PickleValue>> pop(size_t count) {
    if (count > stack.size()) {
      fail("the stack is empty");
      return std::nullopt;
    }
    std::vector<PickleValue> taken(stack.end() - ptrdiff_t(count), stack.end());
    stack.resize(stack.size() - count);
    for (const PickleValue &value : taken)
      if (value.kind == Kind::Mark) {
        fail("a mark where a value was expected");
        return std::nullopt;
      }
    return taken;
  }
  std::optional<std::vector<PickleValue>> popToMark() {
    size_t count = 0;
    while (count < stack.size() && stack[stack.size() - 1 - count].kind != Kind::Mark)
      ++count;
    auto taken = pop(count);
    if (stack.empty()) {
      fail("no mark on the stack");
      return std::nullopt;
    }
    stack.pop_back();
    return taken;
  }

  bool pushTuple(std::optional<std::vector<PickleValue>> items, Kind kind = Kind::Tuple) {
    return !items || pushCompound(kind, std::move(*items));
  }

  /// Adds to the list or dict that is now on top.
  bool extend(std::optional<std::vector<PickleValue>> items, Kind kind) {
    if (!items)
      return true;
    if (stack.empty() || stack.back().kind != kind)
      return fail("expected " + describe(kind) + " to add to");
    if (kind == Kind::Dict && items->size() % 2)
      return fail("a key without a value");
    auto &to = result.compounds[stack.back().compound];
    to.insert(to.end(), items->begin(), items->end());
    return false;
  }

  bool pushGlobal() {
    StringRef rest = bytes.drop_front(at);
    auto [module, afterModule] = rest.split('\n');
    auto [name, afterName] = afterModule.split('\n');
    if (module.size() + name.size() + 2 > rest.size())
      return fail("the pickle is cut off");
    at += module.size() + name.size() + 2;
    std::string full = (module + "." + name).str();
    const StringRef *found = llvm::find(rules.globals, full);
    if (found != rules.globals.end())
      return pushInteger(found - rules.globals.begin(), Kind::Global);
    if (!rules.isClass || !rules.isClass(full))
      return fail("refers to " + json::quote(json::abbreviate(full)) + ", which " + rules.purpose +
                  " does not need");
    result.classes.push_back(std::move(full));
    return pushInteger(int64_t(result.classes.size()) - 1, Kind::Class);
  }

  /// A new object without arguments; its state follows.
  bool pushObject() {
    auto operands = pop(2);
    if (!operands)
      return true;
    PickleValue type = (*operands)[0], arguments = (*operands)[1];
    if (type.kind != Kind::Class || arguments.kind != Kind::Tuple ||
        !result.items(arguments).empty())
      return fail("expected a new object of a class, without arguments");
    return pushCompound(Kind::Object, {type});
  }

  bool pushText(size_t size) {
    PickleValue value = make(Kind::String);
    value.text = {uint32_t(at), uint32_t(size)};
    return take(size).size() != size || push(value);
  }

  /// An integer of up to 8 bytes, two's complement.
  bool pushLong() {
    size_t size = number(1);
    if (size > 8)
      return fail("an integer of " + llvm::Twine(size) + " bytes, at most 8 are read");
    uint64_t value = number(size);
    unsigned unused = unsigned(64 - 8 * size);
    return pushInteger(size == 0 ? 0 : int64_t(value << unused) >> unused);
  }

  bool pushFloat() {
    PickleValue value = make(Kind::Float);
    StringRef raw = take(8);
    if (raw.size() == 8)
      value.number = std::bit_cast<double>(llvm::support::endian::read64be(raw.data()));
    return push(value);
  }

  bool reduce() {
    auto operands = pop(2);
    if (!operands)
      return true;
    PickleValue callee = (*operands)[0], arguments = (*operands)[1];
    if (callee.kind != Kind::Global || arguments.kind != Kind::Tuple)
      return fail("expected a call of a global with a tuple");
    if (rules.globals[size_t(callee.integer)] == kOrderedDict) {
      if (!result.items(arguments).empty())
        return fail("an OrderedDict with arguments");
      return pushCompound(Kind::Dict, {});
    }
    std::vector<PickleValue> items = {callee};
    llvm::append_range(items, result.items(arguments));
    return pushCompound(Kind::Call, std::move(items));
  }

  /// The attributes of an OrderedDict (_metadata: versions) are of no interest.
  bool build() {
    auto state = pop(1);
    if (!state)
      return true;
    if (!stack.empty() && stack.back().kind == Kind::Object) {
      auto &object = result.compounds[stack.back().compound];
      object.push_back(state->front());
      return object.size() > 2 && fail("sets the state of an object twice");
    }
    if (stack.empty() || stack.back().kind != Kind::Dict || state->front().kind != Kind::Dict)
      return fail("sets the state of something that is not an OrderedDict");
    return false;
  }

  /// Python numbers its memos 0, 1, 2 ...
  bool memoize(uint64_t index) {
    if (!reason.empty() || stack.empty() || stack.back().kind == Kind::Mark)
      return fail("nothing to memoize");
    if (index > memo.size())
      return fail("memo " + llvm::Twine(index) + " out of order, expected at most " +
                  llvm::Twine(memo.size()));
    if (index == memo.size())
      memo.emplace_back();
    memo[index] = stack.back();
    return false;
  }
  bool recall(uint64_t index) {
    if (index >= memo.size())
      return fail("memo " + llvm::Twine(index) + " was never set");
    return push(memo[index]);
  }

  bool stop() {
    if (stack.size() != 1 || stack.back().kind == Kind::Mark)
      return fail("ends with " + llvm::Twine(stack.size()) + " values on the stack, expected 1");
    result.top = stack.back();
    stopped = true;
    return false;
  }

  bool protocol() {
    uint64_t version = number(1);
    return version != 2 && fail("pickle protocol " + llvm::Twine(version) +
                                ", expected 2 (what torch.save writes by default)");
  }

  bool step(char opcode);
  // The opcodes by what they do; nullopt where it is none of them.
  std::optional<bool> pushAtom(char opcode);
  std::optional<bool> pushContainer(char opcode);
  std::optional<bool> change(char opcode);
  std::optional<bool> control(char opcode);

  Pickle &result;
  StringRef bytes;
  const PickleRules &rules;
  std::vector<PickleValue> stack, memo;
  std::string reason;
  size_t at = 0, place = 0;
  bool stopped = false;
};

/// What stands for itself.
std::optional<bool> PickleMachine::pushAtom(char opcode) {
  switch (opcode) {
  case 'N':
    return push(make(Kind::None));
  case '\x88':
    return pushInteger(1, Kind::Bool);
  case '\x89':
    return pushInteger(0, Kind::Bool);
  case 'K':
    return pushInteger(int64_t(number(1)));
  case 'M':
    return pushInteger(int64_t(number(2)));
  case 'J':
    return pushInteger(int32_t(number(4)));
  case '\x8a':
    return pushLong();
  case 'G':
    return pushFloat();
  case 'X':
    return pushText(number(4));
  case 'c':
    return pushGlobal();
  default:
    return std::nullopt;
  }
}

/// Tuples, lists and dicts, of what is on the stack.
std::optional<bool> PickleMachine::pushContainer(char opcode) {
  switch (opcode) {
  case ')':
    return pushCompound(Kind::Tuple, {});
  case ']':
    return pushCompound(Kind::List, {});
  case '}':
    return pushCompound(Kind::Dict, {});
  case '\x85':
    return pushTuple(pop(1));
  case '\x86':
    return pushTuple(pop(2));
  case '\x87':
    return pushTuple(pop(3));
  case 't':
    return pushTuple(popToMark());
  case 'Q':
    return pushTuple(pop(1), Kind::PersistentId);
  default:
    return std::nullopt;
  }
}

/// Changes what is on the stack already.
std::optional<bool> PickleMachine::change(char opcode) {
  switch (opcode) {
  case 'a':
    return extend(pop(1), Kind::List);
  case 'e':
    return extend(popToMark(), Kind::List);
  case 's':
    return extend(pop(2), Kind::Dict);
  case 'u':
    return extend(popToMark(), Kind::Dict);
  case '\x81':
    return pushObject();
  case 'R':
    return reduce();
  case 'b':
    return build();
  default:
    return std::nullopt;
  }
}

std::optional<bool> PickleMachine::control(char opcode) {
  switch (opcode) {
  case '\x80':
    return protocol();
  case '.':
    return stop();
  case '(':
    return push(make(Kind::Mark));
  case 'q':
    return memoize(number(1));
  case 'r':
    return memoize(number(4));
  case 'h':
    return recall(number(1));
  case 'j':
    return recall(number(4));
  default:
    return std::nullopt;
  }
}

bool PickleMachine::step(char opcode) {
  for (auto group : {&PickleMachine::pushAtom, &PickleMachine::pushContainer,
                     &PickleMachine::change, &PickleMachine::control})
    if (std::optional<bool> failed = (this->*group)(opcode))
      return *failed;
  return fail("opcode 0x" + llvm::Twine::utohexstr(uint8_t(opcode)) +
              " is not one that torch uses for " + rules.purpose);
}

} // namespace tez

llvm::Expected<Pickle> Pickle::parse(StringRef bytes, const PickleRules &rules) {
  Pickle pickle;
  pickle.bytes = bytes;
  if (Error error = PickleMachine(pickle, rules).run())
    return error;
  return pickle;
}

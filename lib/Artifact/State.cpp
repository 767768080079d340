//===- State.cpp - The values of a kernel file ----------------------------===//

#include "State.h"
#include "SourceForms.h"
#include "tez/Support/CheckedMath.h"
#include "tez/Weights/Pickle.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace tez;
using llvm::Error;
using llvm::StringRef;
using llvm::Twine;
using Values = llvm::ArrayRef<PickleValue>;

/// Bytes an element takes, by the storage's class.
static constexpr std::pair<StringRef, int64_t> storages[] = {
    {"torch.BFloat16Storage", 2}, {"torch.BoolStorage", 1},   {"torch.ByteStorage", 1},
    {"torch.CharStorage", 1},     {"torch.DoubleStorage", 8}, {"torch.FloatStorage", 4},
    {"torch.HalfStorage", 2},     {"torch.IntStorage", 4},    {"torch.LongStorage", 8},
    {"torch.QInt32Storage", 4},   {"torch.QInt8Storage", 1},  {"torch.QUInt8Storage", 1},
    {"torch.ShortStorage", 2}};

/// The storages first, then SourceForms.h's list.
static llvm::ArrayRef<StringRef> globals() {
  static const std::vector<StringRef> list = [] {
    std::vector<StringRef> names;
    for (const auto &[name, width] : storages)
      names.push_back(name);
    llvm::append_range(names, source::pickleGlobals);
    return names;
  }();
  return list;
}

static Error fail(const Twine &message) { return llvm::createStringError(message); }
static Error failAt(const PickleValue &value, const Twine &what) {
  return fail("byte " + Twine(value.place) + ": " + what);
}

namespace {
class StateCheck {
public:
  StateCheck(const Pickle &pickle, StringRef folder, const source::Declarations &declarations,
             state::SizeOf sizeOf)
      : pickle(pickle), folder(folder), declarations(declarations), sizeOf(sizeOf) {}

  Error run() {
    pickle.forEach(PickleValue::Call, [&](Values call) { note(checkCall(call)); });
    pickle.forEach(PickleValue::Object, [&](Values object) { note(checkObject(object)); });
    return std::move(first);
  }

private:
  void note(Error error) {
    if (first)
      llvm::consumeError(std::move(error));
    else
      first = std::move(error);
  }

  StringRef global(const PickleValue &value) const { return globals()[size_t(value.integer)]; }
  bool isTensor(const PickleValue &value) const {
    return value.kind == PickleValue::Call && global(pickle.items(value)[0]).contains("._rebuild_");
  }

  Error checkCall(Values call);
  llvm::Expected<int64_t> elementsOf(const PickleValue &storage);
  Error checkObject(Values object);
  Error checkAttribute(StringRef type, const PickleValue &value);

  const Pickle &pickle;
  StringRef folder;
  const source::Declarations &declarations;
  state::SizeOf sizeOf;
  Error first = Error::success();
};
} // namespace

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

static bool isCount(const PickleValue &value) {
  return value.kind == PickleValue::Int && value.integer >= 0;
}

/// ('storage', type, key, device, number of elements), as the record has them.
llvm::Expected<int64_t> StateCheck::elementsOf(const PickleValue &storage) {
  if (storage.kind != PickleValue::PersistentId)
    return failAt(storage, "expected a storage, found " + describe(storage.kind));
  const PickleValue &id = pickle.items(storage).front();
  Values items = id.kind == PickleValue::Tuple ? pickle.items(id) : Values();
  if (items.size() != 5 || items[0].kind != PickleValue::String ||
      pickle.text(items[0]) != "storage" || items[1].kind != PickleValue::Global ||
      size_t(items[1].integer) >= std::size(storages) || items[2].kind != PickleValue::String ||
      items[3].kind != PickleValue::String || !isCount(items[4]))
    return failAt(id, "expected ('storage', type, key, device, count)");
  std::string record = (folder + pickle.text(items[2])).str();
  std::optional<int64_t> bytes =
      checkedMul(items[4].integer, storages[size_t(items[1].integer)].second);
  std::optional<uint64_t> found = sizeOf(record);
  if (!found || !bytes || *found != uint64_t(*bytes))
    return failAt(id, "a storage of " + Twine(items[4].integer) + " elements of " +
                          global(items[1]) + ", but its record \"" + record + "\" " +
                          (found ? "has " + Twine(*found) + " bytes" : "is missing"));
  return items[4].integer;
}

/// _rebuild_tensor_v2 and _rebuild_qtensor(storage, offset, size, stride, ...)
Error StateCheck::checkCall(Values call) {
  if (!global(call[0]).contains("._rebuild_"))
    return Error::success();
  if (call.size() < 7 || !isCount(call[2]) || call[3].kind != PickleValue::Tuple ||
      call[4].kind != PickleValue::Tuple)
    return failAt(call[0], "expected (storage, offset, size, stride, ...) of a tensor");
  llvm::Expected<int64_t> elements = elementsOf(call[1]);
  if (!elements)
    return elements.takeError();
  Values sizes = pickle.items(call[3]), strides = pickle.items(call[4]);
  if (sizes.size() != strides.size() || !llvm::all_of(sizes, isCount) ||
      !llvm::all_of(strides, isCount))
    return failAt(call[0], "size and stride of a tensor must be as many integers of at least 0");
  std::optional<int64_t> last = call[2].integer;
  bool isEmpty = llvm::any_of(sizes, [](const PickleValue &size) { return size.integer == 0; });
  for (size_t i = 0; i < sizes.size() && last && !isEmpty; ++i) {
    std::optional<int64_t> span = checkedMul(sizes[i].integer - 1, strides[i].integer);
    last = span ? checkedAdd(*last, *span) : std::nullopt;
  }
  if (!last || *last >= *elements + isEmpty)
    return failAt(call[0],
                  "a tensor reaches beyond its storage of " + Twine(*elements) + " elements");
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Objects
//===----------------------------------------------------------------------===//

/// A name as the pickle has it: in the source torch writes what no identifier may have as
/// an octal escape ("my\055layer").
static std::string unescaped(StringRef name) {
  std::string text;
  while (!name.empty()) {
    unsigned code = 0;
    if (name.size() > 3 && name[0] == '\\' && !name.substr(1, 3).getAsInteger(8, code)) {
      text += char(code);
      name = name.drop_front(4);
    } else {
      text += name.front();
      name = name.drop_front();
    }
  }
  return text;
}

Error StateCheck::checkObject(Values object) {
  StringRef name = pickle.className(object[0]);
  auto declared = declarations.classes.find(name);
  if (declared == declarations.classes.end()) // a packed weight: torch checks what it unpacks
    return Error::success();
  if (object.size() != 2 || object[1].kind != PickleValue::Dict)
    return failAt(object[0], "an object of " + name + " without a dict of its attributes");
  llvm::StringMap<PickleValue> state;
  Values items = pickle.items(object[1]);
  for (size_t i = 0; i + 1 < items.size(); i += 2)
    if (items[i].kind != PickleValue::String ||
        !state.try_emplace(pickle.text(items[i]), items[i + 1]).second)
      return failAt(items[i], "expected the name of an attribute, once");
  for (const auto &attribute : declared->second.attributes) {
    if (attribute.second.isFinal)
      continue;
    auto value = state.find(unescaped(attribute.first()));
    if (value == state.end())
      return failAt(object[0], "an object of " + name + " lacks \"" + attribute.first() + "\"");
    if (Error error = checkAttribute(attribute.second.type, value->second))
      return failAt(value->second,
                    name + "." + attribute.first() + ": " + llvm::toString(std::move(error)));
  }
  return Error::success();
}

Error StateCheck::checkAttribute(StringRef type, const PickleValue &value) {
  bool optional = type.consume_front("Optional[") && type.consume_back("]");
  if ((optional || type == "NoneType") && value.kind == PickleValue::None)
    return Error::success();
  auto is = [&](PickleValue::Kind kind) { return value.kind == kind; };
  bool fits = llvm::StringSwitch<bool>(type)
                  .Case("Tensor", isTensor(value))
                  .Case("bool", is(PickleValue::Bool))
                  .Case("int", is(PickleValue::Int))
                  .Case("float", is(PickleValue::Float))
                  .Case("str", is(PickleValue::String))
                  .Case("NoneType", false)
                  .Default(!is(PickleValue::Object));
  if (type.contains("__torch__"))
    fits = is(PickleValue::Object) && pickle.className(pickle.items(value)[0]) == type;
  return fits ? Error::success()
              : fail("is declared as " + type + ", found " + describe(value.kind));
}

//===----------------------------------------------------------------------===//
// Entry points
//===----------------------------------------------------------------------===//

Error state::check(StringRef bytes, StringRef folder, const source::Declarations &declarations,
                   SizeOf sizeOf) {
  auto isClass = [&](StringRef name) {
    return declarations.classes.contains(name) || llvm::is_contained(source::packedClasses, name);
  };
  llvm::Expected<Pickle> pickle = Pickle::parse(bytes, {globals(), "a kernel", isClass});
  if (!pickle)
    return pickle.takeError();
  return StateCheck(*pickle, folder, declarations, sizeOf).run();
}

Error state::checkPlain(StringRef bytes) {
  static constexpr StringRef lists[] = {"torch.jit._pickle.build_intlist"};
  return Pickle::parse(bytes, {lists, "a record of places"}).takeError();
}

//===- TorchStateDict.cpp - Reads what torch.save(state_dict) wrote -------===//
//
// A zip archive: <folder>/data.pkl is a pickle of the dict, <folder>/data/<key>
// the bytes of one storage. Tensors are views of storages by offset and stride.
//
//===----------------------------------------------------------------------===//

#include "StateDictReaders.h"

#include "tez/Json/Text.h"
#include "tez/Support/CheckedMath.h"
#include "tez/Support/ZipReader.h"
#include "tez/Weights/Pickle.h"
#include <cstring>

using namespace tez;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

namespace {

/// What a file may refer to. Storages first, in the order of kStorageTypes.
constexpr StringRef kGlobals[] = {"torch.FloatStorage",
                                  "torch.DoubleStorage",
                                  "torch.HalfStorage",
                                  "torch.BFloat16Storage",
                                  "torch.LongStorage",
                                  "torch.IntStorage",
                                  "torch.ShortStorage",
                                  "torch.CharStorage",
                                  "torch.ByteStorage",
                                  "torch.BoolStorage",
                                  "torch._utils._rebuild_tensor_v2",
                                  "torch._utils._rebuild_parameter",
                                  "collections.OrderedDict",
                                  "torch.Size"};
constexpr DType kStorageTypes[] = {DType::f32, DType::f64, DType::f16, DType::bf16, DType::i64,
                                   DType::i32, DType::i16, DType::i8,  DType::u8,   DType::i1};
constexpr int64_t kRebuildTensor = 10, kRebuildParameter = 11, kSize = 13;

struct Storage {
  DType dtype;
  StringRef bytes;
  int64_t count() const { return int64_t(bytes.size() / byteWidth(dtype)); }
};

/// A tensor's place in its storage, in elements.
struct Layout {
  int64_t offset;
  std::vector<int64_t> sizes, strides;

  bool isContiguous() const {
    int64_t expected = 1;
    for (size_t i = sizes.size(); i-- > 0;) {
      if (sizes[i] != 1 && strides[i] != expected)
        return false;
      expected *= sizes[i];
    }
    return true;
  }
};

Error fail(const Twine &message) { return llvm::createStringError(message); }

/// Copies the elements, `width` bytes each, in row-major order; there is at
/// least one.
void copyStrided(StringRef from, const Layout &layout, size_t width, char *to) {
  size_t rank = layout.sizes.size();
  std::vector<int64_t> index(rank);
  int64_t position = layout.offset;
  while (true) {
    std::memcpy(to, from.begin() + size_t(position) * width, width);
    to += width;
    size_t left = rank; // step to the next index: the last dimension first
    while (left > 0 && index[left - 1] + 1 == layout.sizes[left - 1]) {
      --left;
      position -= index[left] * layout.strides[left];
      index[left] = 0;
    }
    if (left == 0)
      return;
    ++index[left - 1];
    position += layout.strides[left - 1];
  }
}

class Reader {
public:
  Reader(const SharedBuffer &buffer, ZipReader zip, std::string folder, Pickle pickle)
      : buffer(buffer), zip(std::move(zip)), folder(std::move(folder)), pickle(std::move(pickle)) {}

  Expected<WeightStore> read() {
    WeightStore store;
    if (pickle.root().kind != PickleValue::Dict)
      return fail("expected a dict of tensors, found " + describe(pickle.root().kind));
    auto items = pickle.items(pickle.root());
    for (size_t i = 0; i < items.size(); i += 2) {
      if (items[i].kind != PickleValue::String)
        return fail("byte " + Twine(items[i].place) + ": expected the name of a tensor, found " +
                    describe(items[i].kind));
      StringRef name = pickle.text(items[i]);
      std::string place = "tensor " + json::quote(json::abbreviate(name, 128)) + ": ";
      if (store.lookup(name))
        return fail(place + "given twice");
      auto tensor = readTensor(items[i + 1]);
      if (!tensor)
        return fail(place + llvm::toString(tensor.takeError()));
      store.set(name, std::move(*tensor));
    }
    return store;
  }

private:
  Expected<HostTensor> readTensor(const PickleValue &value) {
    const PickleValue *tensor = &value;
    if (isCall(*tensor, kRebuildParameter) && pickle.items(*tensor).size() > 1)
      tensor = &pickle.items(*tensor)[1];
    if (!isCall(*tensor, kRebuildTensor))
      return fail("expected a tensor, found " + describe(tensor->kind) +
                  " (save the state dict "
                  "itself, not a checkpoint that holds one)");
    auto arguments = pickle.items(*tensor).drop_front();
    if (arguments.size() < 6 || arguments.size() > 7)
      return fail(Twine(arguments.size()) + " arguments of _rebuild_tensor_v2, expected 6 or 7");
    if (arguments.size() == 7 && !isEmpty(arguments[6]))
      return fail("has metadata (a conjugate or negated view), which is not supported");
    auto storage = readStorage(arguments[0]);
    if (!storage)
      return storage.takeError();
    auto offset = readInteger(arguments[1], "offset");
    auto sizes = readIntegers(arguments[2], "size");
    auto strides = readIntegers(arguments[3], "stride");
    if (Error error = llvm::joinErrors(offset.takeError(),
                                       llvm::joinErrors(sizes.takeError(), strides.takeError())))
      return error;
    return view(*storage, Layout{*offset, std::move(*sizes), std::move(*strides)});
  }

  /// The tensor at `layout`: a view of the file where it can be, else a copy.
  Expected<HostTensor> view(const Storage &storage, Layout layout) {
    auto count = checkedCount(layout.sizes);
    if (!count)
      return count.takeError();
    if (Error error = checkRange(storage, layout, *count))
      return error;
    size_t width = byteWidth(storage.dtype), length = size_t(*count) * width;
    if (*count == 0 || layout.isContiguous())
      return viewBytes(storage.dtype, std::move(layout.sizes), buffer,
                       storage.bytes.substr(size_t(layout.offset) * width, length));
    // Many strided views of one storage could ask for any amount of memory.
    copied += length;
    if (*count > storage.count() || copied > 4 * buffer->getBufferSize())
      return fail("overlaps itself or other tensors (expanded?); call .contiguous() before saving");
    HostTensor copy(storage.dtype, layout.sizes);
    copyStrided(storage.bytes, layout, width, copy.data());
    return copy;
  }

  static Error checkRange(const Storage &storage, const Layout &layout, int64_t count) {
    if (layout.sizes.size() != layout.strides.size())
      return fail(Twine(layout.sizes.size()) + " sizes and " + Twine(layout.strides.size()) +
                  " strides");
    std::optional<int64_t> last = layout.offset;
    for (size_t i = 0; i < layout.sizes.size() && last && count > 0; ++i) {
      auto span = checkedMul(layout.sizes[i] - 1, layout.strides[i]);
      last = span ? checkedAdd(*last, *span) : std::nullopt;
    }
    int64_t limit = count > 0 ? storage.count() - 1 : storage.count();
    if (last && *last <= limit)
      return Error::success();
    return fail("reaches beyond its storage of " + Twine(storage.count()) + " elements");
  }

  /// ('storage', type, key, device, number of elements)
  Expected<Storage> readStorage(const PickleValue &value) {
    if (value.kind != PickleValue::PersistentId)
      return fail("expected a storage, found " + describe(value.kind));
    const PickleValue &id = pickle.items(value).front();
    if (id.kind != PickleValue::Tuple || pickle.items(id).size() != 5)
      return fail("byte " + Twine(id.place) + ": expected a tuple of 5 as storage id");
    auto items = pickle.items(id);
    if (items[0].kind != PickleValue::String || pickle.text(items[0]) != "storage" ||
        items[1].kind != PickleValue::Global ||
        size_t(items[1].integer) >= std::size(kStorageTypes) ||
        items[2].kind != PickleValue::String)
      return fail("byte " + Twine(id.place) + ": expected ('storage', type, key, device, count)");
    DType dtype = kStorageTypes[items[1].integer];
    auto count = readInteger(items[4], "element count");
    if (!count)
      return count.takeError();
    auto bytes = record(pickle.text(items[2]));
    if (!bytes)
      return bytes.takeError();
    if (bytes->size() % byteWidth(dtype) || bytes->size() / byteWidth(dtype) != uint64_t(*count))
      return fail("its record " + json::quote(pickle.text(items[2])) + " has " +
                  Twine(bytes->size()) + " bytes, expected " + Twine(*count) + " elements of " +
                  name(dtype));
    return Storage{dtype, *bytes};
  }

  /// The bytes of a storage; their checksum is computed once.
  Expected<StringRef> record(StringRef key) {
    auto known = records.find(key);
    if (known != records.end())
      return known->second;
    auto bytes = zip.read((folder + "data/" + key).str());
    if (bytes)
      records[key] = *bytes;
    return bytes;
  }

  Expected<int64_t> readInteger(const PickleValue &value, const char *what) const {
    if (value.kind != PickleValue::Int || value.integer < 0)
      return fail("byte " + Twine(value.place) + ": expected the " + what +
                  " as an integer of at least 0");
    return value.integer;
  }

  Expected<std::vector<int64_t>> readIntegers(const PickleValue &value, const char *what) const {
    const PickleValue *tuple = &value;
    if (isCall(*tuple, kSize) && pickle.items(*tuple).size() == 2)
      tuple = &pickle.items(*tuple)[1];
    if (tuple->kind != PickleValue::Tuple)
      return fail("byte " + Twine(value.place) + ": expected the " + what + " as a tuple");
    std::vector<int64_t> integers;
    for (const PickleValue &item : pickle.items(*tuple)) {
      auto integer = readInteger(item, what);
      if (!integer)
        return integer.takeError();
      integers.push_back(*integer);
    }
    return integers;
  }

  bool isCall(const PickleValue &value, int64_t global) const {
    return value.kind == PickleValue::Call && pickle.items(value)[0].integer == global;
  }
  bool isEmpty(const PickleValue &value) const {
    return value.kind == PickleValue::None ||
           (value.kind == PickleValue::Dict && pickle.items(value).empty());
  }

  const SharedBuffer &buffer;
  ZipReader zip;
  std::string folder;
  Pickle pickle;
  llvm::StringMap<StringRef> records;
  size_t copied = 0;
};

/// "<folder>/" of the archive: where its data.pkl is.
Expected<std::string> findFolder(const ZipReader &zip) {
  for (StringRef name : zip.names()) {
    if (!name.consume_back("data.pkl") || name.count('/') != 1)
      continue;
    if (zip.contains((name + "constants.pkl").str()))
      return fail("is a TorchScript archive; expected a state dict saved by torch.save");
    return name.str();
  }
  return fail("has no record data.pkl; expected a state dict saved by torch.save");
}

Expected<WeightStore> readArchive(const SharedBuffer &buffer) {
  auto zip = ZipReader::open(buffer->getBuffer());
  if (!zip)
    return zip.takeError();
  auto folder = findFolder(*zip);
  if (!folder)
    return folder.takeError();
  if (zip->contains(*folder + "byteorder")) {
    auto order = zip->read(*folder + "byteorder");
    if (!order)
      return order.takeError();
    if (*order != "little")
      return fail("record \"" + *folder + "byteorder\": expected little");
  }
  auto bytes = zip->read(*folder + "data.pkl");
  if (!bytes)
    return bytes.takeError();
  auto pickle = Pickle::parse(*bytes, {kGlobals, "a state dict of plain tensors"});
  if (!pickle)
    return fail("record \"" + *folder + "data.pkl\", " + llvm::toString(pickle.takeError()));
  return Reader(buffer, std::move(*zip), std::move(*folder), std::move(*pickle)).read();
}

} // namespace

Expected<WeightStore> tez::readTorchStateDict(StringRef path, const SharedBuffer &buffer) {
  auto store = readArchive(buffer);
  if (!store)
    return weightsError(path, llvm::toString(store.takeError()));
  return store;
}

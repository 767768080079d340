//===- Npy.cpp - Tensors in NumPy's file format ---------------------------===//

#include "tez/Support/Npy.h"
#include "tez/Support/CheckedMath.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include <cstring>

using namespace llvm;
using namespace tez;

namespace {
struct NpyType {
  const char *code;
  DType dtype;
};
} // namespace

static constexpr NpyType npyTypes[] = {
    {"<f8", DType::f64}, {"<f4", DType::f32}, {"<f2", DType::f16},
    {"<i8", DType::i64}, {"<i4", DType::i32}, {"<i2", DType::i16},
    {"|i1", DType::i8},  {"|u1", DType::u8},  {"|b1", DType::i1}};

static constexpr StringRef magic("\x93NUMPY", 6);

static Error bad(StringRef name, const Twine &what) {
  return createStringError(name + ": not a readable .npy file: " + what);
}

/// The text after `'key':` in the header dictionary.
static StringRef headerField(StringRef header, StringRef key) {
  size_t at = header.find(("'" + key + "':").str());
  return at == StringRef::npos ? StringRef() : header.substr(at + key.size() + 3).ltrim();
}

/// The header's dictionary; consumes it from `bytes`.
static Expected<StringRef> takeHeader(StringRef &bytes, StringRef name) {
  if (!bytes.consume_front(magic) || bytes.size() < 6)
    return bad(name, "it does not begin with \\x93NUMPY");
  bool wide = uint8_t(bytes[0]) > 1;
  size_t lengthBytes = wide ? 4 : 2, length = 0;
  for (size_t i = 0; i < lengthBytes; ++i)
    length |= size_t(uint8_t(bytes[2 + i])) << (8 * i);
  bytes = bytes.drop_front(2 + lengthBytes);
  if (bytes.size() < length)
    return bad(name, "the header is cut off");
  StringRef header = bytes.take_front(length);
  bytes = bytes.drop_front(length);
  return header;
}

static Expected<std::vector<int64_t>> parseShape(StringRef header, StringRef name) {
  StringRef text = headerField(header, "shape");
  if (!text.consume_front("("))
    return bad(name, "no shape");
  std::vector<int64_t> shape;
  SmallVector<StringRef> parts;
  text.take_until([](char c) { return c == ')'; }).split(parts, ',');
  for (StringRef part : parts) {
    int64_t dim;
    if (part.trim().empty())
      continue;
    if (part.trim().getAsInteger(10, dim) || dim < 0)
      return bad(name, "shape entry '" + part + "'");
    shape.push_back(dim);
  }
  return shape;
}

static Expected<DType> parseType(StringRef header, StringRef name) {
  StringRef text = headerField(header, "descr");
  text.consume_front("'");
  for (const NpyType &type : npyTypes)
    if (text.starts_with(type.code))
      return type.dtype;
  return bad(name, "element type " + text.take_front(5) + " (expected a little-endian number)");
}

Expected<HostTensor> tez::readNpy(StringRef bytes, StringRef name) {
  Expected<StringRef> header = takeHeader(bytes, name);
  if (!header)
    return header.takeError();
  if (!headerField(*header, "fortran_order").starts_with("False"))
    return bad(name, "Fortran order (save it with numpy.ascontiguousarray)");
  Expected<DType> dtype = parseType(*header, name);
  if (!dtype)
    return dtype.takeError();
  Expected<std::vector<int64_t>> shape = parseShape(*header, name);
  if (!shape)
    return shape.takeError();
  std::vector<int64_t> factors = *shape;
  factors.push_back(int64_t(byteWidth(*dtype)));
  auto size = checkedProduct(factors);
  if (!size || uint64_t(*size) != bytes.size())
    return bad(name, Twine(bytes.size()) + " bytes of data do not fit the shape");
  HostTensor tensor(*dtype, *shape);
  std::memcpy(tensor.data(), bytes.data(), bytes.size());
  return tensor;
}

std::string tez::writeNpy(const HostTensor &tensor) {
  if (tensor.dtype() == DType::bf16)
    return writeNpy(HostTensor::fromDoubles(DType::f32, tensor.shape(), tensor.toDoubles()));
  std::string header = "{'descr': '";
  for (const NpyType &type : npyTypes)
    if (type.dtype == tensor.dtype())
      header += type.code;
  header += "', 'fortran_order': False, 'shape': (";
  for (int64_t dim : tensor.shape())
    header += std::to_string(dim) + ",";
  header += "), }";
  // Data begins at a multiple of 64; the header ends in a line break.
  header.append(64 - (magic.size() + 4 + header.size() + 1) % 64, ' ');
  header += '\n';
  std::string file = magic.str() + std::string("\x01\x00", 2);
  file += char(header.size() & 255);
  file += char(header.size() >> 8);
  return file + header + std::string(tensor.data(), tensor.numBytes());
}

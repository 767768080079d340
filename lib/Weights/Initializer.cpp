//===- Initializer.cpp - Default initialisation of parameters -------------===//

#include "tez/Weights/Initializer.h"
#include "tez/Support/DTypes.h"
#include "tez/Weights/Philox.h"
#include "llvm/Support/xxhash.h"
#include <algorithm>
#include <array>
#include <cstring>
#include <numbers>

using namespace tez;

namespace {

/// ln(x) of a positive normal x to float precision. Ours, not libm's: the bytes
/// of a kernel must not depend on the C library, and this loop vectorises.
float logarithm(float x) {
  auto bits = std::bit_cast<uint32_t>(x);
  // Split off the exponent so that the mantissa lies in [sqrt(1/2), sqrt(2)).
  uint32_t shifted = bits - 0x3f3504f3u;
  float exponent = float(int32_t(shifted) >> 23);
  float mantissa = std::bit_cast<float>((shifted & 0x7fffffu) + 0x3f3504f3u);
  float s = (mantissa - 1.0f) / (mantissa + 1.0f), z = s * s;
  // ln(m) = 2 artanh(s) and |s| < 0.172: five terms leave 1e-9.
  float series = 1 + z * (1.0f / 3 + z * (1.0f / 5 + z * (1.0f / 7 + z * (1.0f / 9))));
  return exponent * std::numbers::ln2_v<float> + 2 * s * series;
}

/// Cosine and sine of 2 pi word / 2^32, to float precision.
void unitVector(uint32_t word, float &cosine, float &sine) {
  uint32_t quadrant = (word + 0x20000000u) >> 30;
  float x = float(int32_t(word - (quadrant << 30))) * (std::numbers::pi_v<float> / 0x1p31f);
  float z = x * x; // |x| <= pi/4: the Taylor terms kept leave 1e-9
  float s = x * (1 - z / 6 * (1 - z / 20 * (1 - z / 42 * (1 - z / 72))));
  float c = 1 - z / 2 * (1 - z / 12 * (1 - z / 30 * (1 - z / 56 * (1 - z / 90))));
  bool swap = quadrant & 1;
  float first = swap ? s : c, second = swap ? c : s;
  cosine = quadrant == 1 || quadrant == 2 ? -first : first;
  sine = quadrant >= 2 ? -second : second;
}

constexpr size_t kChunk = 1024; // words at a time: they stay in the first cache

/// `convert` turns one chunk of words into one chunk of numbers.
template <typename T, typename Number, typename Convert>
void generate(HostTensor &tensor, const Philox &philox, size_t wordsEach, Convert convert) {
  std::array<uint32_t, kChunk> words;
  std::array<Number, kChunk> numbers;
  size_t each = kChunk / wordsEach, count = size_t(tensor.numElements());
  T *out = tensor.data<T>();
  for (size_t begin = 0, chunk = 0; begin < count; begin += each, ++chunk) {
    for (size_t i = 0; i < kChunk / 4; ++i)
      philox.block(chunk * (kChunk / 4) + i, &words[4 * i]);
    convert(words, numbers);
    for (size_t i = 0, n = std::min(each, count - begin); i < n; ++i)
      out[begin + i] = static_cast<T>(numbers[i]);
  }
}

/// As torch draws it: 24 random bits in single precision, 53 in double.
template <typename T> void uniform(HostTensor &tensor, const InitSpec &spec, const Philox &philox) {
  if constexpr (std::is_same_v<T, double>) {
    double last = std::nextafter(spec.b, spec.a);
    generate<T, double>(tensor, philox, 2, [&](const auto &words, auto &numbers) {
      for (size_t i = 0; i < kChunk / 2; ++i) {
        uint64_t bits = (uint64_t(words[2 * i]) << 32 | words[2 * i + 1]) >> 11;
        numbers[i] = std::min(double(bits) * 0x1p-53 * (spec.b - spec.a) + spec.a, last);
      }
    });
    return;
  }
  float low = float(spec.a), range = float(spec.b) - low, last = std::nextafter(float(spec.b), low);
  generate<T, float>(tensor, philox, 1, [=](const auto &words, auto &numbers) {
    for (size_t i = 0; i < kChunk; ++i)
      numbers[i] = std::min(float(int32_t(words[i] >> 8)) * 0x1p-24f * range + low, last);
  });
}

/// Box-Muller: two words give two numbers.
template <typename T> void normal(HostTensor &tensor, const InitSpec &spec, const Philox &philox) {
  float mean = float(spec.a), deviation = float(spec.b);
  generate<T, float>(tensor, philox, 1, [=](const auto &words, auto &numbers) {
    for (size_t i = 0; i < kChunk; i += 2) {
      float u = (float(int32_t(words[i] >> 1)) + 0.5f) * 0x1p-31f; // in (0, 1]
      float radius = deviation * std::sqrt(std::max(-2 * logarithm(u), 0.0f));
      float cosine, sine;
      unitVector(words[i + 1], cosine, sine);
      numbers[i] = radius * cosine + mean;
      numbers[i + 1] = radius * sine + mean;
    }
  });
}

template <typename T> void constant(HostTensor &tensor, double value) {
  if (value != 0 || std::signbit(value))
    std::fill_n(tensor.data<T>(), tensor.numElements(), T(value));
}

template <typename T> void range(HostTensor &tensor, const InitSpec &spec) {
  T *out = tensor.data<T>();
  for (int64_t i = 0; i < tensor.numElements(); ++i)
    out[i] = T(spec.a + double(i) * spec.b);
}

/// Matrices of the last two dimensions; of one dimension it is a row.
template <typename T> void lower(HostTensor &tensor, const InitSpec &spec) {
  size_t rank = tensor.shape().size();
  int64_t columns = rank ? tensor.shape()[rank - 1] : 1,
          rows = rank > 1 ? tensor.shape()[rank - 2] : 1;
  T *out = tensor.data<T>();
  for (int64_t i = 0; i < tensor.numElements(); ++i)
    out[i] = T(i % columns <= i / columns % rows ? spec.a : spec.b);
}

} // namespace

HostTensor tez::initialize(const InitSpec &spec, DType dtype, std::vector<int64_t> shape,
                           uint64_t seed, llvm::StringRef name) {
  HostTensor tensor(dtype, std::move(shape));
  // Element i uses word i % 4 of block i / 4.
  Philox philox(seed, llvm::xxh3_64bits(name));
  dispatch(dtype, [&]<typename T>() {
    switch (spec.kind) {
    case InitSpec::Constant:
      return constant<T>(tensor, spec.a);
    case InitSpec::Uniform:
      return uniform<T>(tensor, spec, philox);
    case InitSpec::Normal:
      return normal<T>(tensor, spec, philox);
    case InitSpec::Range:
      return range<T>(tensor, spec);
    case InitSpec::Lower:
      return lower<T>(tensor, spec);
    }
  });
  if (spec.zeroRow >= 0 && tensor.numElements() > 0 && spec.zeroRow < tensor.shape().front()) {
    size_t row = tensor.numBytes() / size_t(tensor.shape().front());
    std::memset(tensor.data() + size_t(spec.zeroRow) * row, 0, row);
  }
  return tensor;
}

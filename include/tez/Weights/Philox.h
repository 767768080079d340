//===- Philox.h - A counter-based random generator --------------*- C++ -*-===//

#ifndef TEZ_WEIGHTS_PHILOX_H
#define TEZ_WEIGHTS_PHILOX_H

#include <cstdint>

namespace tez {

/// Philox 4x32-10 (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3,
/// SC 2011). A block of four words is a function of key and counter alone; the
/// key is the seed, `stream` the upper half of the counter.
class Philox {
public:
  Philox(uint64_t seed, uint64_t stream)
      : key0(uint32_t(seed)), key1(uint32_t(seed >> 32)), stream(stream) {}

  /// Writes the four words of block `index`.
  void block(uint64_t index, uint32_t *out) const {
    uint32_t c0 = uint32_t(index), c1 = uint32_t(index >> 32);
    uint32_t c2 = uint32_t(stream), c3 = uint32_t(stream >> 32);
    uint32_t k0 = key0, k1 = key1;
    for (int round = 0; round < 10; ++round) {
      uint64_t left = uint64_t(0xD2511F53) * c0, right = uint64_t(0xCD9E8D57) * c2;
      c0 = uint32_t(right >> 32) ^ c1 ^ k0;
      c1 = uint32_t(right);
      c2 = uint32_t(left >> 32) ^ c3 ^ k1;
      c3 = uint32_t(left);
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
  }

private:
  uint32_t key0, key1;
  uint64_t stream;
};

} // namespace tez

#endif // TEZ_WEIGHTS_PHILOX_H

//===- Gemm.cpp -----------------------------------------------------------===//

#include "Gemm.h"
#include "ThinGemm.h"
#include "WideVectors.h"

#include <algorithm>
#include <vector>

namespace tez::interp {

namespace {
// The register block, and the blocks that stay in the first and second cache.
constexpr int64_t tileRows = 4, tileColumns = 4;
constexpr int64_t blockDepth = 256, blockRows = 64, blockColumns = 512;
} // namespace

/// sum = product of a panel of `a` (depth x tileRows) and one of `b`.
static inline void multiplyTile(int64_t depth, const double *__restrict a,
                                const double *__restrict b, double *__restrict sum) {
  double local[tileRows * tileColumns] = {};
  for (int64_t k = 0; k < depth; ++k, a += tileRows, b += tileColumns)
    for (int64_t i = 0; i < tileRows; ++i)
      for (int64_t j = 0; j < tileColumns; ++j)
        local[i * tileColumns + j] += a[i] * b[j];
  std::copy_n(local, tileRows * tileColumns, sum);
}

/// Copies `lines` x `depth` elements into panels of `width` lines each; the last
/// panel is filled up with zeros, which reach only elements that are not stored.
template <int64_t width>
static void pack(int64_t lines, int64_t depth, MatrixView from, double *to) {
  for (int64_t first = 0; first < lines; first += width) {
    int64_t used = std::min(width, lines - first);
    for (int64_t k = 0; k < depth; ++k, to += width) {
      for (int64_t i = 0; i < used; ++i)
        to[i] = *from.at(first + i, k);
      std::fill(to + used, to + width, 0.0);
    }
  }
}

/// Adds the product of two packed blocks to `c`.
TEZ_WIDE_VECTORS
static void multiplyBlock(int64_t rows, int64_t columns, int64_t depth, const double *a,
                          const double *b, double *c, int64_t stride) {
  double tile[tileRows * tileColumns];
  for (int64_t j = 0; j < columns; j += tileColumns)
    for (int64_t i = 0; i < rows; i += tileRows) {
      multiplyTile(depth, a + i * depth, b + j * depth, tile);
      int64_t height = std::min(tileRows, rows - i), width = std::min(tileColumns, columns - j);
      for (int64_t y = 0; y < height; ++y)
        for (int64_t x = 0; x < width; ++x)
          c[(i + y) * stride + j + x] += tile[y * tileColumns + x];
    }
}

static int64_t roundUp(int64_t value, int64_t unit) { return (value + unit - 1) / unit * unit; }

void gemm(int64_t rows, int64_t columns, int64_t depth, MatrixView a, MatrixView b, double *c,
          int64_t stride) {
  if (thinGemm(rows, columns, depth, a, b, c, stride))
    return;
  int64_t maxDepth = std::min(depth, blockDepth);
  std::vector<double> packedA(size_t(roundUp(std::min(rows, blockRows), tileRows) * maxDepth));
  std::vector<double> packedB(
      size_t(roundUp(std::min(columns, blockColumns), tileColumns) * maxDepth));
  for (int64_t j = 0; j < columns; j += blockColumns) {
    int64_t width = std::min(blockColumns, columns - j);
    for (int64_t k = 0; k < depth; k += blockDepth) {
      int64_t deep = std::min(blockDepth, depth - k);
      MatrixView right{b.at(k, j), b.rowStep, b.columnStep};
      pack<tileColumns>(width, deep, right.transposed(), packedB.data());
      for (int64_t i = 0; i < rows; i += blockRows) {
        int64_t height = std::min(blockRows, rows - i);
        pack<tileRows>(height, deep, {a.at(i, k), a.rowStep, a.columnStep}, packedA.data());
        multiplyBlock(height, width, deep, packedA.data(), packedB.data(), c + i * stride + j,
                      stride);
      }
    }
  }
}

} // namespace tez::interp

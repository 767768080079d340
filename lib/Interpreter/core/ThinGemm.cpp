//===- ThinGemm.cpp -------------------------------------------------------===//

#include "ThinGemm.h"
#include "WideVectors.h"

#include <algorithm>

namespace tez::interp {

/// So many rows may stand beside a matrix that is read once a row, and so many terms in a sum.
static constexpr int64_t mostRows = 8, mostTerms = 4;

/// c[j] += sum of the `terms` products a[t] b[t][j], t a step apart in either.
template <int terms>
static inline void addTerms(int64_t columns, const double *a, int64_t stepA, const double *b,
                            int64_t stepB, double *__restrict c) {
  for (int64_t j = 0; j < columns; ++j) {
    double sum = a[0] * b[j];
    for (int t = 1; t < terms; ++t)
      sum += a[t * stepA] * b[t * stepB + j];
    c[j] += sum;
  }
}

template <int terms>
static inline void addTermsToRows(int64_t rows, int64_t columns, MatrixView a, MatrixView b,
                                  double *c, int64_t stride) {
  for (int64_t i = 0; i < rows; ++i)
    addTerms<terms>(columns, a.at(i, 0), a.columnStep, b.data, b.rowStep, c + i * stride);
}

/// The rows of `b` lie in one piece.
TEZ_WIDE_VECTORS
static void addRows(int64_t rows, int64_t columns, int64_t depth, MatrixView a, MatrixView b,
                    double *c, int64_t stride) {
  static_assert(mostTerms == 4);
  for (int64_t k = 0; k < depth; k += mostTerms) {
    MatrixView left{a.at(0, k), a.rowStep, a.columnStep}, right{b.at(k, 0), b.rowStep, 1};
    switch (std::min(mostTerms, depth - k)) {
    case 1:
      addTermsToRows<1>(rows, columns, left, right, c, stride);
      break;
    case 2:
      addTermsToRows<2>(rows, columns, left, right, c, stride);
      break;
    case 3:
      addTermsToRows<3>(rows, columns, left, right, c, stride);
      break;
    default:
      addTermsToRows<4>(rows, columns, left, right, c, stride);
    }
  }
}

/// In partial sums, as many for every processor.
static inline double dot(int64_t depth, const double *a, const double *b) {
  constexpr int64_t lanes = 16;
  double sums[lanes] = {};
  int64_t k = 0;
  for (; k + lanes <= depth; k += lanes)
    for (int64_t lane = 0; lane < lanes; ++lane)
      sums[lane] += a[k + lane] * b[k + lane];
  double sum = 0;
  for (; k < depth; ++k)
    sum += a[k] * b[k];
  for (double part : sums)
    sum += part;
  return sum;
}

/// The rows of `a` and the columns of `b` lie in one piece.
TEZ_WIDE_VECTORS
static void addDots(int64_t rows, int64_t columns, int64_t depth, MatrixView a, MatrixView b,
                    double *c, int64_t stride) {
  for (int64_t j = 0; j < columns; ++j)
    for (int64_t i = 0; i < rows; ++i)
      c[i * stride + j] += dot(depth, a.at(i, 0), b.at(0, j));
}

bool thinGemm(int64_t rows, int64_t columns, int64_t depth, MatrixView a, MatrixView b, double *c,
              int64_t stride) {
  if (rows > mostRows && depth > mostTerms)
    return false;
  if (b.columnStep == 1)
    addRows(rows, columns, depth, a, b, c, stride);
  else if (a.columnStep == 1 && b.rowStep == 1)
    addDots(rows, columns, depth, a, b, c, stride);
  else
    return false;
  return true;
}

} // namespace tez::interp

//===- Im2col.h - The three products of a convolution -----------*- C++ -*-===//
//
// A convolution seen as matrix products over unfolded windows (Chellapilla,
// Puri and Simard, High Performance Convolutional Neural Networks for Document
// Processing, 2006). The forward product, and the gradients with respect to the
// wide side and the weight; a transposed convolution is the same three in other
// roles.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_INTERPRETER_CORE_IM2COL_H
#define TEZ_LIB_INTERPRETER_CORE_IM2COL_H

#include "Window.h"

namespace tez::interp {

/// A convolution that maps `wide` (its input) to `narrow` (its output).
struct ConvGeometry {
  int64_t batch, groups;
  int64_t wideChannels, narrowChannels; ///< of one group
  Triple wide, narrow, kernel, stride, padding, dilation;

  int64_t wideSize() const { return wideChannels * product(wide); }
  int64_t narrowSize() const { return narrowChannels * product(narrow); }
  int64_t unfoldedRows() const { return wideChannels * product(kernel); }
  int64_t weightSize() const { return narrowChannels * unfoldedRows(); }
};

/// narrow += weight * unfold(wide).
void addConvolution(const ConvGeometry &geometry, const double *wide, const double *weight,
                    double *narrow);
/// wide += fold(weight^T * narrow).
void addFolded(const ConvGeometry &geometry, const double *narrow, const double *weight,
               double *wide);
/// weight += narrow * unfold(wide)^T.
void addWeightGradient(const ConvGeometry &geometry, const double *wide, const double *narrow,
                       double *weight);

} // namespace tez::interp

#endif // TEZ_LIB_INTERPRETER_CORE_IM2COL_H

//===- WarmUp.h - What every child would have to do again -------*- C++ -*-===//

#ifndef TEZ_LIB_VALIDATE_WARMUP_H
#define TEZ_LIB_VALIDATE_WARMUP_H

namespace tez {

/// To be called before each fork. In the second call (for one child it does not pay) it runs
/// the whole suite on a small kernel of our own in this process, so that the children find
/// torch's tables filled.
void warmUpForChildren();

} // namespace tez

#endif // TEZ_LIB_VALIDATE_WARMUP_H

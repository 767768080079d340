//===- WideVectors.h - Loops compiled for more than the least processor ---===//

#ifndef TEZ_LIB_INTERPRETER_CORE_WIDEVECTORS_H
#define TEZ_LIB_INTERPRETER_CORE_WIDEVECTORS_H

/// A function whose loops run over independent lanes: wider vectors compute the same bits. So
/// avx2, but not fma, which rounds once where others round twice.
#if defined(__x86_64__) && defined(__linux__)
#define TEZ_WIDE_VECTORS __attribute__((target_clones("avx2", "default")))
#else
#define TEZ_WIDE_VECTORS
#endif

#endif // TEZ_LIB_INTERPRETER_CORE_WIDEVECTORS_H

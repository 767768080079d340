//===- Rules.h - The checks of the lint rules -------------------*- C++ -*-===//

#ifndef TEZ_LIB_ANALYSIS_RULES_RULES_H
#define TEZ_LIB_ANALYSIS_RULES_RULES_H

#include "tez/Analysis/Lint.h"

namespace tez::rules {

void checkDeadNode(LintContext &context);
void checkUnusedInput(LintContext &context);
void checkUnusedParameter(LintContext &context);
void checkGradientDeadEnd(LintContext &context);
void checkInitialisation(LintContext &context);
void checkHalfOverflow(LintContext &context);
void checkDomain(LintContext &context);
void checkDivisionByZero(LintContext &context);
void checkSoftmaxOfOne(LintContext &context);
void checkNormOfOne(LintContext &context);
void checkDropoutOfAll(LintContext &context);
void checkIdentityLayer(LintContext &context);

/// "linear", for messages.
inline llvm::StringRef shortName(mlir::Operation *op) { return op->getName().stripDialect(); }

/// The flag is known to be false.
bool isNever(mlir::Value flag);

/// A number as messages show it: three digits.
std::string shortNumber(double x);

} // namespace tez::rules

#endif // TEZ_LIB_ANALYSIS_RULES_RULES_H

//===- Functions.h - All taped functions ------------------------*- C++ -*-===//
//
// Every function takes and gives Variables, has torch's meaning (broadcasting,
// negative dimensions, subgradients, NaN) and relies on operands that fit: the
// shape rules of the dialect refuse the others before anything is evaluated.
// What does not fit is an assertion. Allocation may throw (Tensor.h).
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_INTERPRETER_FUNCTIONS_H
#define TEZ_INTERPRETER_FUNCTIONS_H

#include "tez/Interpreter/FunctionsActivation.h"
#include "tez/Interpreter/FunctionsConv.h"
#include "tez/Interpreter/FunctionsElementwise.h"
#include "tez/Interpreter/FunctionsIndex.h"
#include "tez/Interpreter/FunctionsLinear.h"
#include "tez/Interpreter/FunctionsNorm.h"
#include "tez/Interpreter/FunctionsPool.h"
#include "tez/Interpreter/FunctionsRecurrent.h"
#include "tez/Interpreter/FunctionsReduce.h"
#include "tez/Interpreter/FunctionsResample.h"
#include "tez/Interpreter/FunctionsShape.h"

#endif // TEZ_INTERPRETER_FUNCTIONS_H

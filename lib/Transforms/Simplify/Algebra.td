//===- Algebra.td - Identities that are exact in floating point -*- tablegen -*-===//
//
// Both sides of a rule give the same bits, those of a NaN aside: a negation does
// not round, and x - y is by definition x + (-y). While training, so does each
// gradient: where both sides differ in the sign of a zero, or in the order in
// which the gradients of several readers are summed, a rule applies to kernels
// for inference only.
//
// What is not here: two scales or shifts made one round once instead of twice; by
// powers of two as well, where the value in between is subnormal or overflows.
// (-x) - y as -(x + y), and -(x - y) as y - x, change the sign of a zero.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_TRANSFORMS_SIMPLIFY_ALGEBRA
#define TEZ_TRANSFORMS_SIMPLIFY_ALGEBRA

include "mlir/IR/PatternBase.td"
include "Esper/EsperOps.td"

def Neg : ConstantStrAttr<StrAttr, "neg">;
def Abs : ConstantStrAttr<StrAttr, "abs">;
def Square : ConstantStrAttr<StrAttr, "square">;

/// What is rewritten away must not be needed for anything else.
def ReadOnce : Constraint<CPred<"$0.hasOneUse()">, "nothing else reads it">;
/// C++ of the same names in SimplifyAlgebra.cpp.
def ForInference : Constraint<CPred<"isForInference($0)">, "the kernel never trains">;
def KeepsGradient : Constraint<CPred<"keepsGradient($0)">, "its gradient keeps its bits">;
/// The same for the first of two operands that broadcast.
def KeepsGradientBeside : Constraint<CPred<"keepsGradientBeside($0, $1)">,
                                     "its gradient keeps its bits">;

/// The remark, at the place of the op.
class Said<string text> : NativeCodeCallVoid<"said($0, \"" # text # "\")">;
def Minus : NativeCodeCall<"$_builder.getF64FloatAttr(-$0.getValueAsDouble())">;

//===----------------------------------------------------------------------===//
// Functions of functions
//===----------------------------------------------------------------------===//

def CancelNegations : Pat<
  (Esper_ActivationOp:$y Neg, $_, (Esper_ActivationOp:$negated Neg, $_, $x)),
  (replaceWithValue $x),
  [(ReadOnce $negated), (KeepsGradient $x)],
  [(Said<"two negations cancelled"> $y)]>;

def MergeAbs : Pat<
  (Esper_ActivationOp:$y Abs, $_, (Esper_ActivationOp:$positive Abs, $_, $_)),
  (replaceWithValue $positive),
  [(ReadOnce $positive)],
  [(Said<"the absolute value of one is itself"> $y)]>;

/// The gradient at 0 is a zero of the other sign.
def AbsOfNegation : Pat<
  (Esper_ActivationOp:$y Abs, $p, (Esper_ActivationOp:$negated Neg, $_, $x)),
  (Esper_ActivationOp Abs, $p, $x, (location $y)),
  [(ReadOnce $negated), (ForInference $x)],
  [(Said<"the absolute value needs no negation before it"> $y)]>;

def SquareOfNegation : Pat<
  (Esper_ActivationOp:$y Square, $p, (Esper_ActivationOp:$negated Neg, $_, $x)),
  (Esper_ActivationOp Square, $p, $x, (location $y)),
  [(ReadOnce $negated), (KeepsGradient $x)],
  [(Said<"the square needs no negation before it"> $y)]>;

/// The gradient at -0 is a zero of the other sign.
def SquareOfAbs : Pat<
  (Esper_ActivationOp:$y Square, $p, (Esper_ActivationOp:$positive Abs, $_, $x)),
  (Esper_ActivationOp Square, $p, $x, (location $y)),
  [(ReadOnce $positive), (ForInference $x)],
  [(Said<"the square needs no absolute value before it"> $y)]>;

def ScaleOfNegation : Pat<
  (Esper_ScaleOp:$y (Esper_ActivationOp:$negated Neg, $_, $x), $factor),
  (Esper_ScaleOp $x, (Minus $factor), (location $y)),
  [(ReadOnce $negated), (KeepsGradient $x)],
  [(Said<"the factor took the negation"> $y)]>;

def NegationOfScale : Pat<
  (Esper_ActivationOp:$y Neg, $_, (Esper_ScaleOp:$scaled $x, $factor)),
  (Esper_ScaleOp $x, (Minus $factor), (location $y)),
  [(ReadOnce $scaled), (KeepsGradient $x)],
  [(Said<"the factor took the negation"> $y)]>;

//===----------------------------------------------------------------------===//
// Arithmetic with negations
//===----------------------------------------------------------------------===//

def AddNegation : Pat<
  (Esper_AddOp:$sum $x, (Esper_ActivationOp:$negated Neg, $_, $y)),
  (Esper_SubtractOp $x, $y, (location $sum)),
  [(ReadOnce $negated), (KeepsGradientBeside $y, $x)],
  [(Said<"a negation and a sum made a difference"> $sum)]>;

def AddToNegation : Pat<
  (Esper_AddOp:$sum (Esper_ActivationOp:$negated Neg, $_, $y), $x),
  (Esper_SubtractOp $x, $y, (location $sum)),
  [(ReadOnce $negated), (KeepsGradientBeside $y, $x)],
  [(Said<"a negation and a sum made a difference"> $sum)]>;

def SubtractNegation : Pat<
  (Esper_SubtractOp:$difference $x, (Esper_ActivationOp:$negated Neg, $_, $y)),
  (Esper_AddOp $x, $y, (location $difference)),
  [(ReadOnce $negated), (KeepsGradientBeside $y, $x)],
  [(Said<"a negation and a difference made a sum"> $difference)]>;

def MultiplyNegations : Pat<
  (Esper_MultiplyOp:$product (Esper_ActivationOp:$left Neg, $_, $x),
                             (Esper_ActivationOp:$right Neg, $_, $y)),
  (Esper_MultiplyOp $x, $y, (location $product)),
  [(ReadOnce $left), (ReadOnce $right), (KeepsGradientBeside $x, $y), (KeepsGradientBeside $y, $x)],
  [(Said<"two negations cancelled"> $product)]>;

def DivideNegations : Pat<
  (Esper_DivideOp:$quotient (Esper_ActivationOp:$left Neg, $_, $x),
                            (Esper_ActivationOp:$right Neg, $_, $y)),
  (Esper_DivideOp $x, $y, (location $quotient)),
  [(ReadOnce $left), (ReadOnce $right), (KeepsGradientBeside $x, $y), (KeepsGradientBeside $y, $x)],
  [(Said<"two negations cancelled"> $quotient)]>;

#endif // TEZ_TRANSFORMS_SIMPLIFY_ALGEBRA

//===- DotProducts.cpp ----------------------------------------------------===//

#include "DotProducts.h"
#include "Vectors.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "tez/Dialect/Native/Native.h"

using namespace mlir;
using namespace tez;
using native::DotProducts;

/// Takes sums, numbers and weights, in this order.
struct DotProducts::Instruction {
  StringLiteral feature;
  unsigned bits; ///< of an element
  StringLiteral intrinsic;
  int64_t lanes; ///< sums at once
};

const DotProducts::Instruction *DotProducts::findInstruction(Type element, const Target &target) {
  static constexpr Instruction all[] = {
      {"avx512vnni", 8, "llvm.x86.avx512.vpdpbusd.512", 16},
      {"avx512bf16", 16, "llvm.x86.avx512bf16.dpbf16ps.512", 16},
      {"i8mm", 8, "llvm.aarch64.neon.usdot", 4},
      {"bf16", 16, "llvm.aarch64.neon.bfdot", 4},
  };
  const auto *found = llvm::find_if(all, [&](const Instruction &one) {
    return one.bits == element.getIntOrFloatBitWidth() && target.has(one.feature);
  });
  return found == std::end(all) ? nullptr : found;
}

DotProducts::DotProducts(Type left, Type right, int64_t width, const Target &target,
                         ImplicitLocOpBuilder &builder)
    : element(right), width(width), wide(target.baseLevel() == "x86-64-v4"),
      instruction(left == right ? findInstruction(right, target) : nullptr), builder(builder) {
  bool pairs = StringRef(target.triple).starts_with("x86_64");
  way = right.isF32()    ? Way::Fma
        : instruction    ? Way::Instruction
        : right.isBF16() ? Way::WidenedFloats
        : pairs          ? Way::PairSums
                         : Way::WidenedBytes;
}

static VectorType vectorOf(Type element, int64_t lanes) {
  return VectorType::get({lanes}, element);
}

Value DotProducts::chunk(Value vector, int64_t from, int64_t count) {
  return vector::ExtractStridedSliceOp::create(builder, vector, ArrayRef<int64_t>{from},
                                               ArrayRef<int64_t>{count}, ArrayRef<int64_t>{1});
}

/// `number` in lanes as those of `like`.
Value DotProducts::words(int64_t number, Value like) {
  auto type = cast<VectorType>(like.getType());
  auto one = builder.getIntegerAttr(type.getElementType(), number);
  return arith::ConstantOp::create(builder, SplatElementsAttr::get(type, Attribute(one)));
}

Value DotProducts::call(StringRef intrinsic, Type type, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(builder, type, builder.getStringAttr(intrinsic), operands)
      .getResult(0);
}

/// Two numbers in each word, as fp32: a bf16 number is the upper half of one.
DotProducts::Parts DotProducts::widenFloats(Value pairs) {
  auto floats = vectorOf(builder.getF32Type(), width);
  auto asFloats = [&](Value bits) -> Value {
    return arith::BitcastOp::create(builder, floats, bits);
  };
  Value first = arith::ShLIOp::create(builder, pairs, words(16, pairs));
  Value second = arith::AndIOp::create(builder, pairs, words(-65536, pairs));
  return {asFloats(first), asFloats(second)};
}

/// Four numbers in each word, as i32.
DotProducts::Parts DotProducts::widenBytes(Value fours, bool isSigned) {
  Parts parts;
  for (int64_t left : {24, 16, 8, 0}) {
    Value raised = left ? arith::ShLIOp::create(builder, fours, words(left, fours)) : fours;
    Value by = words(24, fours);
    parts.push_back(isSigned ? arith::ShRSIOp::create(builder, raised, by).getResult()
                             : arith::ShRUIOp::create(builder, raised, by).getResult());
  }
  return parts;
}

DotProducts::Parts DotProducts::ofWeights(Value packed) {
  auto asWords = [&] {
    return vector::BitCastOp::create(builder, vectorOf(builder.getI32Type(), width), packed);
  };
  if (way == Way::WidenedFloats)
    return widenFloats(asWords());
  if (way == Way::WidenedBytes)
    return widenBytes(asWords(), /*isSigned=*/true);
  return {packed};
}

DotProducts::Parts DotProducts::ofNumbers(ValueRange group) {
  if (group[0].getType().isF32()) {
    Parts parts;
    for (Value number : group)
      parts.push_back(native::broadcast(number, width, builder));
    return parts;
  }
  Value all = native::broadcast(group[0], width, builder);
  if (way == Way::WidenedFloats)
    return widenFloats(all);
  if (way == Way::WidenedBytes)
    return widenBytes(all, /*isSigned=*/false);
  auto type = vectorOf(element, width * native::groupOf(element));
  return {vector::BitCastOp::create(builder, type, all)};
}

/// `sums` with what `body` makes of each `lanes` of them.
Value DotProducts::forChunks(Value sums, int64_t lanes,
                             llvm::function_ref<Value(int64_t, Value)> body) {
  Value made = sums;
  for (int64_t from = 0; from < width; from += lanes)
    made = vector::InsertStridedSliceOp::create(builder, body(from, chunk(sums, from, lanes)), made,
                                                ArrayRef<int64_t>{from}, ArrayRef<int64_t>{1});
  return made;
}

Value DotProducts::addByInstruction(Value numbers, Value weights, Value sums) {
  int64_t group = native::groupOf(element), lanes = instruction->lanes;
  return forChunks(sums, lanes, [&](int64_t from, Value part) {
    return call(instruction->intrinsic, part.getType(),
                {part, chunk(numbers, from * group, lanes * group),
                 chunk(weights, from * group, lanes * group)});
  });
}

/// The sums of four products of 8 bits each, by sums of two in 16 bits: numbers on the left have 7
/// bits, so that they fit (2 * 127 * 128 < 2^15).
Value DotProducts::sumPairs(Value numbers, Value weights) {
  int64_t bytes = cast<VectorType>(numbers.getType()).getDimSize(0);
  auto pairs = vectorOf(builder.getI16Type(), bytes / 2);
  auto fours = vectorOf(builder.getI32Type(), bytes / 4);
  Value inPairs = call(wide ? "llvm.x86.avx512.pmaddubs.w.512" : "llvm.x86.avx2.pmadd.ub.sw", pairs,
                       {numbers, weights});
  return call(wide ? "llvm.x86.avx512.pmaddw.d.512" : "llvm.x86.avx2.pmadd.wd", fours,
              {inPairs, words(1, inPairs)});
}

Value DotProducts::add(const Parts &numbers, const Parts &weights, Value sums) {
  switch (way) {
  case Way::Instruction:
    return addByInstruction(numbers[0], weights[0], sums);
  case Way::PairSums: {
    int64_t lanes = wide ? 16 : 8;
    return forChunks(sums, lanes, [&](int64_t from, Value part) {
      Value four =
          sumPairs(chunk(numbers[0], from * 4, lanes * 4), chunk(weights[0], from * 4, lanes * 4));
      return arith::AddIOp::create(builder, part, four).getResult();
    });
  }
  case Way::Fma:
  case Way::WidenedFloats:
    for (auto [number, weight] : llvm::zip(numbers, weights))
      sums = vector::FMAOp::create(builder, number, weight, sums);
    return sums;
  case Way::WidenedBytes:
    for (auto [number, weight] : llvm::zip(numbers, weights))
      sums = arith::AddIOp::create(builder, sums, arith::MulIOp::create(builder, number, weight));
    return sums;
  }
  llvm_unreachable("all ways are above");
}

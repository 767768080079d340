//===- Plan.h - native/plan.json --------------------------------*- C++ -*-===//

#ifndef TEZ_LIB_KERNELRUNTIME_PLAN_H
#define TEZ_LIB_KERNELRUNTIME_PLAN_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tez::runtime {

/// What one pointer of the code's table points to.
struct Argument {
  enum class Kind { Input, Weight, Output, Scratch } kind;
  size_t index = 0;    ///< of an input or an output
  uint64_t offset = 0; ///< of a weight, in bytes
};

/// Code for one processor.
struct Variant {
  std::string cpu, level, triple;
  std::string code, weights; ///< names of records
  uint64_t entry = 0;
  int64_t scratchColumns = 0, scratchNumbers = 0; ///< numbers a row, and beside
  int64_t blockRows = 0;
  std::vector<Argument> arguments;
};

/// A row of an input or an output: [columns], or of an image channels, height and width.
struct Row {
  std::vector<int64_t> sizes;
  int64_t columns = 0; ///< all numbers
};

struct Plan {
  /// Sizes of the leading dimensions, -1: any; nullopt: any number of them.
  std::optional<std::vector<int64_t>> leading;
  bool samples =
      false; ///< rows come in whole samples, of as many as the last leading dimension says
  bool images = false; ///< a row is an image: few of them are many already
  std::vector<Row> inputs, outputs;
  std::vector<Variant> variants; ///< best first
};

/// Throws std::runtime_error that says what is wrong.
Plan parsePlan(std::string_view json);

/// Has this machine what the code needs.
bool isRunnable(const Variant &variant);

} // namespace tez::runtime

#endif // TEZ_LIB_KERNELRUNTIME_PLAN_H

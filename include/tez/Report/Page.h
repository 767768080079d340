//===- Page.h - A compilation as a page for people --------------*- C++ -*-===//
//
// What a report shows, as plain values, and the page that shows it. Knows no
// MLIR and no compiler: whoever has a compilation fills a Page (lib/Pipeline).
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_REPORT_PAGE_H
#define TEZ_REPORT_PAGE_H

#include "tez/Report/Graph.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tez::report {

enum class Answer { Pass, Fail, Undecided };

/// Milliseconds of calls in turns, and the median of kernel / reference with its
/// 95 % interval.
struct Race {
  std::vector<double> kernel, reference;
  double ratio = 0, low = 0, high = 0;
};

using Figure = std::pair<std::string, double>;

struct Verdict {
  std::string check;
  Answer answer = Answer::Pass;
  unsigned runs = 0;
  double error32 = 0, error64 = 0;
  double ratio = 0; ///< of the largest error to its bound
  double drop = 0;  ///< of kernels of reduced precision
  std::vector<std::string> notes;
  std::vector<Figure> figures;
  std::optional<Race> race;
};

/// An error, a warning, a note or a remark.
struct Finding {
  std::string severity, message, place;
};

struct Rewrite {
  unsigned number = 0;
  std::string pass, pattern, op, place;
};

struct PassRow {
  std::string pass;
  unsigned before = 0, after = 0, rewrites = 0;
};

/// Zero where unknown.
struct CostRow {
  std::string op, place, output;
  double flops = 0;
  double parameters = 0, parameterBytes = 0, activationBytes = 0;
  /// Of all rows that follow with the same place; none where it was not measured.
  std::optional<double> milliseconds = {};
};

struct Page {
  std::string title; ///< the blueprint's name
  Answer answer = Answer::Undecided;
  std::string answerText; ///< "Passed every check"
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<Verdict> verdicts;
  std::vector<Finding> findings, remarks;
  std::optional<Graph> before, after;           ///< optimization
  std::optional<std::vector<Rewrite>> rewrites; ///< if they were counted
  std::vector<PassRow> passes;
  std::vector<CostRow> costs; ///< of the kernel before optimization
  std::string costNote;       ///< at which shapes
  std::vector<Figure> phases; ///< milliseconds
};

/// One HTML document that needs nothing besides itself, and no script to be read.
/// Every text of `page` is escaped. Same page, same bytes.
std::string render(const Page &page);

} // namespace tez::report

#endif // TEZ_REPORT_PAGE_H

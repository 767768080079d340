//===- Spelling.cpp - What a word was probably meant to be ----------------===//

#include "tez/Json/Text.h"

#include <algorithm>
#include <vector>

using namespace tez::json;

/// Longer words are not compared: the cost is the product of the lengths, and
/// no name of ours is that long.
static constexpr size_t kLongestWord = 80;

static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// What it costs to take one character for another, in quarters of an edit.
static unsigned replaceCost(char a, char b) {
  auto isMark = [](char c) { return c == '-' || c == '_' || c == '.'; };
  if (a == b)
    return 0;
  return lower(a) == lower(b) || (isMark(a) && isMark(b)) ? 1 : 4;
}

static unsigned insertCost(char c) { return c == '-' || c == '_' || c == '.' ? 2 : 4; }

/// Edit distance in quarters of an edit (optimal string alignment).
static unsigned distance(std::string_view a, std::string_view b) {
  std::vector<unsigned> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 1; j <= b.size(); ++j)
    row[j] = row[j - 1] + insertCost(b[j - 1]);
  for (size_t i = 1; i <= a.size(); ++i) {
    before.swap(last);
    last.swap(row);
    row[0] = last[0] + insertCost(a[i - 1]);
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + insertCost(a[i - 1]), row[j - 1] + insertCost(b[j - 1]),
                         last[j - 1] + replaceCost(a[i - 1], b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 4);
    }
  }
  return row[b.size()];
}

std::optional<std::string_view> tez::json::nearest(std::string_view word,
                                                   std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > kLongestWord)
    return std::nullopt;
  std::optional<std::string_view> best;
  unsigned least = 0;
  for (std::string_view candidate : candidates) {
    if (candidate.size() > kLongestWord)
      continue;
    unsigned edits = distance(word, candidate);
    // A third of the characters may be wrong, one in a word of two.
    size_t allowed = 4 * std::max<size_t>(1, std::max(word.size(), candidate.size()) / 3);
    if (edits <= allowed && edits < 4 * candidate.size() && (!best || edits < least)) {
      best = candidate;
      least = edits;
    }
  }
  return best;
}

std::string tez::json::didYouMean(std::string_view word,
                                  std::span<const std::string_view> candidates) {
  std::optional<std::string_view> meant = nearest(word, candidates);
  return meant ? "did you mean " + quote(*meant) + "?" : std::string();
}

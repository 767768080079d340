//===- Bisect.cpp - Which rewrites turn a kernel bad ----------------------===//

#include "tez/Pipeline/Bisect.h"
#include <algorithm>
#include <map>

using namespace tez;

static RewriteList firstOf(const RewriteList &all, size_t count) {
  return RewriteList(all.begin(), all.begin() + count);
}

static RewriteList without(const RewriteList &list, size_t begin, size_t count) {
  RewriteList rest = firstOf(list, begin);
  rest.insert(rest.end(), list.begin() + std::min(begin + count, list.size()), list.end());
  return rest;
}

/// The least n such that the first n are bad, as far as badness stays.
static size_t leastBadPrefix(const RewriteList &all,
                             llvm::function_ref<bool(const RewriteList &)> isBad) {
  size_t good = 0, bad = all.size();
  while (bad - good > 1) {
    size_t middle = good + (bad - good) / 2;
    (isBad(firstOf(all, middle)) ? bad : good) = middle;
  }
  return bad;
}

/// Leaves out runs of rewrites, ever shorter ones, while the kernel stays bad.
static RewriteList minimise(RewriteList list, llvm::function_ref<bool(const RewriteList &)> isBad) {
  for (size_t length = list.size() / 2; length > 0; length /= 2) {
    bool changed = false;
    for (size_t at = 0; at < list.size();) {
      RewriteList fewer = without(list, at, length);
      bool stillBad = !fewer.empty() && isBad(fewer);
      changed |= stillBad;
      if (stillBad)
        list = std::move(fewer);
      else
        at += length;
    }
    if (length == 1 && changed)
      length = 2; // until none can be left out
  }
  return list;
}

Culprits tez::bisect(const RewriteList &all, llvm::function_ref<bool(const RewriteList &)> isBad) {
  std::map<std::vector<unsigned>, bool> known; // a judgement costs a compilation
  auto judge = [&](const RewriteList &only) {
    std::vector<unsigned> numbers;
    for (const AppliedRewrite &rewrite : only)
      numbers.push_back(rewrite.number);
    auto [entry, isNew] = known.try_emplace(std::move(numbers), false);
    if (isNew)
      entry->second = isBad(only);
    return entry->second;
  };
  size_t prefix = leastBadPrefix(all, judge);
  RewriteList last{all[prefix - 1]};
  if (prefix == 1 || judge(last))
    return {prefix, last};
  return {prefix, minimise(firstOf(all, prefix), judge)};
}

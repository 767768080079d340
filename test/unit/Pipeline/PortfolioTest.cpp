//===- PortfolioTest.cpp - The index and the chooser's rule ---------------===//

#include "tez/Pipeline/Portfolio.h"
#include "tez/Artifact/Archive.h"
#include "gmock/gmock.h"

using namespace tez;
using testing::HasSubstr;

namespace {

PortfolioEntry entryOf(Member member, std::optional<double> drop, Milliseconds milliseconds = {}) {
  PortfolioEntry entry;
  entry.member = member;
  entry.bytes = 7;
  entry.sha256 = sha256("kernel");
  entry.parameterBytes = 5;
  entry.drop = drop;
  entry.milliseconds = std::move(milliseconds);
  return entry;
}

/// int8 is quick for one sample only, bf16 for many.
Portfolio measured() {
  Portfolio portfolio{.blueprint = "net.json", .target = "cpu", .members = {}, .leftOut = {}};
  portfolio.members = {entryOf(Member::Train, 0), entryOf(Member::Infer, 0, {{1, 4}, {32, 80}}),
                       entryOf(Member::Bf16, 0.002, {{1, 5}, {32, 40}}),
                       entryOf(Member::Int8, 0.01, {{1, 3}, {32, 50}})};
  portfolio.leftOut = {{Member::Fp16, "overflow"}};
  return portfolio;
}

std::string chosen(const Portfolio &portfolio, const Wish &wish) {
  llvm::Expected<const PortfolioEntry *> entry = choose(portfolio, wish);
  return entry ? name((*entry)->member).str() : llvm::toString(entry.takeError());
}

std::optional<Portfolio> readBack(const std::string &text, std::string &problem) {
  json::Source source("index.json", text);
  json::DiagnosticList findings;
  std::optional<Portfolio> portfolio = readIndex(source, findings);
  for (const json::Diagnostic &finding : findings.all())
    problem += finding.path + ": " + finding.message + "\n";
  return portfolio;
}

TEST(Portfolio, ChoosesByPurposeDropAndBatch) {
  Portfolio portfolio = measured();
  EXPECT_EQ(chosen(portfolio, {.purpose = Purpose::Train}), "train");
  EXPECT_EQ(chosen(portfolio, {}), "infer");
  EXPECT_EQ(chosen(portfolio, {.maxDrop = 0.01}), "int8");
  EXPECT_EQ(chosen(portfolio, {.maxDrop = 0.01, .batch = 16}), "int8");
  EXPECT_EQ(chosen(portfolio, {.maxDrop = 0.01, .batch = 17}), "bf16");
  EXPECT_EQ(chosen(portfolio, {.maxDrop = 0.01, .batch = 1000000}), "bf16");
  EXPECT_EQ(chosen(portfolio, {.maxDrop = 0.002, .batch = 1}), "infer");
}

TEST(Portfolio, ChoosesTheFirstInOrderWhereNothingIsMeasured) {
  Portfolio portfolio = measured();
  portfolio.members[2].milliseconds.clear();
  EXPECT_EQ(chosen(portfolio, {.maxDrop = 1, .batch = 32}), "int8");
  EXPECT_EQ(chosen(portfolio, {.maxDrop = 0.002, .batch = 32}), "bf16");
  EXPECT_EQ(chosen(portfolio, {}), "infer");
}

TEST(Portfolio, OfEqualsTheFirstInOrder) {
  Portfolio portfolio = measured();
  portfolio.members[2].milliseconds = portfolio.members[3].milliseconds;
  EXPECT_EQ(chosen(portfolio, {.maxDrop = 1}), "int8");
  portfolio.order = {Member::Bf16, Member::Int8, Member::Infer};
  EXPECT_EQ(chosen(portfolio, {.maxDrop = 1}), "bf16");
}

TEST(Portfolio, SaysWhatThereIsWhereNothingFits) {
  Portfolio portfolio = measured();
  portfolio.members.erase(portfolio.members.begin(), portfolio.members.begin() + 2);
  portfolio.members[0].drop.reset();
  EXPECT_EQ(chosen(portfolio, {.maxDrop = 0.001}),
            "no kernel of this portfolio is for inference with a drop of at most 0.001; the drop "
            "of bf16 is unknown; the drop of int8 is 0.01");
  EXPECT_EQ(chosen(portfolio, {.maxDrop = 1}), "int8"); // unknown is above every limit
  EXPECT_THAT(chosen(portfolio, {.purpose = Purpose::Train}), HasSubstr("train.pt"));
}

TEST(Portfolio, IndexIsReadAsItWasWritten) {
  Portfolio portfolio = measured();
  portfolio.members[1].worstError = 1e-7;
  portfolio.members[2].drop.reset();
  std::string problem, text = renderIndex(portfolio);
  std::optional<Portfolio> read = readBack(text, problem);
  ASSERT_TRUE(read) << problem;
  EXPECT_EQ(renderIndex(*read), text);
  EXPECT_EQ(read->members[3].milliseconds, portfolio.members[3].milliseconds);
}

TEST(Portfolio, IndexOfAnotherMakeIsRefused) {
  struct Case {
    const char *from, *to, *found;
  };
  const Case cases[] = {
      {"\"bf16.pt\"", "\"../bf16.pt\"",
       "members[2].file: expected \"bf16.pt\", found the string \"../bf16.pt\""},
      {"\"bf16.pt\"", "\"/etc/passwd\"", "members[2].file: expected \"bf16.pt\""},
      {"\"version\": 1", "\"version\": 2", "version: expected an integer from 1 to 1, found 2"},
      {"\"name\": \"bf16\"", "\"name\": \"infer\"", "members[2].name: expected each member once"},
      {"\"precision\": \"bf16\"", "\"precision\": \"fp32\"",
       "members[2].precision: expected \"bf16\""},
      {"\"drop\": 0.002", "\"drop\": -1",
       "members[2].drop: expected a number of at least 0, found -1"},
      {"\"1\": 5", "\"2\": 5", "members[2].milliseconds"},
      {"\"sha256\": \"", "\"sha256\": \"g", "sha256: expected a string of 64 characters"},
      {"\"left_out\"", "\"leftover\"", "leftover"},
      {"      \"bf16\",\n", "",
       "rule.order: expected every member for inference, found none named"},
      {"\"rule\"", "1", "expected"}};
  for (const Case &one : cases) {
    std::string text = renderIndex(measured()), problem;
    ASSERT_NE(text.find(one.from), std::string::npos) << one.from;
    text.replace(text.find(one.from), std::string(one.from).size(), one.to);
    EXPECT_FALSE(readBack(text, problem)) << one.to;
    EXPECT_THAT(problem, HasSubstr(one.found));
  }
}

} // namespace

//===- ReportTest.cpp -----------------------------------------------------===//

#include "tez/Analysis/Report.h"
#include "Parsed.h"
#include "llvm/Support/JSON.h"

using namespace tez;
using namespace tez::test;

namespace {

TEST(Report, JudgesByLimitsFirst) {
  Parsed parsed(kernelText("%y = esper.activation \"tanh\" %x : tensor<?x8xf32>"));
  AnalysisOptions options;
  // %z is not used.
  EXPECT_EQ(analyze(parsed.kernel(), options).judgement(), Judgement::Warn);
  options.rules = {"domain"};
  EXPECT_EQ(analyze(parsed.kernel(), options).judgement(), Judgement::Pass);
  options.limits.flops = 8;
  EXPECT_EQ(analyze(parsed.kernel(), options).judgement(), Judgement::Pass);
  options.batch = 2;
  AnalysisReport report = analyze(parsed.kernel(), options);
  EXPECT_EQ(report.judgement(), Judgement::Refuse);
  EXPECT_EQ(report.findings[0].message, "the kernel has 16 FLOPs, the limit is 8");
}

TEST(Report, JsonIsOneLineThatParses) {
  Parsed parsed(kernelText("%y = esper.activation \"exp\" %x : tensor<?x8xf32>"));
  std::string text;
  llvm::raw_string_ostream stream(text);
  analyze(parsed.kernel()).printJson(stream);
  EXPECT_EQ(llvm::StringRef(text).count('\n'), 1u);
  auto json = llvm::json::parse(text);
  ASSERT_TRUE(bool(json));
  const llvm::json::Object *report = json->getAsObject();
  EXPECT_EQ(report->getString("judgement"), "warn");
  EXPECT_EQ(report->getObject("totals")->getInteger("flops"), 8);
  EXPECT_EQ(report->getArray("findings")->size(), 1u);
}

TEST(Report, TableShowsAsManyOpsAsAsked) {
  Parsed parsed(kernelText("%a = esper.activation \"tanh\" %x : tensor<?x8xf32>\n"
                           "%y = esper.activation \"tanh\" %a : tensor<?x8xf32>"));
  std::string text;
  llvm::raw_string_ostream stream(text);
  analyze(parsed.kernel()).printText(stream, 1);
  EXPECT_NE(text.find("... and 1 more\n"), std::string::npos) << text;
}

} // namespace

//===- PageTest.cpp - The page for people ---------------------------------===//
//
// With $TEZ_REPORT_PAGES, a folder, the pages of these tests are written there, for
// test/Integration/report.py to open in a browser.
//
//===----------------------------------------------------------------------===//

#include "tez/Report/Page.h"
#include "gtest/gtest.h"
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <random>

using namespace tez::report;

static std::string rendered(const std::string &name, const Page &page) {
  std::string html = render(page);
  if (const char *folder = std::getenv("TEZ_REPORT_PAGES"))
    std::ofstream(std::string(folder) + "/" + name + ".html", std::ios::binary) << html;
  return html;
}

static size_t count(const std::string &text, const std::string &part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

static Race sampleRace(size_t pairs) {
  std::mt19937 random(1);
  std::lognormal_distribution<double> kernel(-1.2, 0.08), reference(-1.0, 0.08);
  Race race{{}, {}, 0.82, 0.79, 0.86};
  for (size_t i = 0; i < pairs; ++i) {
    race.kernel.push_back(kernel(random));
    race.reference.push_back(reference(random));
  }
  race.kernel[7] = 1.4; // somebody else had the processor
  return race;
}

static Graph sampleGraph(const std::string &middle) {
  using Kind = GraphNode::Kind;
  return {{{Kind::Input,
            "input",
            "x",
            "?\xC3\x97"
            "8 f32",
            "",
            "",
            {}},
           {Kind::Op,
            middle,
            "0",
            "?\xC3\x97"
            "8 f32",
            "nodes[0]",
            "",
            {"reads 0.weight 8\xC3\x97"
             "8 f32"}},
           {Kind::Op,
            "add",
            "nodes[1]",
            "?\xC3\x97"
            "8 f32",
            "nodes[1]",
            "in place",
            {}},
           {Kind::Output,
            "output",
            "output0",
            "?\xC3\x97"
            "8 f32",
            "",
            "",
            {}}},
          {{0, 1}, {0, 2}, {1, 2}, {2, 3}}};
}

/// Something of everything.
static Page samplePage() {
  Page page;
  page.title = "residual block";
  page.answer = Answer::Pass;
  page.answerText = "Passed every check";
  page.facts = {{"purpose", "training"}, {"SHA-256", std::string(64, 'a')}};
  page.verdicts = {{"outputs", Answer::Pass, 6, 3e-7, 9e-16, 0.02, 0, {}, {}, {}},
                   {"gradients", Answer::Fail, 2, 0.2, 9e-15, 3.5, 0, {"a note"}, {}, {}},
                   {"performance", Answer::Undecided, 40, 0, 0, 0, 0, {}, {}, sampleRace(40)}};
  page.verdicts[1].figures = {{"norm of 0.weight", 1.5},  {"norm of 0.bias", 2e-4},
                              {"norm of 1.weight", 0},    {"norm of 2.weight", INFINITY},
                              {"directions tried", 16.0}, {"norm of x", 31.0}};
  page.findings = {{"warning", "parameter is never used", "net.json:3:4 nodes[2]"}};
  page.remarks = {{"remark", "[fold-affine] folded into its input", "net.json:3:4"}};
  page.before = sampleGraph("linear");
  page.after = sampleGraph("matmul");
  page.rewrites = {{1, "esper-transpose-weights", "TransposeWeight", "esper.linear", "nodes[0]"}};
  page.passes = {{"canonicalize", 7, 7, 0}};
  page.costs = {{"linear", "nodes[0]",
                 "1\xC3\x97"
                 "8",
                 128, 72, 288, 32, 0.0125},
                {"add", "nodes[1]",
                 "1\xC3\x97"
                 "8",
                 8, 0, 0, 32}};
  page.costNote = "Counted for a batch of one.";
  page.phases = {{"import", 1.2}, {"validate", 80}};
  return page;
}

TEST(Page, HasEverySection) {
  std::string html = rendered("sample", samplePage());
  for (const char *id :
       {"findings", "verdicts", "figures", "performance", "graph", "rewrites", "costs", "times"})
    EXPECT_EQ(count(html, "<section id=\"" + std::string(id) + "\""), 1u) << id;
  EXPECT_EQ(count(html, "<svg class=\"graph\""), 2u);
  EXPECT_EQ(count(html, " cy="), 2 * 40 + 1u);      // the samples and their ratio
  EXPECT_NE(html.find("&#39;"), std::string::npos); // the policy's quotes
  EXPECT_EQ(html, render(samplePage()));
}

TEST(Page, OpsOfOnePlaceShareATime) {
  Page page = samplePage();
  page.costs = {{"linear", "a", "1", 1, 0, 0, 0, 0.0125},
                {"relu", "a", "1", 1, 0, 0, 0},
                {"add", "b", "1", 1, 0, 0, 0},
                {"relu", "a", "1", 1, 0, 0, 0}};
  std::string html = render(page);
  EXPECT_EQ(count(html, "rowspan=\"2\">12.5 "), 1u);
  EXPECT_EQ(count(html, "rowspan=\"1\"></td>"), 2u); // of b nothing is left, a has its time
  page.costs[0].milliseconds.reset();
  html = render(page);
  EXPECT_EQ(count(html, "rowspan"), 0u);
}

TEST(Page, SaysWhatPassesDid) {
  std::string html = render(samplePage());
  EXPECT_EQ(count(html, ">becomes matmul</text>"), 1u);
  EXPECT_EQ(count(html, ">new, from linear</text>"), 1u);
  EXPECT_EQ(count(html, ">in place</text>"), 1u);
  EXPECT_EQ(count(html, "href=\"#after-1\""), 1u);
}

TEST(Page, NormsWithoutAPlaceHaveNoBar) {
  std::string html = render(samplePage());
  EXPECT_EQ(count(html, "class=\"bar norm\""), 5u);
  EXPECT_EQ(count(html, "height=\"8\""),
            count(html, "class=\"whole\"") + count(html, "class=\"part\""));
  EXPECT_NE(html.find("infinite"), std::string::npos);
  EXPECT_NE(html.find("directions tried"), std::string::npos);
}

TEST(Page, WithoutAnythingIsAPage) {
  Page page;
  page.title = "nothing";
  std::string html = rendered("empty", page);
  EXPECT_NE(html.find("No check was run."), std::string::npos);
  EXPECT_EQ(count(html, "<section "), 1u);
}

TEST(Page, FailedBeforeOptimization) {
  Page page = samplePage();
  page.after.reset();
  std::string html = rendered("failed", page);
  EXPECT_EQ(count(html, "<svg class=\"graph\""), 1u);
  EXPECT_EQ(html.find(">gone</text>"), std::string::npos);
  EXPECT_NE(html.find("ended before"), std::string::npos);
}

/// Every text that a blueprint, a file name or a torch message can bring in.
TEST(Page, HostileTextsStayTexts) {
  const std::string evil = "<script>document.title='owned'</script>\"onload='x' "
                           "<img src=x onerror=alert(1)></style></title>--><!--";
  Page page = samplePage();
  page.title = page.answerText = page.costNote = evil;
  page.facts.emplace_back(evil, evil);
  page.findings.push_back({evil, evil, evil});
  page.remarks.push_back({evil, evil, evil});
  for (Verdict &verdict : page.verdicts) {
    verdict.check = evil;
    verdict.notes = {evil};
    verdict.figures.emplace_back(evil, 1);
    verdict.figures.emplace_back("norm of " + evil, 1);
  }
  for (Graph *graph : {&*page.before, &*page.after})
    for (GraphNode &node : graph->nodes) {
      node.op = node.name = node.type = node.field = node.badge = evil;
      node.details = {evil};
    }
  page.rewrites->push_back({2, evil, evil, evil, evil});
  page.passes.push_back({evil, 1, 1, 1});
  page.costs.push_back({evil, evil, evil, 1, 1, 1, 1});
  page.phases.emplace_back(evil, 1);
  std::string html = rendered("hostile", page);
  EXPECT_EQ(count(html, "<script"), 1u); // the page's own
  EXPECT_EQ(count(html, "<style"), 1u);
  EXPECT_EQ(count(html, "<img"), 0u);
  EXPECT_EQ(count(html, "\"onload"), 0u);
  EXPECT_EQ(count(html, "<!--"), 0u);
}

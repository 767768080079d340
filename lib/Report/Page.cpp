//===- Page.cpp - A compilation as a page for people ----------------------===//

#include "tez/Report/Page.h"
#include "Sections.h"
#include "Style.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/SHA256.h"
#include <algorithm>

using namespace tez::report;

namespace {
struct Section {
  const char *id, *title;
  bool (*applies)(const Page &page);
  void (*write)(Html &html, const Page &page);
};
} // namespace

static const Section sections[] = {
    {"findings", "Findings", [](const Page &page) { return !page.findings.empty(); },
     writeFindings},
    {"verdicts", "Verdicts", [](const Page &) { return true; }, writeVerdicts},
    {"figures", "Measured by the checks",
     [](const Page &page) {
       return std::ranges::any_of(page.verdicts,
                                  [](const Verdict &v) { return !v.figures.empty(); });
     },
     writeFigures},
    {"performance", "Race against the reference",
     [](const Page &page) {
       return std::ranges::any_of(page.verdicts,
                                  [](const Verdict &v) { return v.race.has_value(); });
     },
     writeRaces},
    {"graph", "Graph", [](const Page &page) { return page.before.has_value(); }, writeGraphs},
    {"rewrites", "What the optimiser did",
     [](const Page &page) {
       return page.rewrites || !page.passes.empty() || !page.remarks.empty();
     },
     writeRewrites},
    {"costs", "Cost by operation", [](const Page &page) { return !page.costNote.empty(); },
     writeCosts},
    {"times", "Time of the compilation", [](const Page &page) { return !page.phases.empty(); },
     writeTimes},
};

/// 'sha256-...': the policy lets this text run and no other.
static std::string sourceHash(std::string_view text) {
  auto digest = llvm::SHA256::hash(
      llvm::ArrayRef(reinterpret_cast<const uint8_t *>(text.data()), text.size()));
  return "'sha256-" + llvm::encodeBase64(digest) + "'";
}

static void writeHead(Html &html, const Page &page) {
  std::string policy = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src " +
                       sourceHash(styleSheet) + "; script-src " + sourceHash(script);
  html.open("head");
  html.empty("meta", {{"charset", "utf-8"}});
  html.empty("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", policy}});
  html.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  html.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  html.empty("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
  html.element("title", page.title + " - kernel report");
  html.open("style").trusted(styleSheet).close().close();
}

static void writeSummary(Html &html, const Page &page) {
  html.open("header");
  html.element("p", {{"class", "kicker"}}, "Kernel report").element("h1", page.title);
  html.open("p", {{"class", "verdict"}});
  writeAnswer(html, page.answer, page.answerText);
  html.close().open("dl");
  for (const auto &[name, value] : page.facts)
    html.element("dt", name).element("dd", value);
  html.close().open("nav", {{"aria-label", "sections"}});
  for (const Section &section : sections)
    if (section.applies(page))
      html.element("a", {{"href", std::string("#") + section.id}}, section.title);
  html.close().close();
}

static void writeSection(Html &html, const Page &page, const Section &section) {
  std::string heading = std::string(section.id) + "-heading";
  html.open("section", {{"id", section.id}, {"aria-labelledby", heading}});
  html.element("h2", {{"id", heading}}, section.title);
  section.write(html, page);
  html.close();
}

std::string tez::report::render(const Page &page) {
  Html html;
  html.trusted("<!DOCTYPE html>\n").open("html", {{"lang", "en"}});
  writeHead(html, page);
  html.open("body");
  writeSummary(html, page);
  html.open("main");
  for (const Section &section : sections)
    if (section.applies(page))
      writeSection(html, page, section);
  html.close();
  html.element("footer", "Errors are absolute; a bound is what rounding can explain. This page "
                         "needs nothing besides itself.");
  html.open("script").trusted(script).close();
  html.close().close();
  return html.take();
}

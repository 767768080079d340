//===- Verdicts.cpp - What validation found -------------------------------===//

#include "Plots.h"
#include "Sections.h"
#include "Units.h"
#include <algorithm>

using namespace tez::report;

static const char *textOf(Answer answer) {
  return answer == Answer::Pass ? "pass" : answer == Answer::Fail ? "fail" : "undecided";
}

void tez::report::writeFindings(Html &html, const Page &page) {
  html.open("ul", {{"class", "findings"}});
  for (const Finding &finding : page.findings) {
    html.open("li", {{"class", finding.severity}});
    html.element("b", finding.severity).text(" " + finding.message + " ");
    if (!finding.place.empty())
      html.element("code", finding.place);
    html.close();
  }
  html.close();
}

//===----------------------------------------------------------------------===//
// Verdicts
//===----------------------------------------------------------------------===//

static void writeRow(Html &html, const Verdict &verdict, bool withDrop) {
  html.open("tr").element("th", {{"scope", "row"}}, verdict.check).open("td");
  writeAnswer(html, verdict.answer, textOf(verdict.answer));
  html.close();
  numberCell(html, std::to_string(verdict.runs));
  numberCell(html, numberText(verdict.error32));
  numberCell(html, numberText(verdict.error64));
  if (withDrop)
    numberCell(html, numberText(verdict.drop));
  numberCell(html, percentText(verdict.ratio));
  html.open("td");
  drawShare(html, verdict.ratio);
  html.close().close();
}

static void writeNotes(Html &html, const Page &page) {
  for (const Verdict &verdict : page.verdicts)
    for (const std::string &note : verdict.notes)
      html.open("p", {{"class", "note"}}).element("b", verdict.check).text(": " + note).close();
}

void tez::report::writeVerdicts(Html &html, const Page &page) {
  if (page.verdicts.empty()) {
    html.element("p", {{"class", "note"}}, "No check was run.");
    return;
  }
  bool withDrop = std::ranges::any_of(page.verdicts, [](const Verdict &v) { return v.drop != 0; });
  Columns columns = {{"check", false},
                     {"answer", false},
                     {"runs", true},
                     {"largest error, fp32", true},
                     {"fp64", true}};
  if (withDrop)
    columns.emplace_back("drop", true);
  columns.emplace_back("of the bound", true);
  columns.emplace_back("", false);
  openTable(html, columns);
  for (const Verdict &verdict : page.verdicts)
    writeRow(html, verdict, withDrop);
  closeTable(html);
  writeNotes(html, page);
}

//===----------------------------------------------------------------------===//
// Figures
//===----------------------------------------------------------------------===//

static constexpr std::string_view kNorm = "norm of ";

/// Norms are compared with each other; everything else stands for itself.
static void writeOthers(Html &html, const std::vector<Figure> &figures) {
  if (figures.empty())
    return;
  openTable(html, {{"figure", false}, {"value", true}});
  for (const auto &[name, value] : figures) {
    html.open("tr").element("th", {{"scope", "row"}}, name);
    numberCell(html, numberText(value));
    html.close();
  }
  closeTable(html);
}

void tez::report::writeFigures(Html &html, const Page &page) {
  for (const Verdict &verdict : page.verdicts) {
    if (verdict.figures.empty())
      continue;
    std::vector<Figure> norms, others;
    for (const auto &[name, value] : verdict.figures)
      if (name.starts_with(kNorm))
        norms.emplace_back(name.substr(kNorm.size()), value);
      else
        others.emplace_back(name, value);
    html.element("h3", verdict.check);
    if (!norms.empty())
      drawLogBars(html, norms);
    writeOthers(html, others);
  }
}

void tez::report::writeRaces(Html &html, const Page &page) {
  for (const Verdict &verdict : page.verdicts) {
    if (!verdict.race)
      continue;
    html.open("h3").text(verdict.check + " ");
    writeAnswer(html, verdict.answer, textOf(verdict.answer));
    html.close();
    drawRace(html, *verdict.race);
  }
}

//===- Sections.h - The parts of the page -----------------------*- C++ -*-===//

#ifndef TEZ_LIB_REPORT_SECTIONS_H
#define TEZ_LIB_REPORT_SECTIONS_H

#include "Html.h"
#include "tez/Report/Page.h"

namespace tez::report {

/// Cells of a table's head, then whether the column holds numbers.
using Columns = std::vector<std::pair<std::string, bool>>;
/// Opens what scrolls, table, head and body; closeTable ends them.
void openTable(Html &html, const Columns &columns);
void closeTable(Html &html);
void numberCell(Html &html, const std::string &text);
void codeCell(Html &html, const std::string &text);

/// "passed" with a sign that needs no colour.
void writeAnswer(Html &html, Answer answer, const std::string &text);

// Each writes what is in its section, or nothing where the page has nothing for it.
void writeFindings(Html &html, const Page &page);
void writeVerdicts(Html &html, const Page &page);
void writeFigures(Html &html, const Page &page);
void writeRaces(Html &html, const Page &page);
void writeGraphs(Html &html, const Page &page);
void writeRewrites(Html &html, const Page &page);
void writeCosts(Html &html, const Page &page);
void writeTimes(Html &html, const Page &page);

} // namespace tez::report

#endif // TEZ_LIB_REPORT_SECTIONS_H

//===- Plots.h - Figures as drawings ----------------------------*- C++ -*-===//

#ifndef TEZ_LIB_REPORT_PLOTS_H
#define TEZ_LIB_REPORT_PLOTS_H

#include "Html.h"
#include "tez/Report/Page.h"

namespace tez::report {

/// `part` of a whole as a bar; above 1 it fills the bar and is marked.
void drawShare(Html &html, double part);

/// One row a figure, bars on a common logarithmic scale. What is zero or not finite
/// has no bar.
void drawLogBars(Html &html, const std::vector<Figure> &figures);

/// Every sample as a point, kernel above reference, and below the interval of their
/// ratio.
void drawRace(Html &html, const Race &race);

} // namespace tez::report

#endif // TEZ_LIB_REPORT_PLOTS_H

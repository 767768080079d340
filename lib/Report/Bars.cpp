//===- Bars.cpp - Shares and norms as bars --------------------------------===//

#include "LogScale.h"
#include "Plots.h"
#include "Units.h"
#include <algorithm>
#include <cmath>

using namespace tez::report;

static constexpr double kShareWidth = 88, kBarWidth = 300, kBarHeight = 12, kApart = 36;

static void bar(Html &html, const char *style, double x, double y, double width) {
  html.empty("rect", {{"class", style},
                      {"x", coordinate(x)},
                      {"y", coordinate(y)},
                      {"width", coordinate(width)},
                      {"height", coordinate(kBarHeight - 4)}});
}

void tez::report::drawShare(Html &html, double part) {
  double filled = std::isfinite(part) ? std::clamp(part, 0.0, 1.0) : 1;
  html.open("svg", {{"class", part <= 1 ? "bar" : "bar over"},
                    {"width", coordinate(kShareWidth + 2)},
                    {"height", coordinate(kBarHeight)},
                    {"aria-hidden", "true"}});
  bar(html, "whole", 0, 2, kShareWidth);
  if (filled > 0)
    bar(html, "part", 0, 2, std::max(1.0, filled * kShareWidth));
  html.empty("path", {{"class", "limit"}, {"d", "M" + coordinate(kShareWidth) + " 0 V12"}});
  html.close();
}

//===----------------------------------------------------------------------===//
// Norms
//===----------------------------------------------------------------------===//

/// Lines behind the bars, at the same places in every row.
static void drawGrid(Html &html, const LogScale &scale, double height) {
  for (double tick : scale.ticks(kApart)) {
    std::string x = coordinate(scale.at(tick));
    html.empty("path", {{"class", "grid"}, {"d", "M" + x + " 0 V" + coordinate(height)}});
  }
}

static void drawAxis(Html &html, const LogScale &scale) {
  html.open("svg", {{"class", "axis"},
                    {"width", coordinate(kBarWidth)},
                    {"height", "16"},
                    {"aria-hidden", "true"}});
  for (double tick : scale.ticks(kApart))
    html.element("text", {{"x", coordinate(scale.at(tick))}, {"y", "12"}}, numberText(tick));
  html.close();
}

static void drawLogBar(Html &html, const LogScale &scale, double value) {
  html.open("svg", {{"class", "bar norm"},
                    {"width", coordinate(kBarWidth)},
                    {"height", "20"},
                    {"aria-hidden", "true"}});
  drawGrid(html, scale, 20);
  if (LogScale::hasPlace(value))
    bar(html, "part", 0, 6, scale.at(value));
  html.close();
}

void tez::report::drawLogBars(Html &html, const std::vector<Figure> &figures) {
  LogScale scale(24, kBarWidth - 48); // even the least one is to be seen
  for (const auto &[name, value] : figures)
    scale.include(value);
  scale.widen(1.2);
  html.open("div", {{"class", "scroll"}, {"tabindex", "0"}}).open("table", {{"class", "norms"}});
  html.open("thead").open("tr").element("th", {{"scope", "col"}}, "norm of");
  html.element("th", {{"scope", "col"}, {"class", "number"}}, "value");
  html.open("td");
  drawAxis(html, scale);
  html.close().close().close().open("tbody");
  for (const auto &[name, value] : figures) {
    html.open("tr").open("th", {{"scope", "row"}}).element("code", name).close();
    html.element("td", {{"class", "number"}}, numberText(value));
    html.open("td");
    drawLogBar(html, scale, value);
    html.close().close();
  }
  html.close().close().close();
}

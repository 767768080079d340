//===- RacePlot.cpp - The samples of a race -------------------------------===//

#include "LogScale.h"
#include "Plots.h"
#include "Units.h"
#include <algorithm>
#include <cmath>

using namespace tez::report;

static constexpr double kWidth = 640, kLeft = 84, kRight = 24, kLane = 56;

static double medianOf(std::vector<double> values) {
  if (values.empty())
    return NAN;
  size_t middle = values.size() / 2;
  std::ranges::sort(values);
  return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

static void line(Html &html, const char *style, double x1, double y1, double x2, double y2) {
  html.empty("line", {{"class", style},
                      {"x1", coordinate(x1)},
                      {"y1", coordinate(y1)},
                      {"x2", coordinate(x2)},
                      {"y2", coordinate(y2)}});
}

static void label(Html &html, const char *style, double x, double y, const std::string &text) {
  html.element("text", {{"class", style}, {"x", coordinate(x)}, {"y", coordinate(y)}}, text);
}

static void drawTicks(Html &html, const LogScale &scale, double bottom, bool times) {
  for (double tick : scale.ticks(60)) {
    line(html, "grid", scale.at(tick), 18, scale.at(tick), bottom);
    label(html, "tick", scale.at(tick), bottom + 14,
          times ? timeText(tick) : numberText(tick) + "\xC3\x97");
  }
}

/// Kernel: discs; reference: rings. The order of the calls runs downwards.
static void drawSamples(Html &html, const LogScale &scale, const std::vector<double> &samples,
                        double top, bool isKernel) {
  double step = (kLane - 20) / double(std::max<size_t>(samples.size(), 2) - 1);
  html.open("g", {{"class", isKernel ? "samples kernel" : "samples reference"}});
  for (size_t i = 0; i < samples.size(); ++i)
    html.empty("circle",
               {{"cx", coordinate(LogScale::hasPlace(samples[i]) ? scale.at(samples[i]) : kLeft)},
                {"cy", coordinate(top + 10 + double(i) * step)},
                {"r", "2.5"}});
  html.close();
}

static void drawLane(Html &html, const LogScale &scale, const std::vector<double> &samples,
                     double top, bool isKernel) {
  label(html, "lane", 0, top + kLane / 2 + 4, isKernel ? "kernel" : "reference");
  drawSamples(html, scale, samples, top, isKernel);
  double median = medianOf(samples);
  if (!LogScale::hasPlace(median))
    return;
  line(html, "median", scale.at(median), top + 4, scale.at(median), top + kLane - 4);
}

static void openPlot(Html &html, double height, const std::string &name) {
  html.open("div", {{"class", "scroll"}, {"tabindex", "0"}});
  html.open("svg", {{"class", "plot"},
                    {"width", coordinate(kWidth)},
                    {"height", coordinate(height)},
                    {"role", "img"},
                    {"aria-label", name}});
}

static void drawTimes(Html &html, const Race &race) {
  LogScale scale(kLeft, kWidth - kLeft - kRight);
  for (const auto &samples : {race.kernel, race.reference})
    for (double sample : samples)
      scale.include(sample);
  scale.widen(1.03);
  double bottom = 20 + 2 * kLane;
  openPlot(html, bottom + 20, "times of all calls, on a logarithmic scale");
  label(html, "caption", kLeft, 10, "time of a call, logarithmic; the bar is the median");
  drawTicks(html, scale, bottom, /*times=*/true);
  drawLane(html, scale, race.kernel, 20, true);
  drawLane(html, scale, race.reference, 20 + kLane, false);
  html.close().close();
}

/// Between equality and the limit of the performance check.
static void drawRatio(Html &html, const Race &race) {
  LogScale scale(kLeft, kWidth - kLeft - kRight);
  for (double value : {1.0, 2.0, race.ratio, race.low, race.high})
    scale.include(value);
  scale.widen(1.1);
  openPlot(html, 78, "ratio of the times with its interval");
  label(html, "caption", kLeft, 10, "kernel / reference; the limit is 2");
  drawTicks(html, scale, 58, /*times=*/false);
  line(html, "limit", scale.at(2), 18, scale.at(2), 58);
  label(html, "lane", 0, 42, "ratio");
  if (LogScale::hasPlace(race.low) && LogScale::hasPlace(race.high)) {
    line(html, "interval", scale.at(race.low), 38, scale.at(race.high), 38);
    for (double end : {race.low, race.high})
      line(html, "median", scale.at(end), 32, scale.at(end), 44);
  }
  if (LogScale::hasPlace(race.ratio))
    html.empty(
        "circle",
        {{"class", "ratio"}, {"cx", coordinate(scale.at(race.ratio))}, {"cy", "38"}, {"r", "4.5"}});
  html.close().close();
}

void tez::report::drawRace(Html &html, const Race &race) {
  html.open("p").text("Median of the kernel ");
  html.element("b", timeText(medianOf(race.kernel))).text(", of the reference ");
  html.element("b", timeText(medianOf(race.reference))).text("; ratio ");
  html.element("b", numberText(race.ratio));
  html.text(", 95 % interval " + numberText(race.low) + " to " + numberText(race.high) + ", " +
            std::to_string(race.kernel.size()) + " pairs.");
  html.close();
  drawTimes(html, race);
  drawRatio(html, race);
}

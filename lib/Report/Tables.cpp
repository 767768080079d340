//===- Tables.cpp - What the tables of the page share ---------------------===//

#include "Sections.h"

using namespace tez::report;

void tez::report::openTable(Html &html, const Columns &columns) {
  html.open("div", {{"class", "scroll"}, {"tabindex", "0"}}).open("table").open("thead").open("tr");
  for (const auto &[title, isNumber] : columns)
    if (title.empty())
      html.element("td", "");
    else
      html.element("th", {{"scope", "col"}, {"class", isNumber ? "number" : "words"}}, title);
  html.close().close().open("tbody");
}

void tez::report::closeTable(Html &html) { html.close().close().close(); }

void tez::report::numberCell(Html &html, const std::string &text) {
  html.element("td", {{"class", "number"}}, text);
}

void tez::report::codeCell(Html &html, const std::string &text) {
  html.open("td").element("code", text).close();
}

static const char *signOf(Answer answer) {
  switch (answer) {
  case Answer::Pass:
    return "\xE2\x9C\x93 "; // check mark
  case Answer::Fail:
    return "\xE2\x9C\x97 "; // ballot x
  case Answer::Undecided:
    return "? ";
  }
  return "";
}

static const char *styleOf(Answer answer) {
  switch (answer) {
  case Answer::Pass:
    return "answer pass";
  case Answer::Fail:
    return "answer fail";
  case Answer::Undecided:
    return "answer undecided";
  }
  return "";
}

void tez::report::writeAnswer(Html &html, Answer answer, const std::string &text) {
  html.element("span", {{"class", styleOf(answer)}}, signOf(answer) + text);
}

//===- Html.h - Markup that cannot be broken out of -------------*- C++ -*-===//

#ifndef TEZ_LIB_REPORT_HTML_H
#define TEZ_LIB_REPORT_HTML_H

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tez::report {

/// A value to stand in a text or between double quotes. What is not UTF-8, control
/// characters and those that turn the direction of text become U+FFFD.
std::string escape(std::string_view text);

/// Writes HTML, and SVG within it. Texts and values of attributes are escaped here,
/// so that no caller can forget to; tags and names of attributes are the program's.
class Html {
public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string>>;

  Html &open(std::string_view tag, Attributes attributes = {});
  Html &close(); ///< the innermost open element
  Html &text(std::string_view text);
  /// An element with nothing in it but a text.
  Html &element(std::string_view tag, Attributes attributes, std::string_view text);
  Html &element(std::string_view tag, std::string_view content) {
    return element(tag, {}, content);
  }
  /// An element without an end tag; in SVG one that ends itself.
  Html &empty(std::string_view tag, Attributes attributes = {});
  /// Markup as it is: constants of the program only.
  Html &trusted(std::string_view markup);

  std::string take() { return std::move(out); }

private:
  void begin(std::string_view tag, Attributes attributes);

  std::string out;
  std::vector<std::string> stack;
};

/// A number as SVG takes it: two decimals, without needless zeros.
std::string coordinate(double value);

} // namespace tez::report

#endif // TEZ_LIB_REPORT_HTML_H

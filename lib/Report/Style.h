//===- Style.h - How the page looks and what it does ------------*- C++ -*-===//

#ifndef TEZ_LIB_REPORT_STYLE_H
#define TEZ_LIB_REPORT_STYLE_H

#include <string_view>

namespace tez::report {

extern const std::string_view styleSheet;
/// Marks the counterparts of the node under the pointer or the focus. The page says
/// all it says without it.
extern const std::string_view script;

} // namespace tez::report

#endif // TEZ_LIB_REPORT_STYLE_H

//===- Units.h - Texts and numbers as the page shows them -------*- C++ -*-===//

#ifndef TEZ_LIB_REPORT_UNITS_H
#define TEZ_LIB_REPORT_UNITS_H

#include <cstddef>
#include <string>

namespace tez::report {

/// Characters, not bytes.
size_t lengthOf(const std::string &text);

/// At most `most` characters; what is left out in the middle becomes an ellipsis.
std::string shortened(const std::string &text, size_t most);

/// "2.96e-7", "0.0312", "17", "infinite".
std::string numberText(double value);

/// "4.2 %".
std::string percentText(double fraction);

/// "0.412 ms", "18.3 µs".
std::string timeText(double milliseconds);

} // namespace tez::report

#endif // TEZ_LIB_REPORT_UNITS_H

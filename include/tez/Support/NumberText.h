//===- NumberText.h - Numbers as people read them ---------------*- C++ -*-===//

#ifndef TEZ_SUPPORT_NUMBERTEXT_H
#define TEZ_SUPPORT_NUMBERTEXT_H

#include <cstdint>
#include <string>

namespace tez {

/// 1234567 -> "1,234,567"; rounded to a whole number.
std::string grouped(double value);

/// Three significant digits: "0.0312", "1.2e+03".
std::string threeDigits(double value);

/// "12.3 KiB"; bytes below 1024 as they are.
std::string byteSize(int64_t bytes);

} // namespace tez

#endif // TEZ_SUPPORT_NUMBERTEXT_H

//===- Xml.h - What S3 answers ----------------------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_S3_XML_H
#define TEZ_LIB_SERVICE_WORKER_S3_XML_H

#include <string>
#include <string_view>
#include <vector>

namespace tez::worker::s3 {

/// What stands in each <name>, as it is written there, in order. S3's answers nest no
/// element in one of its own name.
std::vector<std::string_view> elements(std::string_view text, std::string_view name);

/// What the first <name> says, without entities; "" where there is none.
std::string textOf(std::string_view text, std::string_view name);

/// With entities for what is not text in XML.
std::string escaped(std::string_view text);

} // namespace tez::worker::s3

#endif // TEZ_LIB_SERVICE_WORKER_S3_XML_H

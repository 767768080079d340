//===- Fault.h - A call that gets an error ----------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_API_FAULT_H
#define TEZ_LIB_SERVICE_API_FAULT_H

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tez::service {

/// `text` says what was found and what was expected.
struct Fault : std::runtime_error {
  Fault(int status, const std::string &text) : std::runtime_error(text), status(status) {}
  int status;
  std::vector<std::pair<std::string, std::string>> headers = {};
};

} // namespace tez::service

#endif // TEZ_LIB_SERVICE_API_FAULT_H

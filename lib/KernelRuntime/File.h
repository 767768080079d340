//===- File.h - The records of a kernel file --------------------*- C++ -*-===//

#ifndef TEZ_LIB_KERNELRUNTIME_FILE_H
#define TEZ_LIB_KERNELRUNTIME_FILE_H

#include "tez_kernel.h"
#include <map>
#include <string>
#include <vector>

namespace tez::runtime {

/// A kernel file whose records are what its manifest says.
class File {
public:
  /// Reads the file once. `publicKey`: PEM of the key that must have signed it; null: it need
  /// not be signed. Throws std::runtime_error.
  explicit File(const char *path, const char *publicKey = nullptr);

  /// Of the records below kernel/extra/native. The bytes live as long as this.
  tez_bytes find(const std::string &name) const;

private:
  std::map<std::string, std::vector<char>> records;
};

} // namespace tez::runtime

#endif // TEZ_LIB_KERNELRUNTIME_FILE_H

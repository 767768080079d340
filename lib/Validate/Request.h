//===- Request.h - A kernel on trial as bytes -------------------*- C++ -*-===//

#ifndef TEZ_LIB_VALIDATE_REQUEST_H
#define TEZ_LIB_VALIDATE_REQUEST_H

#include "Suite.h"
#include "mlir/IR/MLIRContext.h"
#include <optional>

namespace tez {

/// What one process asks another to judge.
struct Request {
  mlir::OwningOpRef<mlir::ModuleOp> lowered; ///< holds that of `file`
  std::shared_ptr<KernelUnderTest> file;
  std::vector<std::string> checks;
};

/// Of a file: the modules with their locations, weights, bytes, seed, budget. No more
/// (machine code, models of fewer bits): see who calls.
class RequestWriter {
public:
  explicit RequestWriter(const KernelUnderTest &file);
  /// Asks for these checks of it. The file is as it was.
  std::string write(llvm::ArrayRef<const Check *> checks) const;

private:
  const KernelUnderTest &file;
  std::string lowered, oracle; ///< as bytecode
};

/// Into `context`, which outlives the request; nullopt where its modules cannot be read there.
std::optional<Request> readRequest(llvm::StringRef bytes, mlir::MLIRContext &context);

/// One that has the dialects of kernels on trial, without threads.
std::unique_ptr<mlir::MLIRContext> makeRequestContext();

} // namespace tez

#endif // TEZ_LIB_VALIDATE_REQUEST_H

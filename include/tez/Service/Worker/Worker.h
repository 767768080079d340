//===- Worker.h - From blueprints to kernels --------------------*- C++ -*-===//

#ifndef TEZ_SERVICE_WORKER_WORKER_H
#define TEZ_SERVICE_WORKER_WORKER_H

#include "tez/Service/Worker/Compiler.h"
#include "tez/Service/Worker/ObjectStore.h"
#include "tez/Service/Worker/Registry.h"

namespace tez::worker {

struct WorkerOptions {
  std::string registry, token;             ///< URL; "": none
  std::string store;                       ///< folder, or s3://BUCKET[/PREFIX]
  std::string work;                        ///< folder for work under way, with a bucket
  std::string name;                        ///< unlike that of any other worker
  std::string compiler;                    ///< the program tez
  std::string signKey;                     ///< "": kernels are not signed
  std::string tier = "standard";           ///< of the first compilation
  std::vector<std::string> compileOptions; ///< base compilation does without them
  std::vector<std::string> baseOptions;    ///< of base compilation
  std::vector<std::string> onnxOptions;    ///< of the ONNX model where that fails as well
  std::string onnxChecker;                 ///< the program tez-onnx-check
  std::string webhook, webhookSecret;      ///< URL that is told of failures; "": none
  std::string metrics;                     ///< ADDRESS:PORT for Prometheus; "": none
  std::string traces;                      ///< folder for traces of jobs; "": none
  unsigned workers = 1;
  int64_t leaseSeconds = 30;
  bool once = false; ///< ends when the queue is empty
  CompilerLimits limits;
};

/// Until `stop`, or until the queue is empty. Claims are given back at the end.
/// Throws Refused and Unavailable when it cannot begin.
void runWorker(const WorkerOptions &options, Stop &stop);

} // namespace tez::worker

#endif // TEZ_SERVICE_WORKER_WORKER_H

//===- Export.cpp - A kernel as an ExportedProgram ------------------------===//

#include "Export.h"
#include "../Guard.h"
#include "ProgramJson.h"
#include "Trace.h"
#include "tez/Support/ZipWriter.h"

using namespace tez;
using namespace tez::program;

/// The records' folder, and the name of the one model in the archive (torch.export.load asks for
/// this one).
static constexpr const char *root = "kernel/", *model = "model";

/// The elements in their order in memory.
static llvm::StringRef bytesOf(const at::Tensor &tensor) {
  return {static_cast<const char *>(tensor.const_data_ptr()), tensor.nbytes()};
}

static std::string packArchive(const Program &program, const ProgramRequest &request) {
  ZipWriter writer;
  auto add = [&](const std::string &name, llvm::StringRef content) {
    writer.add(root + name, content);
  };
  std::string weights = "data/weights/", name = model;
  add("archive_format", "pt2");
  for (auto [i, state] : llvm::enumerate(program.state))
    add(weights + weightRecord(i), bytesOf(state.value));
  add(weights + name + "_weights_config.json", weightsConfigJson(program));
  add("data/constants/" + name + "_constants_config.json", "{\"config\": {}}");
  add("models/" + name + ".json", programJson(program, request));
  add("data/sample_inputs/" + name + ".pt", ""); // none
  add("archive_version", "0");
  add(".data/version", "6\n");
  add("byteorder", "little");
  return writer.finish();
}

llvm::Expected<std::optional<std::string>>
tez::exportProgram(ts::ModuleOp module, const WeightStore &weights, const ProgramRequest &request) {
  return guarded("export the kernel", [&]() -> std::optional<std::string> {
    std::optional<Program> program = trace(module, weights, request);
    if (!program)
      return std::nullopt;
    return packArchive(*program, request);
  });
}

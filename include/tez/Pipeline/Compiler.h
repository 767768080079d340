//===- Compiler.h - From a blueprint to a kernel file -----------*- C++ -*-===//

#ifndef TEZ_PIPELINE_COMPILER_H
#define TEZ_PIPELINE_COMPILER_H

#include "tez/Blueprint/Importer.h"
#include "tez/Pipeline/Identity.h"
#include "tez/Pipeline/Rewrites.h"
#include "tez/Report/Page.h"
#include "tez/Validate/Quantization.h"
#include "tez/Validate/References.h"
#include "tez/Validate/Validate.h"
#include <string>
#include <vector>

namespace tez {

enum class Purpose { Train, Infer };
llvm::StringRef name(Purpose purpose);

/// What numbers a kernel for inference is made of; its inputs and results stay
/// as the blueprint has them.
enum class Precision { Fp32, Bf16, Fp16, Int8 };
llvm::StringRef name(Precision precision);
std::optional<Precision> parsePrecision(llvm::StringRef name);

/// The phases in their order; `--stop-after` names them.
enum class Phase { Import, Simplify, Lower, Emit, Validate };
llvm::StringRef name(Phase phase);
std::optional<Phase> parsePhase(llvm::StringRef name);

/// Schedules of products, by processor and product (tez/Native/Schedule.h).
using ScheduleRecord = std::map<std::string, std::map<std::string, std::string>>;

/// The exit codes of `tez`.
enum class Outcome { Done = 0, BadBlueprint = 1, Usage = 2, Invalid = 3, Environment = 4 };

struct CompileOptions {
  Purpose purpose = Purpose::Train;
  std::string target = "cpu"; ///< cpu or cuda: the file is the same so far
  std::string tier = "standard";
  Precision precision = Precision::Fp32;
  QuantizationOptions quantization; ///< int8; its seed is that below
  /// Processors that machine code is made for, by tier aggressive for inference on
  /// the CPU in fp32; names of tez/Native/Target.h but "native".
  std::vector<std::string> cpus;
  ScheduleRecord schedules; ///< of this kernel's products, for its machine code
  std::string weights;      ///< a state dict; empty: default initialisation
  uint64_t seed = 0;
  bool torchscript = true, onnx = false; ///< what to make of it
  bool references = false;               ///< CompileResult::references of the ONNX model
  bool validate = true;
  bool program = false;            ///< also, or only, an ExportedProgram (.pt2)
  std::vector<std::string> checks; ///< of the validation suite; none: all
  double benchBudget = 30;         ///< milliseconds for measuring speed; 0: none
  /// Of the process that validates; its time on the clock is three times that of processor.
  ChildLimits suiteLimits = tez::suiteLimits;
  /// A kernel file that is judged in place of the one that is emitted.
  std::optional<std::string> given;
  std::optional<Phase> stopAfter;
  std::vector<std::string> disabledPasses;
  std::vector<std::string> plugins;      ///< pass plugins to load
  std::vector<std::string> pluginPasses; ///< their passes, run after simplify, by flag
  blueprint::ImportOptions import;
  RewriteChoice rewrites;
  std::string remarks; ///< categories whose remarks the sink gets, a regular expression; or none
  std::vector<std::string> printBefore, printAfter; ///< flags of passes, or "all"
  bool statistics = false, timing = false;
  bool identifyOnly = false; ///< stop once the kernel's ids are known
  std::string cache;         ///< a folder of kernels made before; empty: none
  std::string repackedFrom;  ///< SHA-256 of the kernel file this one is made from; or none
  bool depict = false;       ///< for a report: CompileResult::depiction
};

/// One execution of a pass.
struct PassStatistics {
  std::string pass; ///< its flag
  unsigned opsBefore = 0, opsAfter = 0;
  unsigned rewrites = 0; ///< that it applied
};

/// What a cache of compilations said.
struct CacheAnswer {
  bool hit = false;
  std::string explanation; ///< lines: which entry, or what of the nearest differs
};

struct PhaseTime {
  Phase phase;
  double milliseconds;
};

/// What a report shows of the kernel itself.
struct Depiction {
  std::string title; ///< the blueprint's name, if it has one
  report::Graph before;
  std::optional<report::Graph> after; ///< optimization; none where it failed
  std::vector<report::CostRow> costs;
  std::string costNote;
};

struct CompileResult {
  Outcome outcome = Outcome::BadBlueprint;
  std::string bytes;        ///< the kernel file; empty unless done
  std::string onnx;         ///< the model, if asked for
  std::string onnxMetadata; ///< JSON: KernelMetadata of the model, without ids
  std::vector<ReferenceCall> references;
  std::optional<Identity> identity; ///< without stopAfter
  std::string evidence;             ///< evidence.json of the file
  /// With a cache: did it have the kernel, and why not. `verdicts` and
  /// `quantization` of a kernel it had are those of `evidence` alone.
  std::optional<CacheAnswer> cache;
  std::string ir; ///< with stopAfter: the IR after that phase
  int64_t parameterCount = 0;
  std::vector<Verdict> verdicts;
  RewriteList rewrites; ///< those applied, if they are counted; also of a failed compilation
  std::vector<PassStatistics> statistics; ///< if asked for
  std::vector<PhaseTime> times;
  std::optional<QuantizationPlan> quantization; ///< int8
  std::optional<Depiction> depiction;           ///< if asked for; also of a failed compilation
  std::string program;                          ///< the .pt2 archive, if asked for
};

/// Compiles one blueprint in an MLIRContext of its own. Every finding goes to
/// `sink`, located in `source`. Any number of calls may follow each other in a
/// process; not from several threads at once (libtorch's settings are global).
CompileResult compile(const json::Source &source, const CompileOptions &options,
                      json::DiagnosticSink &sink);

/// The schedules for the kernel's products on options.cpus: those of `known`; with `measures` the
/// others by measurement on this machine (tez/Native/Tune.h). nullopt after an error in `sink`.
std::optional<ScheduleRecord> findSchedules(const json::Source &source,
                                            const CompileOptions &options,
                                            json::DiagnosticSink &sink, const ScheduleRecord &known,
                                            bool measures);

} // namespace tez

#endif // TEZ_PIPELINE_COMPILER_H

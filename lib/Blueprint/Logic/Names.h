//===- Names.h - The names that a text may use ------------------*- C++ -*-===//

#ifndef TEZ_LIB_BLUEPRINT_LOGIC_NAMES_H
#define TEZ_LIB_BLUEPRINT_LOGIC_NAMES_H

#include "Translator.h"

namespace tez::blueprint::logic {

/// What a name means that no variable has: torch, nn, F, math, len ...
std::optional<Thing> globalName(const std::string &name);

/// The member of a name: torch.nn, F.silu, math.sqrt, nn.Linear ...
std::optional<Thing> memberOf(const std::string &names, const std::string &member);

/// May this be imported: it names what is known anyway.
bool isKnownImport(const python::Stmt &import);

/// The functions that self has from nn.Module: register_buffer ...
bool isSelfFunction(const std::string &name);

/// A JSON value of the config as a thing; nullopt for none (a NaN).
std::optional<Thing> thingOf(const json::Value &value);

/// The arguments of a call by the names of the function's parameters.
class Arguments {
public:
  Arguments(Translator &t, std::string function) : t(t), function(std::move(function)) {}

  /// `parameters`: "input dim=0 *sizes". False after an error.
  bool bind(llvm::StringRef parameters, Things positional, Variables keywords);

  bool has(llvm::StringRef name) const;
  const Thing &operator[](llvm::StringRef name) const;
  mlir::Value tensor(llvm::StringRef name = "input") const;
  int64_t integer(llvm::StringRef name, int64_t fallback) const;
  double number(llvm::StringRef name, double fallback) const;
  bool boolean(llvm::StringRef name, bool fallback) const;
  std::vector<int64_t> integers(llvm::StringRef name) const; ///< one, or a list of them

  Translator &t;
  std::string function;

private:
  Variables values;
  Thing nothing;
};

/// A function of torch, torch.nn.functional or a tensor: the names of its
/// parameters and how it becomes esper.
struct FunctionRow {
  const char *name;
  const char *where; ///< t: torch, f: torch.nn.functional, m: a tensor's method
  const char *parameters;
  Thing (*build)(Translator &, const Arguments &);
};
using FunctionTable = std::vector<FunctionRow>;
const FunctionRow *findFunction(llvm::StringRef name, char where);
FunctionTable elementFunctions();
FunctionTable reductionFunctions();
FunctionTable shapeFunctions();
FunctionTable layerFunctions();
FunctionTable makerFunctions();
FunctionTable drawnFunctions();
FunctionTable attentionFunctions();
FunctionTable functionsOfLayers();
FunctionTable einsumFunctions();
FunctionTable copyFunctions();

/// A tensor of floats of these sizes (numbers, or sizes known at run time), `number` everywhere;
/// null after an error.
mlir::Value filled(Translator &t, const Things &sizes, double number);
/// The same of the argument "size".
mlir::Value sized(Translator &t, const Arguments &a, double number);

/// The flag of ops that draw numbers here: training's under `if self.training`, else true; null
/// after an error.
mlir::Value drawingMode(Translator &t);

/// A class of the closed list from the arguments of its constructor; null after an error, in which
/// it is called `what`.
std::shared_ptr<Module> layerOf(Translator &t, const std::string &name, const Variables &arguments,
                                const std::string &what);

// Containers.cpp
Thing makeContainer(Translator &t, const std::string &name, const Things &arguments);
Thing makeModuleDict(Translator &t, const Things &arguments);
/// Lists and dictionaries in it are other objects.
Thing deepCopy(const Thing &thing);

/// The tensor of a mask of attention; null after an error. torch takes numbers and booleans there,
/// and a text does not tell which an input is, so one that comes as it was given is refused.
/// `mask`: what errors call it; `example`: how it is made in forward.
mlir::Value maskOfAttention(Translator &t, const Thing &thing, const llvm::Twine &mask,
                            llvm::StringRef example);

/// object[at] where `at` is a tensor of indices or a mask.
Thing takeAt(Translator &t, mlir::Value object, const Thing &at);
/// `object` with `object[at]` replaced.
mlir::Value putAt(Translator &t, mlir::Value object, const Thing &at, const Thing &value);
/// How often each of `count` indices occurs, as integers.
mlir::Value countIndices(Translator &t, mlir::Value indices, int64_t count);
Thing sparseMethod(Translator &t, const Thing &object, const std::string &name, Things &arguments);

} // namespace tez::blueprint::logic

#endif // TEZ_LIB_BLUEPRINT_LOGIC_NAMES_H

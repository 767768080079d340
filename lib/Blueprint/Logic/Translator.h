//===- Translator.h - A class of torch.nn.Module to esper -------*- C++ -*-===//
//
// Walks the tree of the text as Python would run it, once: `__init__` with the
// values of the blueprint's config, then `forward` with the kernel's inputs. What
// is known is computed, the rest becomes ops. After the first error, which has
// been reported, every function returns at once.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_BLUEPRINT_LOGIC_TRANSLATOR_H
#define TEZ_LIB_BLUEPRINT_LOGIC_TRANSLATOR_H

#include "Thing.h"
#include "llvm/ADT/DenseSet.h"
#include <map>

namespace tez::blueprint::logic {

/// The class of a text, in its parts.
struct ClassText {
  std::string name;
  std::map<std::string, const python::Stmt *> methods;
  std::vector<const python::Stmt *> constants; ///< assignments in the body of the class

  const python::Stmt *find(const std::string &method) const {
    auto found = methods.find(method);
    return found == methods.end() ? nullptr : found->second;
  }
};

/// What a translation learns about an input, for the next one to start from.
struct InputGuess {
  std::string name;
  llvm::SmallVector<int64_t> dims; ///< kAnySize: open
  bool optional = false, integer = false;

  mlir::RankedTensorType type(mlir::MLIRContext *context) const;
  /// Makes `rank` dimensions of it; those at the end stay.
  void setRank(int64_t rank);
  bool operator==(const InputGuess &other) const {
    return dims == other.dims && integer == other.integer;
  }
};

/// Where a place of the text lies in the blueprint's file.
using Locate = std::function<mlir::Location(const python::Place &)>;

/// At an op that is right for one rank of its operand only.
inline constexpr llvm::StringLiteral kCountsDims = "tez.counts_dims";

using Variables = std::map<std::string, Thing>;

class Translator {
public:
  Translator(NetBuilder &net, const ClassText &text, const Variables &config, Locate locate,
             std::vector<InputGuess> &guesses)
      : net(net), text(text), config(config), locate(std::move(locate)), guesses(guesses) {}

  /// The results of forward; empty after an error.
  Values run(mlir::ValueRange inputs);

  python::Place at; ///< what is being translated
  bool failed = false;

  // Errors -------------------------------------------------------------------
  Thing fail(const llvm::Twine &message);
  void warn(const llvm::Twine &message);
  void moveTo(const python::Place &place);

  // Expressions (Expressions.cpp, Calls.cpp) -----------------------------------
  Thing evaluate(const python::Expr &expr);
  Things evaluateAll(const python::Expr &expr); ///< elements, `*` resolved
  Thing call(const python::Expr &expr);
  Thing callMethod(const python::Stmt &method, Things positional, Variables keywords);
  Thing callModule(Module &module, Things positional, Variables keywords); // ModuleCalls.cpp
  Thing attribute(const Thing &object, const std::string &name);
  Thing subscript(const Thing &object, const python::Expr &index);

  // Arithmetic (Arithmetic.cpp) ------------------------------------------------
  Thing binary(llvm::StringRef op, const Thing &left, const Thing &right);
  Thing compare(llvm::StringRef op, const Thing &left, const Thing &right);
  Thing negate(const Thing &condition);
  Thing both(const Thing &left, const Thing &right);
  Thing either(const Thing &left, const Thing &right);
  /// `left` where the condition holds, `right` where not.
  Thing choose(const Thing &condition, const Thing &left, const Thing &right);

  // Tensors (Tensors.cpp) ------------------------------------------------------
  /// The tensor that a thing is or stands for; of `like`'s element type where it is
  /// a number. Null after an error.
  mlir::Value tensorOf(const Thing &thing, mlir::Value like = {});
  mlir::Value full(mlir::Value like, double value, llvm::ArrayRef<int64_t> shape);
  mlir::Value fullLike(mlir::Value like, double value);
  mlir::Value activation(llvm::StringRef kind, mlir::Value input,
                         llvm::ArrayRef<double> parameters = {});
  /// Of sums of squares. Where they are zero it has the gradient 0, as torch gives it to norms and
  /// deviations.
  mlir::Value root(mlir::Value sums);
  mlir::Value reduce(mlir::Value input, esper::ReduceKind kind, llvm::ArrayRef<int64_t> dims,
                     bool keepdim, int64_t correction = 1);
  mlir::Value toFloat(mlir::Value value);
  mlir::Value toInteger(mlir::Value value, unsigned bits = 64);
  mlir::Value anyFloat(); ///< some floating value, for its type and device
  Thing sizeOf(mlir::Value value, int64_t dim);
  mlir::Value sizeAsTensor(const Thing &size);
  mlir::Value numelOf(mlir::Value value);
  mlir::Value reshape(mlir::Value value, const Things &shape);
  mlir::Value withType(mlir::Value value, mlir::RankedTensorType type); ///< as copy_ converts
  /// The numbers of a shape; an error for one that is known at run time.
  std::optional<std::vector<int64_t>> staticShape(const Things &sizes);
  mlir::Value training(llvm::StringRef path) {
    mlir::Value &mode = modes[path];
    return mode ? mode : mode = net.training(path);
  }
  mlir::Value copied(mlir::Value value); ///< another object of the same numbers
  Thing detached(mlir::Value value);
  bool expects(mlir::Value made); ///< false, and failed, for a null

  // What is learnt about inputs (Inputs.cpp, Origins.cpp) -----------------------------------
  void learn(mlir::Value value, mlir::RankedTensorType wanted);
  void learnLast(mlir::Value value, int64_t size);
  void learnInteger(mlir::Value value);
  void learnRank(mlir::Value value, int64_t rank);
  /// Is it an input of forward or a view of one: then the element type is a guess.
  static bool isAsGiven(mlir::Value value);
  /// The input and its dimension that a dimension of a value is.
  static std::pair<mlir::Value, int64_t> originOf(mlir::Value value, int64_t dim);

  // State (State.cpp) ------------------------------------------------------------
  Thing initialFunction(llvm::StringRef name, Things &arguments, Variables &keywords);
  Thing initialise(llvm::StringRef function, Things &arguments, Variables &keywords);
  Thing construct(const std::string &name, Things arguments, Variables keywords);
  void assignSelf(const std::string &name, Thing value);
  void registerBuffer(const std::string &name, const Thing &value);
  void updateBuffer(const std::string &name, mlir::Value value, bool inPlace);

  // Containers (Containers.cpp) ----------------------------------------------------
  /// append, extend, keys ... of a list, a dictionary or a container of modules.
  Thing containerMethod(const Thing &object, llvm::StringRef name, const Things &arguments);

  // Statements (Statements.cpp) ---------------------------------------------------
  void assign(const python::Expr &target, Thing value);
  void assignIndexed(const python::Expr &target, const Thing &value);
  /// Gives the object that `target` names another value, under all its names.
  Thing changeInPlace(const python::Expr &target, const Thing &value);
  void showChange(mlir::Value before, mlir::Value now);

  NetBuilder &net;
  bool inInit = false;
  Variables locals;
  std::map<std::string, Thing> attributes; ///< of self
  std::map<std::string, mlir::Value> buffers;
  mlir::Value trainingGate;            ///< set while what only training runs is translated
  llvm::DenseSet<mlir::Value> aliases; ///< by detach(): of the memory of another tensor
  unsigned masked = 0;                 ///< branches around that hang on a tensor
  unsigned gated = 0;                  ///< branches around that only evaluation runs
  /// The variables in front of each branch around that is chosen at run time.
  llvm::SmallVector<const Variables *> forks;

private:
  enum class Flow : uint8_t { On, Returned };
  /// What a branch may change.
  struct Scene {
    Variables locals;
    std::map<std::string, mlir::Value> buffers;
  };
  Flow execute(const python::Block &block, size_t from = 0);
  Flow executeOne(const python::Stmt &stmt);
  Flow executeIf(const python::Stmt &stmt, const python::Block &block, size_t next);
  Flow executeUnder(const Thing &condition, bool value, llvm::function_ref<Flow()> body);
  Flow executeBranch(const Thing &condition, bool value, const python::Stmt &stmt);
  Flow executeFor(const python::Stmt &stmt);
  Flow executeWith(const python::Stmt &stmt);
  Flow executeWithoutGradient(const python::Block &block);
  bool isNoGradCall(const python::Expr &expr);
  void refine(const python::Expr &condition, bool holds);
  void merge(const Thing &condition, Scene left, Scene right);
  Thing conditional(const python::Expr &expr);
  Thing comprehension(const python::Expr &expr);
  Thing shortCircuit(const python::Expr &expr);
  Thing comparison(const python::Expr &expr);
  Thing unary(const python::Expr &expr);
  Thing arithmetic(llvm::StringRef op, const Thing &left, const Thing &right);
  Thing sparseBinary(llvm::StringRef op, const Thing &left, const Thing &right);
  mlir::Value tensorBinary(llvm::StringRef op, mlir::Value left, mlir::Value right);
  mlir::Value floorDivision(mlir::Value left, mlir::Value right);
  Thing tensorWithNumber(llvm::StringRef op, mlir::Value tensor, const Thing &number, bool swapped);
  bool promote(mlir::Value &left, mlir::Value &right);
  Thing callBuiltin(const std::string &name, Things &arguments);
  Thing callFunction(const python::Expr &expr, const Thing &callee, Things arguments,
                     Variables keywords);
  bool bindParameters(const python::Stmt &method, Things &positional, Variables &keywords,
                      Variables &into);
  mlir::Value fallbackFor(mlir::RankedTensorType type);
  void createState(Module &module);
  void namePaths(Module &module, const std::string &path);
  Thing addModules(Module &container, llvm::StringRef name, const Things &arguments);
  bool runInit();
  bool bindInputs(mlir::ValueRange inputs);
  void orderState();
  void removeUnused(mlir::Operation *kept);
  std::optional<Things> iterable(const Thing &thing);
  bool isKnown(mlir::Value value) const;
  Scene scene() const { return {locals, buffers}; }
  void restore(Scene to) {
    locals = std::move(to.locals);
    buffers = std::move(to.buffers);
  }
  /// A condition that is known; nullopt for one that hangs on tensors or modes.
  std::optional<bool> known(const Thing &condition);
  Thing maskOf(const Thing &condition);
  mlir::Value flagOf(const Thing &flag);

  const ClassText &text;
  const Variables &config;
  Locate locate;
  std::vector<InputGuess> &guesses;
  mlir::ValueRange inputs;
  Thing result;
  unsigned steps = 0, calls = 0;
  llvm::StringMap<mlir::Value> modes;
  llvm::SmallVector<mlir::Operation *> ownParams, ownBuffers;
  std::vector<std::shared_ptr<Module>> ownModules; ///< as the class registers them
};

} // namespace tez::blueprint::logic

#endif // TEZ_LIB_BLUEPRINT_LOGIC_TRANSLATOR_H

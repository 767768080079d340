//===- NetBuilder.h - Builds a kernel's body with torch's names -*- C++ -*-===//

#ifndef TEZ_BLUEPRINT_NETBUILDER_H
#define TEZ_BLUEPRINT_NETBUILDER_H

#include "tez/Blueprint/Importer.h"
#include "tez/Dialect/Esper/Create.h"
#include "tez/Json/Value.h"
#include "llvm/ADT/StringMap.h"

namespace tez::blueprint {

/// NameLoc(path, NameLoc(pointer, file:line:col)): what a diagnostic needs to
/// name the field.
mlir::Location locationOf(mlir::MLIRContext *context, const json::Value &place);

/// Joins parts of a state-dict name; an empty part adds nothing.
std::string joinPath(llvm::StringRef path, llvm::StringRef name);

/// Why no submodule, parameter or buffer can have this name, a part of a path
/// between dots; empty when one can.
llvm::StringRef faultOfStatePart(llvm::StringRef part);

/// The state created so far, against the limits.
class StateBudget {
public:
  explicit StateBudget(const Limits &limits) : limits(limits) {}

  /// Counts one parameter or buffer before it is created. False after an
  /// error, reported at `location`, when a limit is exceeded or a state dict
  /// cannot hold the name.
  bool take(mlir::Location location, llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
            mlir::Type element, bool trainable);

private:
  Limits limits;
  int64_t parameters = 0, bytes = 0;
};

/// A builder inside the kernel's body. Ops get the current location, which
/// importers move from field to field. State is created at the place of its
/// first use, in torch's order; its limits are checked before it is created.
class NetBuilder {
public:
  NetBuilder(mlir::OpBuilder builder, mlir::Location location, const Limits &limits)
      : builder(builder), location(location), budget(limits), mostLayers(limits.layers),
        layersLeft(limits.layers) {}

  mlir::OpBuilder &ops() { return builder; }
  mlir::MLIRContext *context() { return builder.getContext(); }
  mlir::Location loc() const { return location; }
  void at(mlir::Location place) {
    if (!held)
      location = place;
  }
  /// Ops get `place` until it is let go, whatever fields a layer was read from.
  void holdAt(mlir::Location place) {
    location = place;
    held = true;
  }
  void letGo() { held = false; }

  /// Null after an error, which has been reported at loc().
  template <typename Op, typename... Args> Op create(Args &&...args) {
    return esper::createChecked<Op>(builder, location, std::forward<Args>(args)...);
  }

  /// A parameter `path.name` (f32). Null when a limit is exceeded.
  mlir::Value parameter(llvm::StringRef path, llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
                        esper::InitAttr init);
  /// A buffer; `type` null means f32.
  mlir::Value buffer(llvm::StringRef path, llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
                     double value, mlir::Type type = {});
  mlir::Value buffer(llvm::StringRef path, llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
                     esper::InitAttr init, mlir::Type type);
  /// The training flag of the submodule `path`.
  mlir::Value training(llvm::StringRef path);
  /// What becomes of the buffer `path.name`: an entry of the terminator's updates.
  void update(llvm::StringRef path, llvm::StringRef name, mlir::Value value);

  /// Says that torch's layer means something else, or nothing, where `value` has
  /// another rank: the kernel then refuses inputs of another rank than declared.
  void fixRank(mlir::Value value) { rankFixed.push_back(value); }

  /// What was said about updates and ranks so far, to take back what comes after.
  struct Mark {
    size_t updates, ranks;
  };
  Mark mark() const { return {pendingUpdates.size(), rankFixed.size()}; }
  void rewind(Mark to) {
    pendingUpdates.resize(to.updates);
    rankFixed.resize(to.ranks);
  }

  /// From now on who asks for state of a name that exists gets it, as a module that is called
  /// twice does. Without this it is an error.
  void shareState() { sharesState = true; }
  /// The parameter or buffer of this name; null when there is none.
  mlir::Value state(llvm::StringRef name) const { return states.lookup(name); }

  esper::InitAttr uniform(double low, double high);
  esper::InitAttr normal(double mean, double deviation, int64_t zeroRow = -1);
  esper::InitAttr constant(double value);

  /// Counts one layer or block; false after an error when there are too many.
  bool countLayer();

  llvm::ArrayRef<std::pair<std::string, mlir::Value>> updates() const { return pendingUpdates; }

  /// The kernel's arguments on which a fixed rank depends, ascending.
  llvm::SmallVector<unsigned> argumentsOfFixedRank() const;

private:
  template <typename Op>
  mlir::Value createState(const std::string &name, llvm::ArrayRef<int64_t> shape,
                          mlir::Type element, esper::InitAttr init);

  mlir::OpBuilder builder;
  mlir::Location location;
  bool held = false, sharesState = false;
  llvm::StringMap<mlir::Value> states;
  StateBudget budget;
  int64_t mostLayers, layersLeft;
  std::vector<std::pair<std::string, mlir::Value>> pendingUpdates;
  llvm::SmallVector<mlir::Value> rankFixed;
};

} // namespace tez::blueprint

#endif // TEZ_BLUEPRINT_NETBUILDER_H

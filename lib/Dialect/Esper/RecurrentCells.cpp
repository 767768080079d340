//===- RecurrentCells.cpp - One step of a recurrence ----------------------===//

#include "RecurrentRules.h"
#include "tez/Dialect/Esper/Esper.h"

using namespace mlir;
using namespace tez::esper;

/// The shape (batch, H) of the next state; nullopt after an error.
template <typename Adaptor>
static std::optional<Dims> checkCell(std::optional<Location> location, Adaptor op, int64_t gates) {
  auto refuse = [&](auto &&...parts) {
    (void)emitOptionalError(location, std::forward<decltype(parts)>(parts)...);
    return std::nullopt;
  };
  ArrayRef<int64_t> input = shapeOf(op.getInput()), wHh = shapeOf(op.getWHh());
  if (input.size() != 2) // C1
    return refuse("input must have rank 2, found ", dimsToString(input));
  bool known = wHh.size() == 2 && !isDynamic(wHh[1]);
  std::optional<int64_t> rows = known ? multiplyDims({gates, wHh[1]}) : std::nullopt;
  if (!rows || !dimsAgree(wHh[0], *rows)) // C2
    return refuse("w_hh must have shape (", gates, " * hidden_size, hidden_size), found ",
                  dimsToString(wHh));
  if (failed(checkShape(location, "w_ih", op.getWIh(), {*rows, input[1]}))) // C2
    return std::nullopt;
  if (bool(op.getBIh()) != bool(op.getBHh())) // C3
    return refuse("b_ih and b_hh must both be given or both be absent");
  Dims state = {input[0], wHh[1]};
  if (failed(checkShape(location, "b_ih", op.getBIh(), {*rows})) || // C3
      failed(checkShape(location, "b_hh", op.getBHh(), {*rows})) ||
      failed(checkShape(location, "h", op.getH(), state))) // C4
    return std::nullopt;
  return state;
}

LogicalResult LstmCellOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                           Adaptor op, SmallVectorImpl<Type> &types) {
  std::optional<Dims> state = checkCell(location, op, /*gates=*/4);
  if (!state)
    return failure();
  if (bool(op.getH()) != bool(op.getC())) // C4
    return emitOptionalError(location, "h and c must both be given or both be absent");
  if (failed(checkShape(location, "c", op.getC(), *state))) // C4
    return failure();
  (void)inferred(*state, op.getInput(), types);
  return inferred(*state, op.getInput(), types);
}

LogicalResult GruCellOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  std::optional<Dims> state = checkCell(location, op, /*gates=*/3);
  return state ? inferred(*state, op.getInput(), types) : failure();
}

LogicalResult RnnCellOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  if (!isNonlinearity(op.getNonlinearity())) // C5
    return emitOptionalError(location, "nonlinearity must be tanh or relu, found ",
                             op.getNonlinearity());
  std::optional<Dims> state = checkCell(location, op, /*gates=*/1);
  return state ? inferred(*state, op.getInput(), types) : failure();
}

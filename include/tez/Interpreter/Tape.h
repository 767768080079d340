//===- Tape.h - Reverse-mode differentiation --------------------*- C++ -*-===//
//
// A function on Variables computes its value at once and, if an operand is
// tracked, appends one node to the tape: for each tracked operand a closure
// that turns the gradient of the result into that of the operand (Linnainmaa's
// reverse mode; one vector-Jacobian product per operand). A function composed of
// such functions has its gradient for nothing.
//
// A tape and its variables belong to one thread. The tape must outlive calls
// that use its variables; values may outlive the tape.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_INTERPRETER_TAPE_H
#define TEZ_INTERPRETER_TAPE_H

#include "tez/Interpreter/Tensor.h"

#include <functional>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace tez::interp {

class Tape;
struct Edge;

/// A value and, if it is tracked, its node in a tape. Cheap to copy. Any Tensor
/// converts to an untracked Variable, which is how constants are passed.
class Variable {
public:
  Variable() = default;
  Variable(Tensor value) : data(std::move(value)) {}

  const Tensor &value() const { return data; }
  const Shape &shape() const { return data.shape(); }
  int64_t rank() const { return data.rank(); }
  int64_t dim(int64_t index) const { return data.dim(index); }
  bool defined() const { return data.defined(); }
  bool tracked() const { return tape != nullptr; }

private:
  friend class Tape;
  friend Variable record(Tensor value, std::vector<Edge> edges);

  Tensor data;
  Tape *tape = nullptr;
  size_t node = 0;
};

/// The gradient of one variable while it is being summed up.
class GradientSum {
public:
  bool defined() const { return total.defined(); }
  const Tensor &value() const { return total; }
  /// Adds a whole tensor; the first one is taken without a copy.
  void add(Tensor term);
  /// Writable storage of the sum (zeros at first), for operations that touch
  /// few elements of a large operand.
  double *buffer(const Shape &shape);

private:
  void own();
  Tensor total;
};

/// What a recorded function knows about one operand.
struct Edge {
  using Backward = std::function<void(const Tensor &upstream, GradientSum &gradient)>;

  /// `backward` is either a Backward or returns the operand's gradient as a
  /// Tensor of the operand's shape.
  template <typename F> Edge(const Variable &operand, F backward) : operand(operand) {
    if (!operand.tracked())
      return;
    if constexpr (std::is_invocable_r_v<Tensor, F, const Tensor &>)
      this->backward = [backward = std::move(backward)](const Tensor &upstream,
                                                        GradientSum &gradient) {
        gradient.add(backward(upstream));
      };
    else
      this->backward = std::move(backward);
  }

  Variable operand;
  Backward backward;
};

/// Makes the result of a function: tracked if an operand of `edges` is.
Variable record(Tensor value, std::vector<Edge> edges);

class Tape {
public:
  /// With `recording` off every leaf is untracked and nothing is recorded.
  explicit Tape(bool recording = true) : recording(recording) {}
  Tape(const Tape &) = delete;
  Tape &operator=(const Tape &) = delete;

  /// A variable whose gradient is wanted.
  Variable leaf(Tensor value);

  /// Keeps the gradient of a variable that is not a leaf.
  void retain(const Variable &variable);

  /// Runs from the last node to the first; without recursion, and each closure
  /// is released after its use, so a tape can be run backward once. Untracked
  /// roots are ignored; a root given twice counts twice.
  void backward(const std::vector<std::pair<Variable, Tensor>> &roots);

  /// The gradient of a leaf or retained variable after `backward`: nothing if no
  /// root depends on it, zeros if one does but the derivative vanishes.
  std::optional<Tensor> gradient(const Variable &variable) const;

  size_t numNodes() const { return nodes.size(); }

private:
  friend Variable record(Tensor value, std::vector<Edge> edges);

  struct Node {
    std::vector<std::pair<size_t, Edge::Backward>> operands;
    GradientSum gradient;
    bool keepsGradient = false;
  };
  size_t append(Node node);

  bool recording;
  std::vector<Node> nodes;
};

/// The same values without gradient.
inline Variable detach(const Variable &x) { return Variable(x.value()); }

} // namespace tez::interp

#endif // TEZ_INTERPRETER_TAPE_H

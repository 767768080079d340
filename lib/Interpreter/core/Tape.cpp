//===- Tape.cpp -----------------------------------------------------------===//

#include "tez/Interpreter/Tape.h"

#include <cassert>

namespace tez::interp {

void GradientSum::own() {
  if (!total.unique())
    total = total.clone();
}

void GradientSum::add(Tensor term) {
  if (!defined()) {
    total = std::move(term);
    return;
  }
  assert(total.shape() == term.shape() && "gradients of one variable have its shape");
  own();
  double *sum = total.mutableData();
  const double *terms = term.data();
  for (int64_t i = 0, e = total.size(); i < e; ++i)
    sum[i] += terms[i];
}

double *GradientSum::buffer(const Shape &shape) {
  if (!defined())
    total = Tensor(shape);
  assert(total.shape() == shape && "gradients of one variable have its shape");
  own();
  return total.mutableData();
}

Variable record(Tensor value, std::vector<Edge> edges) {
  Variable result(std::move(value));
  Tape::Node node;
  for (Edge &edge : edges) {
    if (!edge.operand.tracked())
      continue;
    assert((!result.tape || result.tape == edge.operand.tape) && "operands of two tapes");
    result.tape = edge.operand.tape;
    node.operands.emplace_back(edge.operand.node, std::move(edge.backward));
  }
  if (result.tape)
    result.node = result.tape->append(std::move(node));
  return result;
}

size_t Tape::append(Node node) {
  nodes.push_back(std::move(node));
  return nodes.size() - 1;
}

Variable Tape::leaf(Tensor value) {
  Variable result(std::move(value));
  if (!recording)
    return result;
  Node node;
  node.keepsGradient = true;
  result.tape = this;
  result.node = append(std::move(node));
  return result;
}

void Tape::retain(const Variable &variable) {
  if (variable.tape == this)
    nodes[variable.node].keepsGradient = true;
}

void Tape::backward(const std::vector<std::pair<Variable, Tensor>> &roots) {
  for (const auto &[root, upstream] : roots) {
    assert(root.shape() == upstream.shape() && "an upstream gradient has its root's shape");
    if (root.tape == this)
      nodes[root.node].gradient.add(upstream);
  }
  // Operands come before their users, so one sweep sees every sum complete.
  for (size_t i = nodes.size(); i-- > 0;) {
    Node &node = nodes[i];
    if (node.gradient.defined())
      for (auto &[operand, run] : node.operands)
        run(node.gradient.value(), nodes[operand].gradient);
    node.operands = {};
    if (!node.keepsGradient)
      node.gradient = {};
  }
}

std::optional<Tensor> Tape::gradient(const Variable &variable) const {
  if (variable.tape != this || !nodes[variable.node].gradient.defined())
    return std::nullopt;
  return nodes[variable.node].gradient.value();
}

} // namespace tez::interp

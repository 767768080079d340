//===- Value.cpp - Handles to the values of a document --------------------===//

#include "tez/Json/Value.h"

#include "Nodes.h"
#include "tez/Json/Document.h"
#include "tez/Json/Text.h"

#include <charconv>

using namespace tez::json;

Span Value::span() const {
  const Node &at = (*owner->nodes)[node];
  return {at.begin, at.end};
}

std::string_view Value::source() const {
  return owner->text.text().substr(span().begin, span().end - span().begin);
}

Position Value::position() const { return owner->text.position(span().begin); }

Kind Value::kind() const {
  switch (owner->text.text()[span().begin]) {
  case '{':
    return Kind::Object;
  case '[':
    return Kind::Array;
  case '"':
    return Kind::String;
  case 't':
  case 'f':
    return Kind::Boolean;
  case 'n':
    return Kind::Null;
  default:
    return Kind::Number;
  }
}

bool Value::isIntegerToken() const {
  return kind() == Kind::Number && source().find_first_of(".eE") == std::string_view::npos;
}

std::optional<bool> Value::boolean() const {
  if (kind() != Kind::Boolean)
    return std::nullopt;
  return source() == "true";
}

/// The whole token as a number of type T, if it is in range.
template <typename T> static std::optional<T> convert(std::string_view token) {
  T value{};
  auto [end, code] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (code != std::errc() || end != token.data() + token.size())
    return std::nullopt;
  return value;
}

std::optional<int64_t> Value::integer() const {
  return isIntegerToken() ? convert<int64_t>(source()) : std::nullopt;
}

std::optional<double> Value::number() const {
  if (kind() != Kind::Number)
    return std::nullopt;
  // The parser let no number through that is too large; what from_chars still
  // puts out of range is nearest to zero.
  std::string_view token = source();
  return convert<double>(token).value_or(token.starts_with('-') ? -0.0 : 0.0);
}

std::optional<std::string_view> Value::string() const {
  if (kind() != Kind::String)
    return std::nullopt;
  return contentOf(owner->text.text(), *owner->nodes, node);
}

std::optional<Array> Value::array() const {
  if (kind() != Kind::Array)
    return std::nullopt;
  return Array(*this);
}

std::optional<Object> Value::object() const {
  if (kind() != Kind::Object)
    return std::nullopt;
  return Object(*this);
}

std::optional<Value> Value::parent() const {
  NodeId up = (*owner->nodes)[node].parent;
  if (up == kNoNode)
    return std::nullopt;
  return Value(*owner, up);
}

std::optional<std::string_view> Value::key() const {
  std::optional<Value> holder = parent();
  if (!holder || holder->kind() != Kind::Object)
    return std::nullopt;
  return contentOf(owner->text.text(), *owner->nodes, node - 1);
}

std::optional<size_t> Value::index() const {
  std::optional<Value> holder = parent();
  if (!holder || holder->kind() != Kind::Array)
    return std::nullopt;
  return (*owner->nodes)[node].index;
}

Span Value::keySpan() const {
  std::optional<Value> holder = parent();
  if (!holder || holder->kind() != Kind::Object)
    return span();
  const Node &name = (*owner->nodes)[node - 1];
  return {name.begin, name.end};
}

size_t Array::size() const { return (*self.owner->nodes)[self.node].size; }
Array::Iterator Array::begin() const { return Iterator(*self.owner, self.node + 1); }
Array::Iterator Array::end() const {
  return Iterator(*self.owner, (*self.owner->nodes)[self.node].next);
}

Array::Iterator &Array::Iterator::operator++() {
  node = nodeAfter(owner->text.text(), *owner->nodes, node);
  return *this;
}

size_t Object::size() const { return (*self.owner->nodes)[self.node].size; }
Object::Iterator Object::begin() const { return Iterator(*self.owner, self.node + 1); }
Object::Iterator Object::end() const {
  return Iterator(*self.owner, (*self.owner->nodes)[self.node].next);
}

Member Object::Iterator::operator*() const {
  return {contentOf(owner->text.text(), *owner->nodes, node), Value(*owner, node + 1)};
}

Object::Iterator &Object::Iterator::operator++() {
  node = nodeAfter(owner->text.text(), *owner->nodes, node + 1);
  return *this;
}

std::optional<Value> Object::find(std::string_view key) const {
  for (Member member : *this)
    if (member.key == key)
      return member.value;
  return std::nullopt;
}

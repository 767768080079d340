//===- SourceLocals.cpp - What the locals of a function are ---------------===//

#include "SourceLocals.h"

using namespace tez::source;
using llvm::StringRef;

const Local *Locals::find(StringRef name) const {
  auto found = known.find(name);
  return found == known.end() ? nullptr : &found->second;
}

bool Locals::gather(llvm::ArrayRef<Line> lines) {
  bool changed = false;
  for (const Line &line : lines) {
    Tokens tokens = line.tokens;
    bool isLoop = tokens.front().is("for");
    size_t equals = isLoop ? 0 : assignment(tokens);
    if (!isLoop && equals == tokens.size())
      continue;
    Tokens targets =
        isLoop ? tokens.drop_front().take_until([](const Token &token) { return token.is("in"); })
               : tokens.take_front(equals);
    Local value = targets.size() == 1 && !isLoop ? valueOf(tokens.drop_front(equals + 1)) : Local();
    for (const Token &target : targets)
      if (target.kind == Token::Name)
        changed |= assign(target.text, value);
  }
  return changed;
}

bool Locals::assign(StringRef name, Local value) {
  auto [entry, isNew] = known.try_emplace(name, value);
  if (isNew || entry->second == value || entry->second.kind == Local::Value)
    return isNew;
  entry->second = Local();
  return true;
}

const Class *Locals::classOf(const Token &object) const {
  const Local *found = object.kind == Token::Name ? find(object.text) : nullptr;
  if (!found || found->kind != Local::Object)
    return nullptr;
  return &declarations.classes.find(found->name)->second;
}

bool Locals::hasAttribute(const Token &object, StringRef attribute) const {
  const Class *type = classOf(object);
  return type && type->attributes.contains(attribute);
}

Local Locals::attributeOf(const Token &object, StringRef attribute) const {
  if (!hasAttribute(object, attribute))
    return {};
  const std::string &type = classOf(object)->attributes.find(attribute)->second.type;
  return declarations.classes.contains(type) ? Local{Local::Object, type} : Local();
}

Local Locals::valueOf(Tokens t) const {
  if (t.size() == 1 && t[0].kind == Token::Name) {
    const Local *found = find(t[0].text);
    return found ? *found : Local();
  }
  std::string name = joined(t);
  if (declarations.functions.contains(name))
    return {Local::Function, name};
  if (t.size() == 3 && t[1].is("."))
    return attributeOf(t[0], t[2].text);
  if (t.size() == 6 && t[0].is("getattr") && t[4].kind == Token::String)
    return attributeOf(t[2], unquoted(t[4]));
  return {};
}

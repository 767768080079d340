//===- Description.cpp - What a blueprint says about itself ---------------===//

#include "tez/Blueprint/Form.h"

using namespace mlir;
using namespace tez::blueprint;

void Description::text(StringRef key, std::optional<std::string_view> value) {
  if (value)
    entries.emplace_back(key, *value);
}

void Description::json(StringRef key, const std::optional<json::Value> &value) {
  if (value && !value->isNull())
    entries.emplace_back(key, value->source());
}

std::string Description::get(StringRef key) const {
  for (const auto &[name, value] : entries)
    if (name == key)
      return value;
  return {};
}

DictionaryAttr Description::attribute(MLIRContext *context) const {
  NamedAttrList list;
  for (const auto &[name, value] : entries)
    list.set(name, StringAttr::get(context, value));
  return list.getDictionary(context);
}

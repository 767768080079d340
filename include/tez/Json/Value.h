//===- Value.h - Handles to the values of a document ------------*- C++ -*-===//

#ifndef TEZ_JSON_VALUE_H
#define TEZ_JSON_VALUE_H

#include "tez/Json/Source.h"

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace tez::json {

class Array;
class Document;
class Object;

enum class Kind : uint8_t { Null, Boolean, Number, String, Array, Object };

/// Bytes [begin, end) of the source.
struct Span {
  size_t begin = 0;
  size_t end = 0;
};

/// One value of a document: a handle, cheap to copy, valid as long as the
/// document. Access is strict: no value is ever converted to another type.
class Value {
public:
  Kind kind() const;
  bool isNull() const { return kind() == Kind::Null; }
  bool isString() const { return kind() == Kind::String; }
  bool isArray() const { return kind() == Kind::Array; }
  bool isObject() const { return kind() == Kind::Object; }

  /// A number written without fraction and exponent (of any size).
  bool isIntegerToken() const;

  std::optional<bool> boolean() const;
  std::optional<int64_t> integer() const; ///< an integer token that fits, exactly
  std::optional<double> number() const;   ///< any number; always finite
  std::optional<std::string_view> string() const;
  std::optional<Array> array() const;
  std::optional<Object> object() const;

  /// The text of the value as it stands in the file.
  std::string_view source() const;
  Span span() const;
  Position position() const;

  /// `architecture.config.hidden_sizes[1]`; a key with odd characters is
  /// written `["a.b"]`, a very long one is cut. Empty for the root.
  std::string path() const;

  /// `/architecture/config/hidden_sizes/1` (RFC 6901), exact.
  std::string pointer() const;

  std::optional<Value> parent() const;
  std::optional<std::string_view> key() const; ///< its name, when an object holds it
  std::optional<size_t> index() const;         ///< its place, when an array holds it
  Span keySpan() const;                        ///< of the key, else the same as span()

  const Document &document() const { return *owner; }
  bool operator==(const Value &) const = default;

private:
  friend class Array;
  friend class Document;
  friend class Object;
  Value(const Document &document, uint32_t node) : owner(&document), node(node) {}

  const Document *owner;
  uint32_t node;
};

/// Leads a path and a pointer on to the field `key`, present or not.
void appendField(std::string &path, std::string &pointer, std::string_view key);

/// How a message calls what it found: `true`, `128.0`, `the string "128"`, `an array`.
std::string describe(const Value &value);

/// An array. Iterating visits the elements in order. A loop needs it by name
/// (`if (auto list = v.array()) for (Value e : *list)`): what `*v.array()` refers
/// to is gone before the first round.
class Array {
public:
  class Iterator {
  public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Value;
    Value operator*() const { return Value(*owner, node); }
    Iterator &operator++();
    bool operator==(const Iterator &) const = default;

  private:
    friend class Array;
    Iterator(const Document &document, uint32_t node) : owner(&document), node(node) {}
    const Document *owner;
    uint32_t node;
  };

  size_t size() const;
  bool empty() const { return size() == 0; }
  Iterator begin() const;
  Iterator end() const;
  const Value &value() const { return self; }

private:
  friend class Value;
  explicit Array(Value value) : self(value) {}
  Value self;
};

struct Member {
  std::string_view key;
  Value value;
};

/// An object. Iterating visits the members in the order of the file.
class Object {
public:
  class Iterator {
  public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Member;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Member;
    Member operator*() const;
    Iterator &operator++();
    bool operator==(const Iterator &) const = default;

  private:
    friend class Object;
    Iterator(const Document &document, uint32_t node) : owner(&document), node(node) {}
    const Document *owner;
    uint32_t node; ///< of the key; the value is the next one
  };

  size_t size() const;
  bool empty() const { return size() == 0; }
  Iterator begin() const;
  Iterator end() const;

  /// Looks at one key after the other.
  std::optional<Value> find(std::string_view key) const;
  const Value &value() const { return self; }

private:
  friend class Value;
  explicit Object(Value value) : self(value) {}
  Value self;
};

} // namespace tez::json

#endif // TEZ_JSON_VALUE_H

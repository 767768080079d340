//===- Parser.cpp - Builds the tree of a document -------------------------===//

#include "KeyCheck.h"
#include "Lexer.h"
#include "Nodes.h"
#include "tez/Json/Document.h"
#include "tez/Json/Text.h"

#include <algorithm>

using namespace tez::json;

namespace {
/// Works through the text with the container that is open as its only state;
/// the way back up is in the nodes, so depth costs no stack.
class Parser {
public:
  Parser(std::string_view text, NodeTable &nodes, const ParseOptions &options)
      : text(text), nodes(nodes), options(options) {}

  bool run();

  std::optional<Fault> fault;
  NodeId faultNode = kNoNode;  ///< the field that was open
  std::optional<Fault> remark; ///< belongs to the fault

private:
  bool checkWhole();
  bool value();
  bool scalar(NodeId node);
  bool member();
  bool step();
  bool openContainer(NodeId node);
  bool close();
  bool trailing();
  bool checkKeys(NodeId object);

  bool refuse(NodeId node, Fault what);
  bool refuseExpected(NodeId node, std::string expected, std::string hint = {});
  bool refuseUnclosed(NodeId container);
  void skipSpace();
  bool at(char c) const { return pos < text.size() && text[pos] == c; }
  bool isObject(NodeId node) const { return text[nodes[node].begin] == '{'; }

  std::string_view text;
  NodeTable &nodes;
  const ParseOptions &options;
  size_t pos = 0;
  NodeId open = kNoNode; ///< the innermost container that is not closed yet
  uint32_t depth = 0;
  KeyCheck keyCheck;
};
} // namespace

bool Parser::refuse(NodeId node, Fault what) {
  fault = std::move(what);
  faultNode = node;
  return false;
}

bool Parser::refuseExpected(NodeId node, std::string expected, std::string hint) {
  return refuse(node,
                {pos, lengthAt(text, pos),
                 "expected " + expected + ", found " + describeAt(text, pos), std::move(hint)});
}

bool Parser::refuseUnclosed(NodeId container) {
  std::string kind = isObject(container) ? "object" : "array";
  remark = Fault{nodes[container].begin, 1, "the " + kind + " begins here"};
  return refuseExpected(container, std::string(isObject(container) ? "'}'" : "']'") +
                                       " at the end of the " + kind);
}

void Parser::skipSpace() {
  while (pos < text.size() &&
         (text[pos] == ' ' || text[pos] == '\n' || text[pos] == '\t' || text[pos] == '\r'))
    ++pos;
}

bool Parser::run() {
  if (!checkWhole())
    return false;
  skipSpace();
  if (pos == text.size())
    return refuse(kNoNode, {pos, 0, "expected a JSON value, found an empty file"});
  if (!value())
    return false;
  while (open != kNoNode)
    if (!step())
      return false;
  return trailing();
}

bool Parser::checkWhole() {
  size_t limit = std::min<size_t>(options.maxBytes, kNoNode - 1);
  if (text.size() > limit)
    return refuse(kNoNode, {0, 0,
                            "expected a file of at most " + std::to_string(limit) +
                                " bytes, found a larger one"});
  if (text.starts_with("\xEF\xBB\xBF"))
    return refuse(kNoNode, {0, 3, "expected UTF-8 without a byte order mark, found one",
                            "save the file without it"});
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return refuse(kNoNode, {0, 2, "expected UTF-8, found the byte order mark of UTF-16"});
  return true;
}

bool Parser::trailing() {
  skipSpace();
  if (pos == text.size())
    return true;
  return refuseExpected(kNoNode, "the end of the file after the value");
}

/// The next element, member or end of the open container.
bool Parser::step() {
  skipSpace();
  NodeId container = open;
  bool object = isObject(container);
  char end = object ? '}' : ']';
  if (at(end))
    return close();
  if (pos == text.size())
    return refuseUnclosed(container);
  if (nodes[container].size > 0) {
    if (!at(','))
      return refuseExpected(container,
                            object ? "',' or '}' after the field" : "',' or ']' after the element");
    ++pos;
    skipSpace();
    if (at(end))
      return refuseExpected(container, object ? "a field after ','" : "an element after ','",
                            "JSON has no trailing comma");
  }
  return object ? member() : value();
}

bool Parser::member() {
  if (!at('"'))
    return refuseExpected(open, "a field name in double quotes");
  NodeId name = nodes.push(static_cast<uint32_t>(pos), open, nodes[open].size);
  if (auto wrong = scanString(text, pos, nodes.decoded, nodes[name]))
    return refuse(open, *wrong);
  nodes[name].end = static_cast<uint32_t>(pos);
  skipSpace();
  if (!at(':'))
    return refuseExpected(open, "':' after the field name");
  ++pos;
  skipSpace();
  return value();
}

bool Parser::value() {
  uint32_t index = open == kNoNode ? 0 : nodes[open].size++;
  NodeId node = nodes.push(static_cast<uint32_t>(pos), open, index);
  if (at('{') || at('['))
    return openContainer(node);
  if (!scalar(node))
    return false;
  nodes[node].end = static_cast<uint32_t>(pos);
  return true;
}

bool Parser::scalar(NodeId node) {
  if (pos >= text.size())
    return refuseExpected(node, "a value");
  char c = text[pos];
  std::optional<Fault> wrong;
  if (c == '"')
    wrong = scanString(text, pos, nodes.decoded, nodes[node]);
  else if ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.')
    wrong = scanNumber(text, pos);
  else if (wordLength(text, pos))
    wrong = scanWord(text, pos);
  else
    return refuseExpected(node, "a value",
                          c == '\''  ? "strings are in double quotes"
                          : c == '/' ? "JSON has no comments"
                                     : "");
  return wrong ? refuse(node, *wrong) : true;
}

bool Parser::openContainer(NodeId node) {
  if (depth == options.maxDepth)
    return refuse(node, {pos, 1,
                         "nesting deeper than " + std::to_string(options.maxDepth) +
                             ": expected at most that many open brackets"});
  ++depth;
  ++pos;
  open = node;
  return true;
}

bool Parser::close() {
  Node &container = nodes[open];
  ++pos;
  container.end = static_cast<uint32_t>(pos);
  container.next = nodes.size();
  if (isObject(open) && !checkKeys(open))
    return false;
  open = container.parent;
  --depth;
  return true;
}

bool Parser::checkKeys(NodeId object) {
  std::optional<RepeatedKey> repeated = keyCheck.find(text, nodes, object);
  if (!repeated)
    return true;
  auto tokenFault = [&](NodeId name, std::string message) {
    return Fault{nodes[name].begin, nodes[name].end - nodes[name].begin, std::move(message)};
  };
  std::string key = quote(abbreviate(contentOf(text, nodes, repeated->again)));
  remark = tokenFault(repeated->first, "it is given here before");
  return refuse(
      repeated->again + 1,
      tokenFault(repeated->again, "expected each field once, found the duplicate key " + key));
}

static Diagnostic place(const Source &source, Severity severity, const Fault &fault) {
  Diagnostic made;
  Position position = source.position(fault.offset);
  made.line = position.line;
  made.column = position.column;
  made.offset = fault.offset;
  made.length = fault.length;
  made.severity = severity;
  made.message = fault.message;
  made.hint = fault.hint;
  return made;
}

std::unique_ptr<Document> Document::parse(const Source &source, DiagnosticSink &sink,
                                          const ParseOptions &options) {
  auto nodes = std::make_unique<NodeTable>();
  Parser parser(source.text(), *nodes, options);
  bool accepted = parser.run();
  std::unique_ptr<Document> document(new Document(source, std::move(nodes)));
  if (accepted)
    return document;
  Diagnostic made = place(source, Severity::Error, *parser.fault);
  if (parser.faultNode != kNoNode) {
    Value open(*document, parser.faultNode);
    made.path = open.path();
    made.pointer = open.pointer();
  }
  Diagnostic note;
  if (parser.remark) {
    note = place(source, Severity::Note, *parser.remark);
    note.path = made.path;
    note.pointer = made.pointer;
  }
  sink.report(std::move(made));
  if (parser.remark)
    sink.report(std::move(note));
  return nullptr;
}

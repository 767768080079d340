//===- ForwardLogic.cpp - Form 1d with the text of a class ----------------===//
//
// A text does not tell the shapes of its inputs. So it is translated several times
// into a block that is thrown away: first with inputs of two dimensions of any
// size; what the translation learns (Inputs.cpp) is what the next one begins with,
// until nothing new is learnt. Where that fails, other ranks are tried.
//
//===----------------------------------------------------------------------===//

#include "ForwardLogic.h"
#include "Names.h"
#include "llvm/ADT/ScopeExit.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;
using python::Stmt;
using python::StmtKind;

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

namespace {
/// Where each byte of a string stands in the file, escapes counted.
class PlaceMap {
public:
  explicit PlaceMap(const json::Value &value) : value(value) {
    std::string_view source = value.source();
    size_t raw = 1; // behind the quote
    auto add = [&](size_t bytes, size_t width) {
      offsets.insert(offsets.end(), bytes, uint32_t(value.span().begin + raw));
      raw += width;
    };
    while (raw + 1 < source.size()) {
      if (source[raw] != '\\')
        add(1, 1);
      else if (source[raw + 1] != 'u')
        add(1, 2);
      else
        addUnicode(source, raw);
    }
    offsets.push_back(uint32_t(value.span().begin + raw));
  }

  Location operator()(MLIRContext *context, const python::Place &place) const {
    const json::Source &source = value.document().source();
    json::Position at = source.position(offsets[std::min(place.offset, offsets.size() - 1)]);
    Location location = FileLineColLoc::get(context, source.name(), at.line, at.column);
    location = NameLoc::get(StringAttr::get(context, value.pointer()), location);
    return NameLoc::get(StringAttr::get(context, value.path()), location);
  }

private:
  void addUnicode(std::string_view source, size_t &raw) {
    auto code = [&](size_t at) {
      return std::stoul(std::string(source.substr(at + 2, 4)), nullptr, 16);
    };
    unsigned long first = code(raw);
    bool pair = first >= 0xD800 && first < 0xDC00;
    size_t bytes = pair ? 4 : first < 0x80 ? 1 : first < 0x800 ? 2 : 3;
    offsets.insert(offsets.end(), bytes, uint32_t(value.span().begin + raw));
    raw += pair ? 12 : 6;
  }

  json::Value value;
  std::vector<uint32_t> offsets;
};

std::string inText(const python::Place &place) {
  return " (line " + std::to_string(place.line) + ", column " + std::to_string(place.column) +
         " of forward_logic)";
}

/// Everything that outlives the reading.
struct Logic {
  explicit Logic(const json::Value &value) : places(value) {}

  PlaceMap places;
  python::Block tree;
  ClassText text;
  Variables config;
  std::vector<InputGuess> inputs;
};
using LogicPtr = std::shared_ptr<Logic>;
} // namespace

//===----------------------------------------------------------------------===//
// The class
//===----------------------------------------------------------------------===//

/// False after an error.
static bool readMember(const Stmt &member, ClassText &text,
                       llvm::function_ref<bool(const python::Place &, std::string)> fail) {
  switch (member.kind) {
  case StmtKind::Function:
    if (!member.exprs.empty() && member.text == "forward")
      return fail(member.exprs[0]->at,
                  "a decorated forward is not in the subset that is translated");
    text.methods[member.text] = &member;
    return true;
  case StmtKind::Expression:
    return member.exprs[0]->kind == python::ExprKind::String ||
           member.exprs[0]->kind == python::ExprKind::Ellipsis ||
           fail(member.at, "expected a method or a constant in the body of the class");
  case StmtKind::Assign:
  case StmtKind::Annotated:
    text.constants.push_back(&member);
    return member.exprs[0]->kind == python::ExprKind::Name ||
           fail(member.at, "expected a constant in the body of the class");
  case StmtKind::Pass:
    return true;
  default:
    return fail(member.at, "expected a method or a constant in the body of the class");
  }
}

static bool isModuleBase(const python::Expr &base) {
  bool attribute = base.kind == python::ExprKind::Attribute && base.text == "Module";
  return attribute || (base.kind == python::ExprKind::Name && base.text == "Module");
}

static bool readClass(Logic &logic,
                      llvm::function_ref<bool(const python::Place &, std::string)> fail) {
  const Stmt *found = nullptr;
  for (const auto &stmt : logic.tree) {
    if (stmt->kind == StmtKind::Import && !isKnownImport(*stmt))
      return fail(stmt->at,
                  "the import of '" + stmt->text + "' is not in the subset that is translated");
    bool comment =
        stmt->kind == StmtKind::Expression && stmt->exprs[0]->kind == python::ExprKind::String;
    if (stmt->kind == StmtKind::Class && !found)
      found = stmt.get();
    else if (stmt->kind != StmtKind::Import && !comment)
      return fail(stmt->at, found ? "expected one class and nothing behind it"
                                  : "expected a class that derives from nn.Module");
  }
  if (!found)
    return fail({}, "expected a class that derives from nn.Module, found none");
  if (found->exprs.size() != 1 || !isModuleBase(*found->exprs[0]))
    return fail(found->at, "expected a class that derives from nn.Module alone");
  logic.text.name = found->text;
  for (const auto &member : found->body)
    if (!readMember(*member, logic.text, fail))
      return false;
  const Stmt *forward = logic.text.find("forward");
  if (!forward)
    return fail(found->at, "the class has no method forward");
  for (const char *name : {"forward", "__init__"})
    if (const Stmt *method = logic.text.find(name); method && method->parameters.empty())
      return fail(method->at, std::string(name) + " needs the parameter self");
  for (const auto &[name, method] : logic.text.methods)
    if (name.starts_with("__") && name != "__init__")
      return fail(method->at, "the method '" + name + "' is not in the subset that is translated");
  return true;
}

//===----------------------------------------------------------------------===//
// Config
//===----------------------------------------------------------------------===//

static void readArgument(json::Fields &config, const python::Parameter &parameter,
                         Variables &into) {
  std::optional<json::Value> value =
      config.has(parameter.name) ? config.value(parameter.name) : std::nullopt;
  if (value) {
    if (std::optional<Thing> thing = thingOf(*value))
      into[parameter.name] = *thing;
  } else if (!parameter.fallback) {
    (void)config.value(parameter.name); // reports that it is missing
  }
}

/// The parameters of __init__ by name; one `config` may stand for the whole object.
static void readConfig(json::Fields &config, const json::Object &object, Logic &logic) {
  const Stmt *init = logic.text.find("__init__");
  if (!init)
    return;
  ArrayRef parameters = ArrayRef(init->parameters).drop_front();
  bool whole = parameters.size() == 1 && !config.has(parameters[0].name) &&
               StringRef(parameters[0].name).contains_insensitive("c") && !parameters[0].fallback &&
               (parameters[0].name == "config" || parameters[0].name == "cfg");
  bool rest = !parameters.empty() && parameters.back().takesRest;
  if (whole)
    logic.config[parameters[0].name] = *thingOf(object.value());
  for (const python::Parameter &parameter : parameters)
    if (!whole && !parameter.takesRest)
      readArgument(config, parameter, logic.config);
  if (whole || rest)
    for (json::Member member : object)
      (void)config.value(member.key);
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

static bool namesIndices(StringRef name) {
  return name.contains("indices") || name.ends_with("_ids") || name.ends_with("_idx") ||
         name == "ids" || name == "idx" || name == "index";
}

static bool isTensorDefault(const python::Parameter &parameter) {
  return !parameter.fallback || parameter.fallback->kind == python::ExprKind::None;
}

/// One for each parameter of forward that is a tensor; those behind keep their defaults.
static std::vector<InputGuess> firstGuesses(const Stmt &forward) {
  std::vector<InputGuess> guesses;
  for (const python::Parameter &parameter : ArrayRef(forward.parameters).drop_front()) {
    if (!isTensorDefault(parameter))
      break;
    InputGuess guess;
    guess.name = parameter.name;
    guess.optional = bool(parameter.fallback);
    guess.integer = namesIndices(parameter.name) ||
                    (parameter.annotation && parameter.annotation->text == "LongTensor");
    guess.setRank(2);
    guesses.push_back(guess);
  }
  return guesses;
}

static Values translate(NetBuilder &net, ValueRange inputs, const Logic &logic,
                        std::vector<InputGuess> &guesses, python::Place &at) {
  auto locate = [&](const python::Place &place) { return logic.places(net.context(), place); };
  Translator translator(net, logic.text, logic.config, locate, guesses);
  ScopedDiagnosticHandler where(net.context(), [&](Diagnostic &diagnostic) {
    diagnostic << inText(translator.at);
    return failure();
  });
  llvm::scope_exit restore([&] {
    at = translator.at;
    net.letGo();
  });
  return translator.run(inputs);
}

/// Into a module that is thrown away, without a word. True when it went well.
static bool attempt(const Logic &logic, std::vector<InputGuess> &guesses, FormContext &context,
                    python::Place &at) {
  Location location = UnknownLoc::get(context.mlir);
  OwningOpRef<ModuleOp> scratch = ModuleOp::create(location);
  Block &block = *scratch->getBody();
  for (const InputGuess &guess : guesses) {
    Type type = guess.type(context.mlir);
    block.addArgument(
        guess.optional ? Type(esper::OptionalType::get(context.mlir, cast<RankedTensorType>(type)))
                       : type,
        location);
  }
  NetBuilder net(OpBuilder::atBlockEnd(&block), location, context.limits);
  ScopedDiagnosticHandler quiet(context.mlir, [](Diagnostic &) { return success(); });
  return !translate(net, block.getArguments(), logic, guesses, at).empty();
}

/// Again, as long as something new is learnt.
static bool settle(const Logic &logic, std::vector<InputGuess> &guesses, FormContext &context,
                   python::Place &at) {
  bool good = false;
  for (int round = 0; round < 8; ++round) {
    std::vector<InputGuess> before = guesses;
    good = attempt(logic, guesses, context, at);
    if (before == guesses)
      break;
  }
  return good;
}

static void findInputs(Logic &logic, FormContext &context) {
  std::vector<InputGuess> first = firstGuesses(*logic.text.find("forward"));
  size_t furthest = 0;
  for (int64_t rank : {2, 3, 4, 1, 5}) {
    std::vector<InputGuess> guesses = first;
    for (InputGuess &guess : guesses)
      guess.setRank(rank);
    python::Place at;
    bool good = settle(logic, guesses, context, at);
    if (good || at.offset > furthest || rank == 2) {
      furthest = at.offset;
      logic.inputs = guesses;
    }
    if (good)
      return;
  }
}

static std::vector<Input> inputsOf(const Logic &logic, MLIRContext *context) {
  std::vector<Input> inputs;
  for (const InputGuess &guess : logic.inputs)
    inputs.push_back({guess.name, guess.type(context), guess.optional});
  return inputs;
}

//===----------------------------------------------------------------------===//
// The form
//===----------------------------------------------------------------------===//

/// Null after an error.
static LogicPtr readText(json::Fields &architecture, FormContext &context) {
  std::optional<std::string_view> text = architecture.string("forward_logic");
  if (!text)
    return nullptr;
  auto logic = std::make_shared<Logic>(*architecture.raw("forward_logic"));
  auto fail = [&](const python::Place &place, std::string message) {
    emitError(logic->places(context.mlir, place)) << message << inText(place);
    architecture.fail("forward_logic");
    return false;
  };
  python::Fault fault;
  std::optional<python::Block> tree = python::parse(*text, fault);
  if (!tree)
    return fail(fault.at, fault.message), nullptr;
  logic->tree = std::move(*tree);
  return readClass(*logic, fail) ? logic : nullptr;
}

std::optional<Network> tez::blueprint::readForwardLogic(json::Fields &architecture,
                                                        FormContext &context) {
  LogicPtr logic = readText(architecture, context);
  json::Fields config = architecture.child("config");
  if (std::optional<json::Object> more = architecture.optionalObject("init_params"))
    config.alsoFrom(*more);
  std::optional<json::Object> object = config.place().object();
  if (!logic || !object)
    return std::nullopt;
  readConfig(config, *object, *logic);
  if (!config.finish() || !architecture.ok())
    return std::nullopt;
  findInputs(*logic, context);
  auto build = [logic](NetBuilder &net, ValueRange inputs) {
    python::Place at;
    std::vector<InputGuess> guesses = logic->inputs;
    return translate(net, inputs, *logic, guesses, at);
  };
  return Network{{}, architecture.place(), inputsOf(*logic, context.mlir), build};
}

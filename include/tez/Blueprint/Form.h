//===- Form.h - The forms in which a blueprint may be written ---*- C++ -*-===//
//
// A form is one file in lib/Blueprint/Forms and one row in its Forms.cpp. It
// reads an object into a Network without building anything; the frame makes
// the kernel, so that forms know neither its attributes nor its terminator.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_BLUEPRINT_FORM_H
#define TEZ_BLUEPRINT_FORM_H

#include "tez/Blueprint/Layer.h"
#include <functional>

namespace tez::blueprint {

/// What a blueprint says about itself: the entries of the kernel's attribute
/// `tez.blueprint`, all strings. `id`, `name`, `description`, `created_by` and
/// `created_at` have the same meaning in every form.
class Description {
public:
  /// A text as it is meant, escapes resolved. An absent one adds nothing.
  void text(llvm::StringRef key, std::optional<std::string_view> value);
  /// A value that is carried, as JSON text; null and absent add nothing.
  void json(llvm::StringRef key, const std::optional<json::Value> &value);

  /// The entry, or an empty text.
  std::string get(llvm::StringRef key) const;
  mlir::DictionaryAttr attribute(mlir::MLIRContext *context) const;

private:
  std::vector<std::pair<std::string, std::string>> entries;
};

/// A network that was read and is not built yet. Values of the document that
/// it holds are valid until the import ends.
struct Network {
  Description description;
  /// What the kernel as a whole is located at.
  json::Value place;
  /// The kernel's inputs in order. Their names may be any text and repeat;
  /// the frame makes distinct identifiers of them.
  std::vector<Input> inputs;
  /// Builds the body. The inputs of the kernel come in as they are declared
  /// (an optional one as !esper.optional), its results go out; none after an
  /// error, which has been reported.
  std::function<Values(NetBuilder &, mlir::ValueRange inputs)> build;
};

/// What a form is given besides the text.
struct FormContext {
  mlir::MLIRContext *mlir;
  const Limits &limits;
  json::DiagnosticSink &sink;
};

/// Reads every field, reports every fault. Nullopt after errors.
using FormReader = std::optional<Network> (*)(const json::Object &root, FormContext &context);

struct Form {
  llvm::StringLiteral name; ///< the entry `form` of `tez.blueprint`
  bool (*matches)(const json::Object &root);
  FormReader read;
};

/// All JSON forms; the first that matches is taken, and the last matches all.
llvm::ArrayRef<Form> forms();

bool isGraph(const json::Object &root);
std::optional<Network> readGraph(const json::Object &root, FormContext &context);
bool isModuleForm(const json::Object &root);
std::optional<Network> readModuleForm(const json::Object &root, FormContext &context);
bool isEnvelope(const json::Object &root);
std::optional<Network> readEnvelope(const json::Object &root, FormContext &context);
std::optional<Network> readFlatIr(const json::Object &root, FormContext &context);

/// The `architecture` of the module form, {module_type, config, init_params?,
/// forward_logic?}, which the envelope may hold too. Reads every field and
/// calls finish(). The description of the result is empty.
std::optional<Network> readModuleArchitecture(json::Fields &architecture, FormContext &context);

/// Form 1e, text or bytecode.
bool isMlir(const json::Source &source);
mlir::OwningOpRef<mlir::ModuleOp> readMlir(const json::Source &source, FormContext &context);

} // namespace tez::blueprint

#endif // TEZ_BLUEPRINT_FORM_H

//===- DiagnosticBridge.cpp - MLIR's diagnostics as findings --------------===//

#include "tez/Blueprint/DiagnosticBridge.h"
#include "mlir/IR/Location.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

DiagnosticBridge::DiagnosticBridge(MLIRContext *context, const json::Source &source,
                                   json::DiagnosticSink &sink)
    : source(source), sink(sink), handler(context, [this](Diagnostic &diagnostic) {
        pass(diagnostic);
        return success();
      }) {}

void DiagnosticBridge::pass(Diagnostic &diagnostic) {
  report(diagnostic);
  for (Diagnostic &note : diagnostic.getNotes())
    report(note);
}

static json::Severity severityOf(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Error:
    return json::Severity::Error;
  case DiagnosticSeverity::Warning:
    return json::Severity::Warning;
  case DiagnosticSeverity::Note:
    return json::Severity::Note;
  case DiagnosticSeverity::Remark:
    return json::Severity::Remark;
  }
  llvm_unreachable("unknown severity");
}

/// The outermost place of the location that lies in a file.
static std::optional<FileLineColRange> filePlace(Location location) {
  std::optional<FileLineColRange> found;
  location->walk([&](Location part) {
    auto place = dyn_cast<FileLineColRange>(part);
    if (!place)
      return WalkResult::advance();
    found = place;
    return WalkResult::interrupt();
  });
  return found;
}

/// The first NameLoc(path, NameLoc(pointer, ...)) in the location, as locationOf makes it.
static void nameField(Location location, json::Diagnostic &made) {
  location->walk([&](Location part) {
    auto path = dyn_cast<NameLoc>(part);
    auto pointer = path ? dyn_cast<NameLoc>(path.getChildLoc()) : NameLoc();
    if (!pointer)
      return WalkResult::advance();
    made.path = path.getName().str();
    made.pointer = pointer.getName().str();
    return WalkResult::interrupt();
  });
}

void blueprint::locate(Location location, const json::Source &source, json::Diagnostic &made) {
  nameField(location, made);
  std::optional<FileLineColRange> place = filePlace(location);
  if (!place)
    return;
  // A location in the text of an .mlir file may speak of another file.
  if (place->getFilename().getValue() != StringRef(source.name())) {
    made.message +=
        " (from " + place->getFilename().str() + ":" + std::to_string(place->getStartLine()) + ")";
    return;
  }
  made.offset = source.offset({place->getStartLine(), place->getStartColumn()});
  made.length = 1;
  json::Position at = source.position(made.offset);
  made.line = at.line;
  made.column = at.column;
}

void DiagnosticBridge::report(Diagnostic &diagnostic) {
  json::Diagnostic made;
  made.severity = severityOf(diagnostic.getSeverity());
  made.message = diagnostic.str();
  locate(diagnostic.getLocation(), source, made);
  errors += made.severity == json::Severity::Error;
  sink.report(std::move(made));
}

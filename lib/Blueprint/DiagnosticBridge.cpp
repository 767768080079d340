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
  default:
    return json::Severity::Note;
  }
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

/// NameLoc(path, NameLoc(pointer, ...)) as locationOf makes it.
static void nameField(Location location, json::Diagnostic &made) {
  auto path = dyn_cast<NameLoc>(location);
  auto pointer = path ? dyn_cast<NameLoc>(path.getChildLoc()) : NameLoc();
  if (!pointer)
    return;
  made.path = path.getName().str();
  made.pointer = pointer.getName().str();
}

void DiagnosticBridge::report(Diagnostic &diagnostic) {
  json::Diagnostic made;
  made.severity = severityOf(diagnostic.getSeverity());
  made.message = diagnostic.str();
  nameField(diagnostic.getLocation(), made);
  if (std::optional<FileLineColRange> place = filePlace(diagnostic.getLocation())) {
    // A location in the text of an .mlir file may speak of another file.
    if (place->getFilename().getValue() == StringRef(source.name())) {
      made.offset = source.offset({place->getStartLine(), place->getStartColumn()});
      made.length = 1;
      json::Position at = source.position(made.offset);
      made.line = at.line;
      made.column = at.column;
    } else {
      made.message += " (from " + place->getFilename().str() + ":" +
                      std::to_string(place->getStartLine()) + ")";
    }
  }
  errors += made.severity == json::Severity::Error;
  sink.report(std::move(made));
}

//===- EntryNames.cpp - Names of the records of a kernel file -------------===//

#include "EntryNames.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using llvm::StringRef;

static llvm::Error fail(StringRef name, const llvm::Twine &what) {
  std::string shown;
  llvm::raw_string_ostream stream(shown);
  llvm::printEscapedString(name.take_front(128), stream);
  return llvm::createStringError("record \"" + shown + "\": " + what);
}

static llvm::Error checkName(StringRef name) {
  llvm::SmallVector<StringRef> parts;
  name.split(parts, '/');
  if (llvm::any_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    return fail(name, "a control character in its name");
  if (name.contains('\\') || name.contains(':'))
    return fail(name, "a backslash or colon in its name");
  if (name.starts_with("/"))
    return fail(name, "its name is absolute");
  if (parts.size() < 2)
    return fail(name, "lies in no folder; all records lie in one");
  if (llvm::any_of(parts,
                   [](StringRef part) { return part.empty() || part == "." || part == ".."; }))
    return fail(name, "an empty part, \".\" or \"..\" in its name");
  return llvm::Error::success();
}

llvm::Expected<std::string> tez::topFolder(llvm::ArrayRef<std::string> names) {
  if (names.empty())
    return llvm::createStringError("the archive is empty");
  llvm::StringSet<> known;
  std::string top = (StringRef(names.front()).split('/').first + "/").str();
  for (StringRef name : names) {
    if (llvm::Error error = checkName(name))
      return error;
    if (!name.starts_with(top))
      return fail(name, "lies outside of the folder \"" + top + "\" of the first record");
    if (!known.insert(name.lower()).second)
      return fail(name, "differs from another record's name in nothing but case");
  }
  return top;
}

//===- DiagnosticTest.cpp - How findings are shown and kept ---------------===//

#include "tez/Json/Diagnostic.h"

#include "Parsed.h"
#include "tez/Json/Read.h"

using namespace tez::json;

static Diagnostic made(const Source &source, size_t offset, size_t length) {
  Diagnostic diagnostic;
  Position position = source.position(offset);
  diagnostic.line = position.line;
  diagnostic.column = position.column;
  diagnostic.offset = offset;
  diagnostic.length = length;
  diagnostic.message = "m";
  return diagnostic;
}

TEST(Diagnostic, clangForm) {
  Parsed parsed("{\"architecture\": {\n  \"num_heads\": \"8\"\n}}");
  report(parsed.sink, Severity::Error, parsed.at({"architecture", "num_heads"}), "wrong", "fix it");
  EXPECT_EQ(renderText(parsed.source, parsed.sink.all()[0]),
            "t.json:2:16: error: architecture.num_heads: wrong (fix it)\n"
            "    \"num_heads\": \"8\"\n"
            "                 ^~~\n");
}

TEST(Diagnostic, withoutPath) {
  Source source("t.json", "[1");
  EXPECT_EQ(renderText(source, made(source, 2, 0)), "t.json:1:3: error: m\n  [1\n    ^\n");
}

TEST(Diagnostic, emptyFileAndEndOfLine) {
  Source empty("t.json", "");
  EXPECT_EQ(renderText(empty, made(empty, 0, 0)), "t.json:1:1: error: m\n  \n  ^\n");
  Source lines("t.json", "a\r\nb\n");
  EXPECT_EQ(renderText(lines, made(lines, 1, 1)), "t.json:1:2: error: m\n  a\n   ^\n");
  EXPECT_EQ(renderText(lines, made(lines, 2, 1)), "t.json:1:3: error: m\n  a\n   ^\n");
  EXPECT_EQ(renderText(lines, made(lines, 5, 0)), "t.json:3:1: error: m\n  \n  ^\n");
}

TEST(Diagnostic, longLineIsCutAroundTheCaret) {
  Source source("t.json", std::string(1 << 20, 'a') + "X" + std::string(1 << 20, 'b'));
  std::string text = renderText(source, made(source, 1 << 20, 1 << 19));
  std::string cut = "  ..." + std::string(60, 'a') + "X" + std::string(59, 'b') + "...\n";
  EXPECT_EQ(text, "t.json:1:1048577: error: m\n" + cut + std::string(65, ' ') + "^" +
                      std::string(59, '~') + "\n");
}

TEST(Diagnostic, cutsBetweenCharacters) {
  std::string euros;
  for (int i = 0; i < 100; ++i)
    euros += "\xE2\x82\xAC";
  Source source("t.json", "x" + euros + "!" + euros);
  std::string text = renderText(source, made(source, 301, 1));
  size_t caretLine = text.rfind('\n', text.size() - 2) + 1;
  // 20 characters of 3 bytes before the caret, "..." and the indent.
  EXPECT_EQ(text.size() - caretLine, 2u + 3 + 20 + 1 + 1);
  EXPECT_EQ(text.find("\xEF\xBF\xBD"), std::string::npos);
}

TEST(Diagnostic, showsNothingATerminalObeys) {
  Source source("t.json", "\"\x1B[31m\t\xFF\xE2\x80\xAE\"");
  std::string text = renderText(source, made(source, 0, 1));
  EXPECT_EQ(text, "t.json:1:1: error: m\n  \"\xEF\xBF\xBD[31m \xEF\xBF\xBD\xEF\xBF\xBD\"\n  ^\n");
}

TEST(Diagnostic, longPathIsCutInTheMiddle) {
  Parsed parsed(std::string(257, '['));
  std::string text = renderText(parsed.source, parsed.sink.all()[0]);
  std::string line = text.substr(0, text.find('\n'));
  EXPECT_LT(line.size(), 400u);
  EXPECT_NE(line.find("[0]..."), std::string::npos) << line;
}

TEST(Diagnostic, json) {
  Parsed parsed("{\"a\\\"b\": [\n tru]}");
  EXPECT_EQ(
      renderJson("dir/\"x\".json", parsed.sink.all()[0]),
      R"({"file":"dir/\"x\".json","line":2,"column":2,"severity":"error",)"
      R"("field":"/a\"b/0","path":"[\"a\\\"b\"][0]","message":"expected a value, found tru"})");
  Diagnostic warning;
  warning.severity = Severity::Warning;
  warning.hint = "h";
  EXPECT_EQ(renderJson("\xFF", warning),
            "{\"file\":\"\xEF\xBF\xBD\",\"line\":1,\"column\":1,\"severity\":\"warning\",\"field\":"
            "\"\",\"path\":\"\",\"message\":\"\",\"hint\":\"h\"}");
}

TEST(Diagnostic, jsonIsItselfReadable) {
  Parsed parsed("{\"\\u001b\\u007f~/\": 01}");
  Parsed again(renderJson("t", parsed.sink.all()[0]));
  ASSERT_NE(again.document, nullptr) << again.finding();
  EXPECT_EQ(again.at({"field"}).string(), "/\x1B\x7F~0~1");
}

TEST(DiagnosticList, keepsTheFirstOfEachKindWithTheirNotes) {
  DiagnosticList list(2);
  auto add = [&](Severity severity, const char *message) {
    Diagnostic diagnostic;
    diagnostic.severity = severity;
    diagnostic.message = message;
    list.report(diagnostic);
  };
  for (const char *message : {"w1", "w2", "w3"})
    add(Severity::Warning, message);
  for (const char *message : {"e1", "e2", "e3"}) {
    add(Severity::Error, message);
    add(Severity::Note, "n");
  }
  std::string kept;
  for (const Diagnostic &diagnostic : list.all())
    kept += diagnostic.message + " ";
  EXPECT_EQ(kept, "w1 w2 e1 n e2 n ");
  EXPECT_EQ(list.errorCount(), 3u);
  EXPECT_FALSE(list.wantsMore(Severity::Error));
}

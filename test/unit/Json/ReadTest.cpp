//===- ReadTest.cpp - Strict typed access ---------------------------------===//

#include "tez/Json/Read.h"

#include "Parsed.h"

#include <cmath>

using namespace tez::json;

namespace {
/// Applies a reader to a text and says what came out: the message, or "ok".
template <typename Read> std::string messageOf(const std::string &text, Read read) {
  Parsed parsed(text);
  DiagnosticList sink;
  bool accepted = read(parsed.document->root(), sink).has_value();
  if (accepted != sink.all().empty())
    return "value and report do not agree";
  if (accepted)
    return "ok";
  const Diagnostic &found = sink.all()[0];
  return found.message + (found.hint.empty() ? "" : " (" + found.hint + ")");
}

std::string integerMessage(const std::string &text, const IntegerRange &range = {}) {
  return messageOf(text, [&](Value v, DiagnosticSink &s) { return readInteger(v, s, range); });
}
std::string numberMessage(const std::string &text, const NumberRange &range = {}) {
  return messageOf(text, [&](Value v, DiagnosticSink &s) { return readNumber(v, s, range); });
}
std::string stringMessage(const std::string &text, const TextRule &rule) {
  return messageOf(text, [&](Value v, DiagnosticSink &s) { return readString(v, s, rule); });
}
} // namespace

TEST(Read, integersAreStrict) {
  EXPECT_EQ(integerMessage("128"), "ok");
  EXPECT_EQ(integerMessage("true"), "expected an integer, found true");
  EXPECT_EQ(integerMessage("null"), "expected an integer, found null");
  EXPECT_EQ(integerMessage("\"128\""), "expected an integer, found the string \"128\"");
  EXPECT_EQ(integerMessage("[]"), "expected an integer, found an empty array");
  EXPECT_EQ(integerMessage("{\"a\":1}"), "expected an integer, found an object");
  const char *kFraction = " (an integer has no fraction and no exponent)";
  EXPECT_EQ(integerMessage("128.0"), std::string("expected an integer, found 128.0") + kFraction);
  EXPECT_EQ(integerMessage("1e2"), std::string("expected an integer, found 1e2") + kFraction);
}

TEST(Read, integerRanges) {
  EXPECT_EQ(integerMessage("0", kLayerSize),
            "expected an integer from 1 to 2147483647, found 0 (out of range)");
  EXPECT_EQ(integerMessage("2147483648", kLayerSize),
            "expected an integer from 1 to 2147483647, found 2147483648 (out of range)");
  EXPECT_EQ(integerMessage("2147483647", kLayerSize), "ok");
  EXPECT_EQ(integerMessage("-1", {.min = 0}),
            "expected an integer of at least 0, found -1 (out of range)");
  EXPECT_EQ(integerMessage("3", {.max = 2}),
            "expected an integer of at most 2, found 3 (out of range)");
}

TEST(Read, integersAreExactAtTheEnds) {
  EXPECT_EQ(Parsed("9223372036854775807").document->root().integer(), INT64_MAX);
  EXPECT_EQ(Parsed("-9223372036854775808").document->root().integer(), INT64_MIN);
  EXPECT_EQ(Parsed("9007199254740993").document->root().integer(), 9007199254740993);
  EXPECT_EQ(integerMessage("9223372036854775808"),
            "expected an integer, found 9223372036854775808 (out of range)");
  EXPECT_EQ(integerMessage("18446744073709551616", kLayerSize),
            "expected an integer from 1 to 2147483647, found 18446744073709551616 (out of range)");
}

TEST(Read, numbers) {
  EXPECT_EQ(Parsed("5").document->root().number(), 5.0);
  EXPECT_EQ(Parsed("1e-5").document->root().number(), 1e-5);
  EXPECT_EQ(Parsed("123456789012345678901234567890").document->root().number(),
            123456789012345678901234567890.0);
  EXPECT_EQ(Parsed("1e-400").document->root().number(), 0.0);
  EXPECT_TRUE(std::signbit(*Parsed("-1e-400").document->root().number()));
  EXPECT_EQ(numberMessage("\"0.5\""), "expected a number, found the string \"0.5\"");
  EXPECT_EQ(numberMessage("false"), "expected a number, found false");
}

TEST(Read, numberRanges) {
  EXPECT_EQ(numberMessage("1", kProbability), "ok");
  EXPECT_EQ(numberMessage("0", kProbability), "ok");
  EXPECT_EQ(numberMessage("1.5", kProbability),
            "expected a number of at least 0 and of at most 1, found 1.5 (out of range)");
  EXPECT_EQ(numberMessage("0", {.above = 0}),
            "expected a number greater than 0, found 0 (out of range)");
  EXPECT_EQ(numberMessage("1", {.min = 0, .below = 1}),
            "expected a number of at least 0 and less than 1, found 1 (out of range)");
}

TEST(Read, booleans) {
  EXPECT_EQ(messageOf("1", readBoolean), "expected true or false, found 1");
  EXPECT_EQ(messageOf("\"true\"", readBoolean),
            "expected true or false, found the string \"true\"");
  EXPECT_EQ(Parsed("true").document->root().boolean(), true);
  EXPECT_EQ(Parsed("false").document->root().boolean(), false);
}

TEST(Read, strings) {
  TextRule name{.min = 1, .max = 5, .trim = true};
  EXPECT_EQ(stringMessage("\" abc \"", name), "ok");
  EXPECT_EQ(stringMessage("\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"", name), "ok");
  EXPECT_EQ(stringMessage("\" \\u00a0 \"", name),
            "expected a string of 1 to 5 characters, found the string \" \xC2\xA0 \" (0 characters "
            "after trimming)");
  EXPECT_EQ(
      stringMessage("\"abcdef\"", {.max = 5}),
      "expected a string of at most 5 characters, found the string \"abcdef\" (6 characters)");
  EXPECT_EQ(stringMessage("7", {}), "expected a string, found 7");
}

TEST(Read, containers) {
  EXPECT_EQ(messageOf("[]", readObject), "expected an object, found an empty array");
  auto three = [](Value v, DiagnosticSink &s) { return readArray(v, s, {.min = 3, .max = 3}); };
  EXPECT_EQ(messageOf("[1]", three), "expected an array of 3 elements, found an array (1 in it)");
  auto some = [](Value v, DiagnosticSink &s) { return readArray(v, s, {.min = 1}); };
  EXPECT_EQ(messageOf("[]", some),
            "expected an array of at least 1 element, found an empty array (0 in it)");
}

TEST(Read, oneOf) {
  static constexpr std::string_view kChoices[] = {"relu", "gelu", "tanh"};
  auto read = [](Value v, DiagnosticSink &s) { return readOneOf(v, s, kChoices); };
  EXPECT_EQ(messageOf("\"gelu\"", read), "ok");
  EXPECT_EQ(messageOf("\"Relu\"", read), "expected one of \"relu\", \"gelu\", \"tanh\", found the "
                                         "string \"Relu\" (did you mean \"relu\"?)");
  EXPECT_EQ(messageOf("3", read), "expected one of \"relu\", \"gelu\", \"tanh\", found 3");
}

TEST(Read, describesWithoutFloodingOrEscapes) {
  EXPECT_EQ(integerMessage("\"" + std::string(100, 'a') + "\""),
            "expected an integer, found the string \"" + std::string(37, 'a') + "...\"");
  EXPECT_EQ(integerMessage("\"\\u001b[31m\\u202e\""),
            "expected an integer, found the string \"\\u001b[31m\\u202e\"");
}

//===- SyntaxTest.cpp - What RFC 8259 and our rules refuse ----------------===//

#include "Parsed.h"

using namespace tez::json;

namespace {
/// A text that is refused, and exactly how.
struct Refusal {
  std::string text;
  std::string finding;
};

class Refused : public testing::TestWithParam<Refusal> {};
} // namespace

TEST_P(Refused, namesPlaceFoundAndExpected) {
  Parsed parsed(GetParam().text);
  EXPECT_EQ(parsed.document, nullptr);
  EXPECT_EQ(parsed.sink.errorCount(), 1u);
  EXPECT_EQ(parsed.finding(), GetParam().finding);
}

static const Refusal kStructure[] = {
    {"", "1:1 : expected a JSON value, found an empty file"},
    {" \n ", "2:2 : expected a JSON value, found an empty file"},
    {"[1", "1:3 : expected ']' at the end of the array, found the end of the file"},
    {"{\"a\":{\"b\":1", "1:12 a: expected '}' at the end of the object, found the end of the file"},
    {"{\"a\":", "1:6 a: expected a value, found the end of the file"},
    {"{\"a\"", "1:5 : expected ':' after the field name, found the end of the file"},
    {"[1,]", "1:4 : expected an element after ',', found ']' (JSON has no trailing comma)"},
    {"{\"a\":1,}", "1:8 : expected a field after ',', found '}' (JSON has no trailing comma)"},
    {"{\"c\":{\"h\":[256 256]}}", "1:16 c.h: expected ',' or ']' after the element, found 256"},
    {"{\"a\":1 \"b\":2}", "1:8 : expected ',' or '}' after the field, found '\"'"},
    {"{a:1}", "1:2 : expected a field name in double quotes, found a"},
    {"{\"a\" 1}", "1:6 : expected ':' after the field name, found 1"},
    {"{\"a\":}", "1:6 a: expected a value, found '}'"},
    {"[,1]", "1:2 [0]: expected a value, found ','"},
    {"{} {}", "1:4 : expected the end of the file after the value, found '{'"},
    {"[1]]", "1:4 : expected the end of the file after the value, found ']'"},
    {"1 // one", "1:3 : expected the end of the file after the value, found '/'"},
    {"[/* */1]", "1:2 [0]: expected a value, found '/' (JSON has no comments)"},
    {"['a']", "1:2 [0]: expected a value, found ''' (strings are in double quotes)"},
    {"[1}", "1:3 : expected ',' or ']' after the element, found '}'"},
    {"{\"a\":\n  {\"h\":[1,\n   nul]}}", "3:4 a.h[1]: expected a value, found nul"},
    {"[True]", "1:2 [0]: expected a value, found True (JSON writes true)"},
    {"[None]", "1:2 [0]: expected a value, found None (JSON writes null)"},
    {"[\v1]", "1:2 [0]: expected a value, found character U+000B"},
    {"[\xC2\xA0"
     "1]",
     "1:2 [0]: expected a value, found character U+00A0"},
    {std::string("[1]\0", 4),
     "1:4 : expected the end of the file after the value, found character U+0000"},
};
INSTANTIATE_TEST_SUITE_P(Structure, Refused, testing::ValuesIn(kStructure));

static const Refusal kNumbers[] = {
    {"[NaN]", "1:2 [0]: expected a value, found NaN (JSON numbers are finite)"},
    {"[Infinity]", "1:2 [0]: expected a value, found Infinity (JSON numbers are finite)"},
    {"[-Infinity]", "1:2 [0]: expected a number, found -Infinity (JSON numbers are finite)"},
    {"[01]", "1:2 [0]: expected a number, found 01 (a number has no leading zeros)"},
    {"[-01]", "1:2 [0]: expected a number, found -01 (a number has no leading zeros)"},
    {"[1.]", "1:2 [0]: expected a number, found 1. (a decimal point is followed by a digit)"},
    {"[.5]", "1:2 [0]: expected a number, found .5 (a number begins with a digit or a minus sign "
             "and a digit)"},
    {"[+1]", "1:2 [0]: expected a number, found +1 (a number begins with a digit or a minus sign "
             "and a digit)"},
    {"[-]", "1:2 [0]: expected a number, found - (a number begins with a digit or a minus sign and "
            "a digit)"},
    {"[1e]", "1:2 [0]: expected a number, found 1e (an exponent has a digit)"},
    {"[1e+]", "1:2 [0]: expected a number, found 1e+ (an exponent has a digit)"},
    {"[0x10]", "1:2 [0]: expected a number, found 0x10 (this is not a number)"},
    {"[1_000]", "1:2 [0]: expected a number, found 1_000 (this is not a number)"},
    {"[1.2.3]", "1:2 [0]: expected a number, found 1.2.3 (this is not a number)"},
    {"{\"p\":1e400}",
     "1:6 p: expected a number that a double can hold, found 1e400 (out of range)"},
    {"[-1E+999999999999999999999]", "1:2 [0]: expected a number that a double can hold, found "
                                    "-1E+999999999999999999999 (out of range)"},
    {"[" + std::string(310, '9') + "]",
     "1:2 [0]: expected a number that a double can hold, found " + std::string(37, '9') +
         "... (out of range)"},
};
INSTANTIATE_TEST_SUITE_P(Numbers, Refused, testing::ValuesIn(kNumbers));

static const Refusal kEncoding[] = {
    {"\xEF\xBB\xBF{}", "1:1 : expected UTF-8 without a byte order mark, found one (save the file "
                       "without it)"},
    {"\xFF\xFE{", "1:1 : expected UTF-8, found the byte order mark of UTF-16"},
    {"{\"a\":\"\xFF\"}",
     "1:7 a: expected UTF-8, found byte 0xFF (a byte that cannot begin a character)"},
    {"[\"\x80\"]",
     "1:3 [0]: expected UTF-8, found byte 0x80 (a byte that cannot begin a character)"},
    {"[\"\xC0\xAF\"]", "1:3 [0]: expected UTF-8, found byte 0xC0 (overlong form)"},
    {"[\"\xE0\x80\xAF\"]", "1:3 [0]: expected UTF-8, found byte 0xE0 (overlong form)"},
    {"[\"\xF0\x82\x82\xAC\"]", "1:3 [0]: expected UTF-8, found byte 0xF0 (overlong form)"},
    {"[\"\xED\xA0\x80\"]", "1:3 [0]: expected UTF-8, found byte 0xED (encoded surrogate)"},
    {"[\"\xF4\x90\x80\x80\"]", "1:3 [0]: expected UTF-8, found byte 0xF4 (beyond U+10FFFF)"},
    {"[\"\xE2\x82\"]", "1:3 [0]: expected UTF-8, found byte 0xE2 (the character is cut off)"},
    {"[\"\xE2", "1:3 [0]: expected UTF-8, found byte 0xE2 (the character is cut off)"},
    {"{\"\xFF\":1}",
     "1:3 : expected UTF-8, found byte 0xFF (a byte that cannot begin a character)"},
    {"[\xFF]", "1:2 [0]: expected a value, found byte 0xFF, which is not UTF-8 (a byte that cannot "
               "begin a character)"},
};
INSTANTIATE_TEST_SUITE_P(Encoding, Refused, testing::ValuesIn(kEncoding));

static const Refusal kStrings[] = {
    {"[\"ab", "1:2 [0]: expected '\"' at the end of the string, found the end of the file"},
    {"[\"a\nb\"]", "1:4 [0]: expected '\"' at the end of the string, found the end of the line (a "
                   "line break inside of a string is written \\n)"},
    {"[\"a\tb\"]",
     "1:4 [0]: expected text, found the control character 0x09 (it is written \\u0009)"},
    {std::string("[\"a\0b\"]", 7), "1:4 [0]: expected text, found the control character 0x00 (NUL "
                                   "is refused in every form)"},
    {"[\"\\u0000\"]", "1:3 [0]: expected text, found \\u0000 (NUL is refused in every form)"},
    {"{\"n\":\"\\uD800\"}", "1:7 n: expected a character, found the lone surrogate \\uD800"},
    {"[\"\\uDC00\"]", "1:3 [0]: expected a character, found the lone surrogate \\uDC00"},
    {"[\"\\uD83D\\u0041\"]", "1:3 [0]: expected a character, found the lone surrogate \\uD83D"},
    {"[\"\\x41\"]", "1:3 [0]: expected an escape of JSON after '\\', found x41 (JSON has \\\" \\\\ "
                    "\\/ \\b \\f \\n \\r \\t and \\uXXXX)"},
    {"[\"\\u12G4\"]", "1:3 [0]: expected four hexadecimal digits after \\u"},
    {"[\"\\u12", "1:3 [0]: expected four hexadecimal digits after \\u"},
    {"[\"\\", "1:3 [0]: expected an escape of JSON after '\\', found the end of the file (JSON has "
              "\\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX)"},
};
INSTANTIATE_TEST_SUITE_P(Strings, Refused, testing::ValuesIn(kStrings));

static const Refusal kKeys[] = {
    {"{\"a\":1,\"a\":1}", "1:8 a: expected each field once, found the duplicate key \"a\""},
    {"{\"x\":[{},{\"b\":0,\"c\":{},\"b\":1}]}",
     "1:24 x[1].b: expected each field once, found the duplicate key \"b\""},
    {"{\"a\":1,\"\\u0061\":2}", "1:8 a: expected each field once, found the duplicate key \"a\""},
    {"{\"\":1,\"\":2}", "1:7 [\"\"]: expected each field once, found the duplicate key \"\""},
    {"{\"a\":1,\"b\":2,\"b\":3,\"a\":4}",
     "1:14 b: expected each field once, found the duplicate key \"b\""},
};
INSTANTIATE_TEST_SUITE_P(Keys, Refused, testing::ValuesIn(kKeys));

TEST(Syntax, notesSayWhereTheOtherPlaceIs) {
  EXPECT_EQ(Parsed("{\"a\":1,\n\"a\":1}").finding(1), "1:2 a: it is given here before");
  EXPECT_EQ(Parsed("{\"a\":\n [1").finding(1), "2:2 a: the array begins here");
}

TEST(Syntax, acceptsWhatTheStandardAllows) {
  for (const char *text :
       {"0", "-0", " null\r\n", "\"\"", "[]", "{}", "1E5", "-1.5e-3", "[[],{}]",
        "{\"a\":{\"a\":{\"a\":1}}}", "[{\"a\":1},{\"a\":1}]", "\"\x7F\"", "\"\xF4\x8F\xBF\xBF\"",
        "1e-400", "0e400", "123456789012345678901234567890"}) {
    Parsed parsed(text);
    EXPECT_NE(parsed.document, nullptr) << text << " " << parsed.finding();
  }
}

TEST(Syntax, decodesEscapes) {
  Parsed parsed(R"({"a\"\\\/\b\f\n\r\t":"\u00e9\u20AC\uD83D\ude00 x"})");
  ASSERT_NE(parsed.document, nullptr) << parsed.finding();
  Member member = *parsed.root().begin();
  EXPECT_EQ(member.key, "a\"\\/\b\f\n\r\t");
  EXPECT_EQ(member.value.string(), "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 x");
}

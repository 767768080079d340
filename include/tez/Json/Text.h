//===- Text.h - Words for messages ------------------------------*- C++ -*-===//

#ifndef TEZ_JSON_TEXT_H
#define TEZ_JSON_TEXT_H

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tez::json {

/// `text` as a JSON string with its quotes. Control characters and the marks
/// that change the direction of text are escaped, bytes that are not UTF-8
/// become U+FFFD: the result is safe on a terminal and valid JSON whatever comes in.
std::string quote(std::string_view text);

/// At most `limit` bytes of `text`, cut between characters; "..." tells a cut.
std::string abbreviate(std::string_view text, size_t limit = 64);

/// `"a", "b", "c"`: at most `limit` of them, then "and N more".
std::string quotedList(std::span<const std::string_view> words, size_t limit = 12);

/// Number of characters of UTF-8 text.
size_t countCharacters(std::string_view text);

/// `text` without the white space at both ends (ASCII and Unicode's).
std::string_view trim(std::string_view text);

/// The candidate that `word` was probably meant to be: the least edit distance
/// (insert, delete, replace, swap of neighbours; ASCII case and the characters
/// - _ . count little), if small against the length. The first of equals.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates);

/// `did you mean "x"?`, or nothing.
std::string didYouMean(std::string_view word, std::span<const std::string_view> candidates);

} // namespace tez::json

#endif // TEZ_JSON_TEXT_H

//===- PythonTest.cpp - The reader of forward_logic's Python --------------===//

#include "../../../lib/Blueprint/Python/Syntax.h"
#include <gtest/gtest.h>

using namespace tez::python;

/// The tree of one expression, in brackets.
static std::string shown(const Expr *expr) {
  if (!expr)
    return "_";
  std::string text = expr->text;
  if (expr->kind == ExprKind::Int)
    text = std::to_string(expr->integer);
  if (expr->kind == ExprKind::Float)
    text = std::to_string(expr->number);
  for (const std::string &name : expr->names)
    text += (text.empty() ? "" : " ") + (name.empty() ? "-" : name);
  if (expr->parts.empty())
    return text;
  text = "(" + text;
  for (const ExprPtr &part : expr->parts)
    text += " " + shown(part.get());
  return text + ")";
}

static std::string expression(std::string_view text) {
  Fault fault;
  std::optional<Block> block = parse(text, fault);
  if (!block)
    return std::to_string(fault.at.line) + ":" + std::to_string(fault.at.column) + ": " +
           fault.message;
  return shown(block->front()->exprs.front().get());
}

TEST(Python, BindsAsPythonDoes) {
  EXPECT_EQ(expression("a + b * c ** -d"), "(+ a (* b (** c (- d))))");
  EXPECT_EQ(expression("-a ** 2"), "(- (** a 2))");
  EXPECT_EQ(expression("a - b - c"), "(- (- a b) c)");
  EXPECT_EQ(expression("not a or b and c"), "(or (not a) (and b c))");
  EXPECT_EQ(expression("a < b <= c"), "(< <= a b c)");
  EXPECT_EQ(expression("a is not None"), "(is not a )");
  EXPECT_EQ(expression("x if c else y"), "( c x y)");
  EXPECT_EQ(expression("a @ b // c % d"), "(% (// (@ a b) c) d)");
}

TEST(Python, CallsAndSubscripts) {
  EXPECT_EQ(expression("f.g(a, *b, k=1)"), "(- * k (g f) a b 1)");
  EXPECT_EQ(expression("x[..., None, 1:, ::2]"), "( x (   ( 1 _ _) ( _ _ 2)))");
  EXPECT_EQ(expression("(a,)"), "(- a)");
  EXPECT_EQ(expression("(a)"), "a");
  EXPECT_EQ(expression("[f(i) for i in r if i]"), "( (- f i) i r i)");
  EXPECT_EQ(expression("1_000.5e-1"), "100.050000");
}

TEST(Python, Strings) {
  EXPECT_EQ(expression(R"('a\tb' "c" r'\d')"), "a\tbc\\d");
  EXPECT_EQ(expression("f'{a:.{n}f} {{no}} {b!r} {c=}'"), "( a n b c)");
  EXPECT_EQ(expression("\"\"\"two\nlines\"\"\""), "two\nlines");
}

TEST(Python, LinesJoin) {
  EXPECT_EQ(expression("f(a, # one\n  b)"), "(- - f a b)");
  EXPECT_EQ(expression("a + \\\n b"), "(+ a b)");
}

static const char *kClass = "class A(nn.Module):\n"
                            "\n"
                            "    # what it is\n"
                            "    def f(self, x: int = 1, *, y=None, **rest) -> int:\n"
                            "\t\"\"\"doc\"\"\"\n"
                            "\tif x: return 1\n"
                            "\telif y:\n"
                            "\t    pass\n"
                            "\telse:\n"
                            "\t    z = w = 2; z += 1\n"
                            "\treturn z\n";

TEST(Python, Statements) {
  Fault fault;
  std::optional<Block> block = parse(kClass, fault);
  ASSERT_TRUE(block) << fault.message;
  const Stmt &function = *block->front()->body.front();
  EXPECT_EQ(function.parameters.size(), 4u);
  EXPECT_TRUE(function.parameters[3].takesRest);
  ASSERT_EQ(function.body.size(), 3u);
  const Stmt &otherwise = *function.body[1]->otherwise.front();
  EXPECT_EQ(otherwise.kind, StmtKind::If);
  ASSERT_EQ(otherwise.otherwise.size(), 2u);
  EXPECT_EQ(otherwise.otherwise[0]->exprs.size(), 3u);
  EXPECT_EQ(otherwise.otherwise[1]->text, "+");
  EXPECT_EQ(function.body[2]->at.line, 11u);
}

TEST(Python, FaultsNameTheirPlace) {
  EXPECT_EQ(expression("a = (b"), "1:5: '(' is never closed");
  EXPECT_EQ(expression("a = b)"), "1:6: ')' closes no bracket");
  EXPECT_EQ(expression("x = 'a\ny"), "1:5: the string is never closed");
  EXPECT_EQ(expression("if a:\nb"), "2:1: expected an indented block, found 'b'");
  EXPECT_EQ(expression("if a:\n  b\n c"), "3:2: the indentation fits none of the blocks around it");
  EXPECT_EQ(expression("while True:\n  pass"),
            "1:1: 'while' is not in the subset that is translated");
  EXPECT_EQ(expression("f(lambda: 1)"), "1:3: 'lambda' is not in the subset that is translated");
  EXPECT_EQ(expression("a = $"), "1:5: expected a word of Python, found '$'");
  EXPECT_EQ(expression("a = 0x10"), "1:5: expected a decimal number, found one in another base");
  EXPECT_EQ(expression("a = 99999999999999999999"),
            "1:5: expected a number that 64 bits hold, found 99999999999999999999");
}

static std::string repeated(std::string_view unit, size_t times) {
  std::string text;
  for (size_t i = 0; i < times; ++i)
    text += unit;
  return text;
}

TEST(Python, DepthHasALimit) {
  for (std::string text :
       {repeated("(", 50000), repeated("-", 50000) + "a", repeated("not ", 50000) + "a",
        repeated("a+", 50000) + "a", repeated("a.", 50000) + "a",
        repeated("[", 200) + repeated("]", 200), "a" + repeated("**a", 50000),
        "a" + repeated(" if b else a", 10000), "f'" + repeated("{f", 200) + "'"})
    EXPECT_NE(expression(text).find(": "), std::string::npos) << text.substr(0, 20);
  std::string blocks;
  for (int i = 0; i < 300; ++i)
    blocks += std::string(i, ' ') + "if a:\n";
  EXPECT_NE(expression(blocks).find("nest deeper than"), std::string::npos);
  EXPECT_NE(expression(repeated("a\n", kMostBytes)).find("bytes"), std::string::npos);
}

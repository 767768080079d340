//===- Token.cpp - tez token ----------------------------------------------===//

#include "Commands.h"
#include "tez/Service/Digest.h"
#include "tez/Service/Store.h"
#include <chrono>
#include <iostream>

using namespace tez;
using namespace tez::service;

namespace {
struct TokenCommand {
  std::string database = "tez-registry.db", name, role;
  int64_t days = 0;

  void add();
  void list();
  void remove() { open().removeToken(name); }

private:
  Store open() const { return Store(openDatabase(database)); }
};
} // namespace

static int64_t microsecondsNow() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

void TokenCommand::add() {
  std::string secret = "tez_" + randomSecret();
  Token token{name, role, sha256Hex(secret), 0, {}};
  if (days > 0)
    token.expiresAt = microsecondsNow() + days * 86'400'000'000;
  open().addToken(token);
  std::cout << secret << "\n"; // now or never
}

void TokenCommand::list() {
  for (const Token &token : open().tokens()) {
    bool ended = token.expiresAt && *token.expiresAt <= microsecondsNow();
    std::cout << token.name << "\t" << token.role << (ended ? "\texpired" : "") << "\n";
  }
}

void tool::addToken(CLI::App &app) {
  auto it = std::make_shared<TokenCommand>();
  CLI::App *token = app.add_subcommand("token", "who may ask the registry for what");
  token->require_subcommand(1);
  CLI::App *add = token->add_subcommand("add", "make a token, printed once and kept as its hash");
  add->add_option(
         "--role", it->role,
         "reader (reads), designer (posts blueprints), worker (claims, posts kernels), admin")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>(roles.begin(), roles.end())));
  add->add_option("--days", it->days, "until it expires (default: never)")
      ->check(CLI::Range(1, 36'500));
  CLI::App *remove = token->add_subcommand("remove", "from a second later it is worth nothing");
  CLI::App *list = token->add_subcommand("list", "names and roles");
  for (CLI::App *sub : {add, remove, list})
    addDatabaseOption(*sub, it->database);
  for (CLI::App *sub : {add, remove})
    sub->add_option("NAME", it->name, "of the token")->required();
  add->callback([it] { it->add(); });
  remove->callback([it] { it->remove(); });
  list->callback([it] { it->list(); });
}

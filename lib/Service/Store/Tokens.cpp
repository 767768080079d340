//===- Tokens.cpp - Who may do what, kept as hashes -----------------------===//

#include "../JsonText.h"
#include "Rows.h"

using namespace tez::service;

std::vector<Token> Store::tokens() {
  std::vector<Token> found;
  database->read([&](Session &session) {
    found.clear();
    for (const Row &row : session.run(
             "SELECT name, role, hash, created_at, expires_at FROM tokens ORDER BY name", {})) {
      Token token{row.text(0), row.text(1), row.text(2), row.integer(3), {}};
      if (row.optional(4))
        token.expiresAt = row.integer(4);
      found.push_back(std::move(token));
    }
  });
  return found;
}

void Store::addToken(const Token &token) {
  database->write([&](Session &session) {
    Parameter expires = token.expiresAt ? Parameter(*token.expiresAt) : Parameter(nullptr);
    auto rows = session.run("INSERT INTO tokens (name, role, hash, created_at, expires_at) "
                            "VALUES ($1, $2, $3, wall_now(), $4) "
                            "ON CONFLICT (name) DO NOTHING RETURNING name",
                            {token.name, token.role, token.hash, expires});
    if (rows.empty())
      throw Refusal(Refusal::Kind::Conflict, "there is a token " + quoted(token.name) + " already");
  });
}

void Store::removeToken(const std::string &name) {
  database->write([&](Session &session) {
    if (session.run("DELETE FROM tokens WHERE name = $1 RETURNING name", {name}).empty())
      throw Refusal(Refusal::Kind::NotFound, "there is no token " + quoted(name));
  });
}

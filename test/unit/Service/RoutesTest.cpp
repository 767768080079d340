//===- RoutesTest.cpp - The calls and their description -------------------===//

#include "../../../lib/Service/Api/Calls.h"
#include "tez/Service/Embedded.h"
#include <gtest/gtest.h>
#include <set>

using namespace tez;
using namespace tez::service;

static std::set<std::string> served() {
  std::set<std::string> calls;
  for (auto routes : {blueprintRoutes(), leaseRoutes(), kernelRoutes(), pageRoutes()})
    for (const Route &route : routes)
      calls.insert(std::string(route.method) + " " + route.pattern);
  return calls;
}

static std::set<std::string> described() {
  json::Source source("openapi.json", std::string(embeddedText("openapi.json")));
  json::DiagnosticList faults;
  auto document = json::Document::parse(source, faults);
  std::set<std::string> calls;
  auto paths = document->root().object()->find("paths")->object();
  for (json::Member path : *paths) {
    auto methods = path.value.object();
    for (json::Member method : *methods) {
      std::string name(method.key);
      for (char &letter : name)
        letter = char(letter - 32);
      if (method.key != "parameters")
        calls.insert(name + " " + std::string(path.key));
    }
  }
  return calls;
}

TEST(Routes, AreAllDescribed) {
  std::set<std::string> calls = served();
  for (const char *forPeople : {"GET /", "GET /page.css", "GET /page.js"})
    EXPECT_EQ(calls.erase(forPeople), 1u);
  EXPECT_EQ(calls, described());
}

static std::string nameIn(const char *path) {
  std::string name = "-";
  findRoute("GET", path, name);
  return name;
}

TEST(Routes, NamesAreDecodedOnceAndPartedBefore) {
  EXPECT_EQ(nameIn("/api/v1/blueprints/a%20b"), "a b");
  EXPECT_EQ(nameIn("/api/v1/blueprints/a%252Fb"), "a%2Fb");
  EXPECT_EQ(nameIn("/api/v1/blueprints/a%2Fb"), "a/b"); // refused as an id, but no other path
  EXPECT_EQ(nameIn("/api/v1/blueprints/unvalidated"), "unvalidated");
}

static int faultOf(const char *method, const char *path) {
  std::string name;
  try {
    findRoute(method, path, name);
  } catch (const Fault &fault) {
    return fault.status;
  }
  return 0;
}

TEST(Routes, Faults) {
  EXPECT_EQ(faultOf("GET", "/api/v1/blueprints/a/b"), 404);
  EXPECT_EQ(faultOf("GET", "api/v1/blueprints"), 404);
  EXPECT_EQ(faultOf("GET", ""), 404);
  EXPECT_EQ(faultOf("GET", "/api/v1"), 404);
  EXPECT_EQ(faultOf("GET", "/api/v1/blueprints/%"), 400);
  EXPECT_EQ(faultOf("GET", "/api/v1/blueprints/%4"), 400);
  EXPECT_EQ(faultOf("DELETE", "/api/v1/blueprints"), 405);
}

//===- Check.cpp - tez check ----------------------------------------------===//

#include "Subcommands.h"

using namespace tez;

void tool::addCheck(CLI::App &app, Outcome &outcome) {}

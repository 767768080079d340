//===- Bell.cpp -----------------------------------------------------------===//

#include "tez/Service/Http.h"

using namespace tez::service::http;

void Bell::ring(size_t most) {
  ++count; // before anybody is looked for: who comes later has heard it
  std::lock_guard lock(mutex);
  if (hammer && most > 0)
    hammer(most);
}

void Bell::attach(std::function<void(size_t)> given) {
  std::lock_guard lock(mutex);
  hammer = std::move(given);
}

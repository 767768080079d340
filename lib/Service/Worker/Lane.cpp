//===- Lane.cpp -----------------------------------------------------------===//

#include "Lane.h"
#include "Files.h"
#include "Log.h"
#include <utility>

using namespace tez::worker;

static constexpr Backoff polling{Milliseconds(100), Milliseconds(5000)};
static constexpr Backoff between{Milliseconds(250), Milliseconds(5000)};
/// For a blueprint, at the registry; longer than any of `polling`, shorter than what proxies bear.
static constexpr std::chrono::seconds waiting{20};
static constexpr unsigned mostAttempts = 5;  ///< of one call
static constexpr unsigned mostFailures = 10; ///< in a row, with --once

/// A compiler that cannot do this would turn every blueprint into a failure.
void Lane::warmUp() {
  auto untried = shop.compilers.takeUntried();
  if (!untried)
    return;
  WorkFolder folder(shop.store.workPlace());
  Job probe{"probe", R"({"type": "linear", "config": {"input_size": 2, "hidden_sizes": [2]}})"};
  Compilation made =
      compile({probe, folder.path, shop.options, **untried, [this] { return shop.stop.asked(); }});
  if (made.end != Compilation::End::Kernel)
    throw std::runtime_error("the compiler does not compile a small network: " + made.reason);
  untried->tried();
}

void Lane::run() {
  try {
    warmUp();
  } catch (const GivenUp &) {
    return;
  }
  while (!shop.stop.asked())
    try {
      if (!step())
        return;
      failures = 0;
    } catch (const GivenUp &) { // the end was asked for while it waited for a claim
      compiler.reset();
    } catch (const std::runtime_error &fault) { // Unavailable, Refused
      compiler.reset();
      log("error", "no claim", {{"reason", fault.what()}});
      if (shop.options.once && ++failures >= mostFailures)
        throw;
      shop.stop.wait(between.delay(std::max(failures, 1u)));
    }
}

void Lane::needStore() {
  if (!shop.storeGuard.isOpen())
    return;
  shop.storeGuard.run([this] {
    if (!shop.store.isHealthy())
      throw Unavailable("the store does not take a file");
  });
}

/// False: there is no more to do.
bool Lane::step() {
  needStore();
  compiler = shop.compilers.take(shop.stop);
  if (!compiler)
    return false;
  std::optional<Job> job;
  auto asked = std::chrono::steady_clock::now();
  {
    Phase phase(shop.metrics, "claim");
    job = shop.registry.claim(shop.options.once ? std::chrono::seconds(0) : waiting);
  }
  if (job) {
    idle = 0;
    work(*job);
    compiler.reset();
    return true;
  }
  bool ends = shop.options.once && shop.registry.isEmpty();
  // It did not wait for us. With the compiler: the others need not ask, too.
  if (!ends && std::chrono::steady_clock::now() - asked < waiting / 2)
    shop.stop.wait(polling.delay(++idle));
  compiler.reset();
  return !ends;
}

void Lane::hold(const Job *job) {
  std::lock_guard lock(mutex);
  lost = false;
  held = job ? std::optional(*job) : std::nullopt;
}

void Lane::heartbeat() {
  std::lock_guard lock(mutex); // a job that has ended is not kept
  if (!held)
    return;
  try {
    lost = !shop.registry.keep(*held);
    if (lost)
      log("warning", "lost", {{"blueprint", held->id}, {"fence", held->fence}});
  } catch (const std::runtime_error &fault) {
    log("warning", "no heartbeat", {{"blueprint", held->id}, {"reason", fault.what()}});
  }
}

void Lane::work(const Job &job) {
  Trace trace(job.id, job.traceparent);
  log("info", "claimed", {{"blueprint", job.id}, {"fence", job.fence}, {"try", job.tries}});
  hold(&job);
  try {
    attempt(job);
  } catch (const GivenUp &) {
    giveBack(job, "");
  } catch (const LeaseLost &fault) { // a zombie's answer, which is nobody's failure
    log("warning", "lost", {{"blueprint", job.id}, {"fence", job.fence}, {"reason", fault.what()}});
    shop.metrics.ended(Verdict::GivenBack);
  } catch (const CompilerDied &died) {
    fail(job, died.what());
  } catch (const ServerFault &fault) { // at this blueprint's data, perhaps: it is a try
    fail(job, fault.what());
  } catch (const Unavailable &fault) {
    log("error", "unavailable", {{"blueprint", job.id}, {"reason", fault.what()}});
    giveBack(job, "");
    shop.stop.wait(between.delay(4));         // it would be claimed again at once
  } catch (const std::runtime_error &fault) { // Refused
    fail(job, fault.what());
  }
  keepTrace(trace);
}

void Lane::keepTrace(const Trace &trace) const {
  if (shop.options.traces.empty())
    return;
  std::filesystem::path folder = shop.options.traces;
  try {
    writeFileAtomically(folder / (trace.id() + "-" + trace.span() + ".json"),
                        toText(trace.chrome()));
  } catch (const Unavailable &fault) {
    log("warning", "no trace", {{"reason", fault.what()}});
  }
}

/// What ends the compiler is a try; after the last one there may still be a model.
Compilation Lane::compileIn(const std::filesystem::path &folder, const Job &job) {
  Phase phase(shop.metrics, "compile");
  if (!compiler)
    throw std::logic_error("a job without a compiler");
  CompilerPool::Use use = std::move(*compiler); // given back at the end of this
  compiler.reset();
  Attempt attempt{job, folder, shop.options, *use, [this] { return lost || shop.stop.asked(); }};
  try {
    return compile(attempt);
  } catch (const CompilerDied &died) {
    if (job.tries < mostTries)
      throw;
    return compileModel(attempt, {Compilation::End::Failed, died.what()});
  }
}

void Lane::attempt(const Job &job) {
  if (wasPublished(job)) {
    shop.metrics.reused();
    return finish(job, Verdict::Validated, "");
  }
  std::optional<WorkFolder> folder;
  shop.storeGuard.run([&] { folder.emplace(shop.store.workPlace()); });
  if (!folder)
    throw std::logic_error("a guard that neither runs nor throws");
  Compilation made = compileIn(folder->path, job);
  switch (made.end) {
  case Compilation::End::Kernel:
    return finishKernel(job, made);
  case Compilation::End::Model:
    return finishModel(job, made);
  case Compilation::End::BadBlueprint:
    return finish(job, Verdict::Invalid, made.reason);
  case Compilation::End::NotValidated:
    return refuse(job, made.reason);
  case Compilation::End::Failed:
    shop.storeGuard.run([this] { // a full disk is not the blueprint's fault
      if (!shop.store.isHealthy())
        throw Unavailable("the store does not take a file");
    });
    return fail(job, made.reason);
  }
}

/// A worker that died between the kernel and the status has left only the status to do. A
/// model is no reason not to try a kernel again.
bool Lane::wasPublished(const Job &job) {
  for (const KernelRow &row : shop.registry.kernels(job.id)) {
    bool ours = row.status == "validated" && row.id.find('/') == std::string::npos &&
                row.reference == shop.store.reference(row.id, kernelFile);
    std::optional<Json> there;
    if (ours && row.blueprintId == job.id)
      shop.storeGuard.run([&] { there = shop.store.find(row.id); });
    if (there && textAt(*there, "checksum") == textAt(row.report, "checksum"))
      return true;
  }
  return false;
}

/// From what is stored alone, so that who comes second says the same.
static KernelRow rowOf(const Job &job, const std::string &id, const Json &stored) {
  KernelRow row;
  row.id = id;
  row.blueprintId = job.id;
  bool model = fileOf(stored) == modelFile;
  row.status = model ? textAt(stored, "status") : "validated";
  row.pipeline = model ? "onnx" : textAt(valueAt(stored, "optimization_flags"), "tier");
  for (const char *key :
       {"checksum", "bytes", "created_at", "content_id", "parameter_count", "compilation_target",
        "optimization_flags", "toolchain", "base_compilation_because", "onnx_because",
        "unchecked_because", "evidence"})
    if (const Json &value = valueAt(stored, key); !value.is_null())
      row.report[key] = value;
  return row;
}

/// The metadata of what is stored then.
Json Lane::publish(const Job &job, const Compilation &made) {
  std::string id = textAt(made.metadata, "kernel_id");
  Json stored;
  {
    Phase phase(shop.metrics, "store");
    retry(mostAttempts, between, shop.stop, [&] {
      shop.storeGuard.run([&] { stored = shop.store.put(id, made.file, made.metadata); });
    });
  }
  KernelRow row = rowOf(job, id, stored);
  row.reference = shop.store.reference(id, fileOf(stored));
  {
    Phase phase(shop.metrics, "post");
    retry(mostAttempts, between, shop.stop, [&] { shop.registry.post(row); });
  }
  return stored;
}

void Lane::noteFallback(const Job &job, const char *to, const std::string &reason) {
  shop.metrics.fellBack(to);
  log("warning", "fallback", {{"blueprint", job.id}, {"to", to}, {"reason", reason}});
}

void Lane::finishKernel(const Job &job, const Compilation &made) {
  std::string because = textAt(publish(job, made), "base_compilation_because");
  if (!because.empty())
    noteFallback(job, "base", because);
  finish(job, Verdict::Validated, because);
}

/// That there is no kernel is somebody's work, whatever the model is worth.
void Lane::finishModel(const Job &job, const Compilation &made) {
  Json stored = publish(job, made);
  noteFallback(job, "onnx", made.reason);
  std::string unchecked = textAt(stored, "unchecked_because");
  if (!unchecked.empty())
    return refuse(job, made.reason + "\nas ONNX model: stored as " + textAt(stored, "kernel_id") +
                           ", but not checked: " + unchecked);
  report(job, "onnx_only", made.reason);
  finish(job, Verdict::Model, "only as ONNX model, which does not train: " + made.reason);
}

void Lane::finish(const Job &job, Verdict verdict, const std::string &reason) {
  hold(nullptr); // a heartbeat that comes late must not set the status back
  bool good = verdict == Verdict::Validated || verdict == Verdict::Model;
  const char *status = good ? "validated" : "invalid";
  {
    Phase phase(shop.metrics, "complete");
    retry(mostAttempts, between, shop.stop, [&] { shop.registry.complete(job, status, reason); });
  }
  shop.metrics.ended(verdict);
  Json fields = {{"blueprint", job.id}};
  if (!reason.empty())
    fields["reason"] = reason;
  log("info", status, fields);
}

/// Neither optimized nor without, nor as a model that is known to be right.
void Lane::refuse(const Job &job, const std::string &reason) {
  report(job, "not_validated", reason);
  finish(job, Verdict::NotValidated, reason);
}

void Lane::fail(const Job &job, const std::string &reason) {
  log("error", "failed", {{"blueprint", job.id}, {"try", job.tries}, {"reason", reason}});
  bool last = job.tries >= mostTries;
  shop.metrics.ended(last ? Verdict::DeadLetter : Verdict::Failed);
  if (last)
    report(job, "dead_letter", reason);
  giveBack(job, reason);
}

/// Keeps what is needed to see it again, and tells the webhook.
void Lane::report(const Job &job, const char *event, const std::string &reason) {
  Json why = {{"event", event},
              {"reason", reason},
              {"worker", shop.options.name},
              {"compile_options", shop.options.compileOptions},
              {"trace_id", Trace::current()->id()}};
  try {
    shop.store.keepFailed(job.id, job.text, why);
  } catch (const std::runtime_error &fault) { // Unavailable, GivenUp
    log("error", "not kept", {{"blueprint", job.id}, {"reason", fault.what()}});
  }
  Json told = {{"blueprint_id", job.id}};
  told.update(why);
  shop.webhook.tell(told);
}

/// What cannot be given back comes free by itself, when its time is over.
void Lane::giveBack(const Job &job, const std::string &reason) {
  hold(nullptr);
  if (reason.empty())
    shop.metrics.ended(Verdict::GivenBack);
  try {
    shop.registry.giveBack(job, reason);
    log("info", "given back", {{"blueprint", job.id}});
  } catch (const std::runtime_error &fault) {
    log("warning", "not given back", {{"blueprint", job.id}, {"reason", fault.what()}});
  }
}

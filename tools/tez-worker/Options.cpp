//===- Options.cpp --------------------------------------------------------===//

#include "Options.h"
#include "tez/Service/Digest.h"
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

using namespace tez;

static std::string faultOfUrl(const std::string &url) {
  bool http = url.starts_with("http://") || url.starts_with("https://");
  return http ? "" : "expected http://HOST:PORT or https://HOST:PORT, found " + url;
}

static void addLimits(CLI::App &command, worker::CompilerLimits &limits) {
  command
      .add_option_function<unsigned>(
          "--job-seconds", [&](unsigned it) { limits.time = std::chrono::seconds(it); },
          "that a blueprint may take; then the compiler is ended, and it counts as a try [300]")
      ->check(CLI::Range(1, 86'400));
  command
      .add_option_function<unsigned>(
          "--job-memory", [&](unsigned it) { limits.addressSpace = uint64_t(it) << 20; },
          "MiB of address space of a compiler [16384]")
      ->check(CLI::Range(1024, 1 << 24));
}

void tool::addRegistryOption(CLI::App &command, std::string &url) {
  command.add_option("--registry", url, "URL of the registry")
      ->required()
      ->check(CLI::Validator(faultOfUrl, "URL"));
}

worker::Client::Options tool::clientOptions(std::string url) {
  while (url.ends_with('/'))
    url.pop_back();
  const char *token = std::getenv("TEZ_TOKEN");
  return {.base = std::move(url), .token = token ? token : ""};
}

static void addTelemetry(CLI::App &command, worker::WorkerOptions &options) {
  command.add_option("--metrics", options.metrics, "ADDRESS:PORT where Prometheus may ask");
  command
      .add_option("--webhook", options.webhook,
                  "URL that is told what no compilation got through; signed by "
                  "$TEZ_WEBHOOK_SECRET")
      ->check(CLI::Validator(faultOfUrl, "URL"));
  command.add_option("--traces", options.traces, "folder for a Chrome trace of each job")
      ->check(CLI::ExistingDirectory);
}

void tool::addStoreOptions(CLI::App &command, std::string &store, std::string &work) {
  command.add_option("--store", store, "where kernels go: a folder, or s3://BUCKET[/PREFIX]")
      ->required();
  command.add_option("--work", work,
                     "folder for work under way, with s3:// (default: one in $TMPDIR or /tmp)");
}

void tool::addWorkerOptions(CLI::App &command, worker::WorkerOptions &options) {
  addRegistryOption(command, options.registry);
  addStoreOptions(command, options.store, options.work);
  command.add_option("--workers", options.workers, "blueprints at once, each with a compiler")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command.add_flag("--once", options.once, "end when the queue is empty");
  command.add_option("--sign-key", options.signKey, "secret key: sign the kernels")
      ->check(CLI::ExistingFile);
  command.add_option("--lease-seconds", options.leaseSeconds, "of a claim between two heartbeats")
      ->check(CLI::Range(3, 3600))
      ->capture_default_str();
  command.add_option("--name", options.name, "of this worker, unlike any other's");
  command.add_option("--tier", options.tier, "how much to optimise")
      ->check(CLI::IsMember({"fast", "standard"}))
      ->capture_default_str();
  command.add_option("--compile-option", options.compileOptions,
                     "another option of `tez compile`; may be repeated. The second compilation, "
                     "of what did not come through validation, does without");
  command.add_option("--base-option", options.baseOptions,
                     "an option of that second compilation; may be repeated");
  command.add_option("--onnx-option", options.onnxOptions,
                     "an option of the ONNX model where that fails as well; may be repeated");
  command.add_option("--onnx-checker", options.onnxChecker,
                     "the program that judges the model (default: tez-onnx-check beside this one)");
  addLimits(command, options.limits);
  addTelemetry(command, options);
  command.footer(
      "Stops at SIGTERM, and gives back what is not done. $TEZ_TOKEN is sent to the "
      "registry; with s3:// the usual $AWS_... say where and as whom. docs/worker.md tells more.");
}

static std::string uniqueName() {
  char host[65] = "";
  gethostname(host, sizeof(host) - 1);
  return std::string(host) + "." + std::to_string(getpid()) + "." +
         service::randomSecret().substr(0, 8);
}

void tool::complete(worker::WorkerOptions &options) {
  worker::Client::Options client = clientOptions(options.registry);
  options.registry = client.base;
  options.token = client.token;
  if (options.name.empty())
    options.name = uniqueName();
  if (const char *secret = std::getenv("TEZ_WEBHOOK_SECRET"))
    options.webhookSecret = secret;
  if (!options.webhook.empty() && options.webhookSecret.empty())
    throw std::runtime_error("--webhook needs TEZ_WEBHOOK_SECRET in the environment, which is not "
                             "set: whoever is told must be able to tell who tells");
  std::error_code error;
  auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  options.compiler = (folder / "tez").string();
  if (options.onnxChecker.empty())
    options.onnxChecker = (folder / "tez-onnx-check").string();
  if (access(options.compiler.c_str(), X_OK))
    throw std::runtime_error("cannot run " + options.compiler + "; it belongs beside tez-worker");
}

//===- Kernels.cpp --------------------------------------------------------===//

#include "../JsonText.h"
#include "Calls.h"

using namespace tez::service;

std::string tez::service::toJson(const Kernel &it) {
  return JsonObject()
      .text("id", it.id)
      .text("blueprint_id", it.blueprintId)
      .text("status", it.status)
      .text("compilation_pipeline", it.pipeline)
      .text("kernel_binary_ref", it.binaryRef)
      .raw("validation_report", it.report)
      .time("created_at", it.createdAt)
      .time("updated_at", it.updatedAt)
      .textOrNull("traceparent", it.traceparent)
      .done();
}

static void logPosted(const Call &call, const NewKernel &posted) {
  JsonObject fields;
  fields.text("kernel", posted.id).text("blueprint", posted.blueprintId);
  fields.text("status", posted.status);
  if (call.caller)
    fields.text("trace_id", call.caller->trace);
  call.log.change("posted", call.caller, std::move(fields));
}

static http::Response post(Call &call) {
  call.query.finish();
  Body body(call.request);
  NewKernel posted{body.id("id", mostKernelId),
                   body.id("blueprint_id", mostBlueprintId),
                   body.oneOf("status", kernelStatuses),
                   body.text("compilation_pipeline", 1, mostPipeline),
                   body.text("kernel_binary_ref", 1, mostBinaryRef),
                   body.object("validation_report"),
                   traceparentOf(call)};
  body.finish();
  Posted<Kernel> result = call.store.postKernel(posted);
  if (result.created)
    logPosted(call, posted);
  return {result.created ? 201 : 200, toJson(result.record)};
}

static http::Response show(Call &call) {
  if (std::string fault = faultOfId(call.name, mostKernelId); !fault.empty())
    throw Fault(422, "id: " + fault);
  call.query.finish();
  std::optional<Kernel> found = call.store.kernel(call.name);
  if (!found)
    throw Fault(404, "there is no kernel " + quoted(call.name));
  return {200, toJson(*found)};
}

static http::Response list(Call &call) {
  KernelQuery query;
  query.blueprintId = call.query.take("blueprint_id");
  if (query.blueprintId)
    if (std::string fault = faultOfId(*query.blueprintId, mostBlueprintId); !fault.empty())
      throw Fault(422, "blueprint_id: " + fault);
  query.limit = call.query.integer("limit", 1, mostRecords).value_or(usualRecords);
  query.after = call.query.integer("cursor", 0, INT64_MAX - 1).value_or(0);
  call.query.finish();
  return pageOf(call, call.store.kernels(query));
}

std::span<const Route> tez::service::kernelRoutes() {
  static constexpr Route routes[] = {
      {"POST", "/internal/v1/kernels", Right::Work, post},
      {"GET", "/api/v1/kernels", Right::Read, list},
      {"GET", "/api/v1/kernels/{id}", Right::Read, show},
  };
  return routes;
}

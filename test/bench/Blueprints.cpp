//===- Blueprints.cpp - Blueprints made to be timed -----------------------===//

#include "Blueprints.h"

using namespace tez;

static std::string number(int64_t value) { return std::to_string(value); }

/// "[x,x,x]"
static std::string repeated(int64_t count, const std::string &element) {
  std::string list = "[";
  for (int64_t i = 0; i < count; ++i)
    list += (i ? "," : "") + element;
  return list + "]";
}

static std::string makeLinear(int64_t depth, int64_t width, const std::string &more) {
  return R"({"type":"linear","config":{"input_size":)" + number(width) + R"(,"hidden_sizes":)" +
         repeated(depth - 1, number(width)) + R"(,"output_size":)" + number(width) + more + "}}";
}

std::string bench::makeLinear(int64_t depth, int64_t width) {
  return ::makeLinear(depth, width, "");
}

static std::string makeConv(int i) {
  int depth = 1 + i % 4;
  return R"({"type":"conv","config":{"in_channels":)" + number(1 + i % 5) + R"(,"out_channels":)" +
         repeated(depth, number(8 + i % 32)) + R"(,"kernel_sizes":)" + repeated(depth, "3") +
         R"(,"strides":)" + repeated(depth, "1") + R"(,"paddings":)" + repeated(depth, "1") +
         R"(,"activation":")" + (i % 2 ? "relu" : "gelu") + R"(","pool_type":")" +
         (i % 3 ? "max" : "avg") + R"("}})";
}

static std::string node(const std::string &id, const std::string &type,
                        const std::string &attributes) {
  return R"({"id":")" + id + R"(","op_type":")" + type + R"(","attributes":{)" + attributes + "}}";
}

static std::string edge(int64_t index, const std::string &from, const std::string &to) {
  return (index ? "," : "") + (R"({"id":"e)" + number(index)) + R"(","source":")" + from +
         R"(","target":")" + to + R"(","connection_type":"forward"})";
}

std::string bench::makeGraph(int64_t depth, int64_t width) {
  std::string nodes = node("in", "input", R"("shape":[-1,)" + number(width) + "]"), edges;
  std::string last = "in",
              sizes = R"("in_features":)" + number(width) + R"(,"out_features":)" + number(width);
  int64_t numEdges = 0;
  for (int64_t i = 0; i < depth / 2; ++i) {
    std::string linear = "l" + number(i), sum = "s" + number(i);
    nodes += "," + node(linear, "linear", sizes) + "," + node(sum, "add", "");
    edges += edge(numEdges++, last, linear);
    edges += edge(numEdges++, linear, sum);
    edges += edge(numEdges++, last, sum);
    last = sum;
  }
  edges += edge(numEdges++, last, "out");
  return R"({"id":"g","name":"g","nodes":[)" + nodes + "," + node("out", "output", "") +
         R"(],"edges":[)" + edges + "]}";
}

std::string bench::makeSequential(int64_t depth, int64_t width) {
  std::string layer = R"({"type":"torch.nn.Conv1d","in_channels":)" + number(width) +
                      R"(,"out_channels":)" + number(width) + R"(,"kernel_size":1})";
  return R"({"metadata":{"blueprint_id":"s","name":"s","version":"1.0.0","category":"custom"},)"
         R"("architecture":{"module_type":"torch.nn.Sequential","config":{"layers":)" +
         repeated(depth - 1, layer) + "}}}";
}

static std::string makeOne(int i) {
  switch (i % 6) {
  case 0:
    return ::makeLinear(1 + i % 7, 16 + i, i % 4 ? R"(,"dropout":0.1)" : R"(,"activation":"gelu")");
  case 1:
    return makeConv(i);
  case 2:
    return R"({"type":"attention","config":{"embed_dim":)" + number(8 * (1 + i % 40)) +
           R"(,"num_heads":4}})";
  case 3:
    return R"({"type":"custom","config":{"dim":)" + number(16 + i) + R"(,"num_blocks":)" +
           number(1 + i % 5) + "}}";
  case 4:
    return R"({"type":"linear","input_size":)" + number(10 + i) + R"(,"hidden_size":32})";
  default:
    return bench::makeGraph(2 + i % 16, 16 + i);
  }
}

std::vector<std::string> bench::makeMixture(int count) {
  std::vector<std::string> blueprints;
  for (int i = 0; i < count; ++i)
    blueprints.push_back(makeOne(i));
  return blueprints;
}

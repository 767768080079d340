//===- GraphLayout.cpp - Where the nodes of a graph stand -----------------===//

#include "GraphLayout.h"
#include "Separation.h"
#include <algorithm>
#include <numeric>

using namespace tez::report;

static constexpr size_t kMostNodes = 600, kMostVertices = 8000;
static constexpr double kLayerGap = 30, kNodeGap = 18, kMargin = 8;
static constexpr double kPassing = 6; ///< width of the place where an edge passes a layer

namespace {
/// A node, or a point where an edge passes a layer.
struct Vertex {
  double width = kPassing, centre = 0;
  unsigned layer = 0;
  std::vector<unsigned> above, below;
};

class Layouter {
public:
  Layouter(const Graph &graph, const std::vector<double> &widths, double height)
      : graph(graph), height(height), vertices(graph.nodes.size()) {
    for (size_t i = 0; i < widths.size(); ++i)
      vertices[i].width = widths[i];
  }

  std::optional<GraphLayout> run();

private:
  void assignLayers();
  bool routeEdges();
  void order();
  void place();
  void sweep(bool down, const std::vector<double> &keys);
  GraphLayout finish() const;
  double top(unsigned layer) const { return kMargin + layer * (height + kLayerGap); }

  const Graph &graph;
  double height;
  std::vector<Vertex> vertices;              ///< the nodes first
  std::vector<std::vector<unsigned>> chains; ///< for each edge its vertices
  std::vector<std::vector<unsigned>> layers;
};
} // namespace

/// Below all that is read. What reads nothing stands right above its first reader.
void Layouter::assignLayers() {
  std::vector<bool> reads(graph.nodes.size());
  for (auto [from, to] : graph.edges) { // sorted by `to`, and from < to
    vertices[to].layer = std::max(vertices[to].layer, vertices[from].layer + 1);
    reads[to] = true;
  }
  std::vector<unsigned> first(graph.nodes.size(), ~0u);
  for (auto [from, to] : graph.edges)
    first[from] = std::min(first[from], vertices[to].layer);
  for (size_t i = 0; i < first.size(); ++i)
    if (!reads[i] && first[i] != ~0u && graph.nodes[i].kind != GraphNode::Kind::Input)
      vertices[i].layer = first[i] - 1;
}

bool Layouter::routeEdges() {
  for (auto [from, to] : graph.edges) {
    std::vector<unsigned> chain = {from};
    for (unsigned layer = vertices[from].layer + 1; layer < vertices[to].layer; ++layer) {
      chain.push_back(unsigned(vertices.size()));
      vertices.push_back({});
      vertices.back().layer = layer;
      if (vertices.size() > kMostVertices)
        return false;
    }
    chain.push_back(to);
    for (size_t i = 1; i < chain.size(); ++i) {
      vertices[chain[i - 1]].below.push_back(chain[i]);
      vertices[chain[i]].above.push_back(chain[i - 1]);
    }
    chains.push_back(std::move(chain));
  }
  for (unsigned i = 0; i < vertices.size(); ++i) {
    layers.resize(std::max<size_t>(layers.size(), vertices[i].layer + 1));
    layers[vertices[i].layer].push_back(i);
  }
  return true;
}

static double meanOf(const std::vector<unsigned> &neighbours, const std::vector<double> &values,
                     double otherwise) {
  if (neighbours.empty())
    return otherwise;
  double sum = 0;
  for (unsigned neighbour : neighbours)
    sum += values[neighbour];
  return sum / double(neighbours.size());
}

/// Sorts each layer by the mean position of its neighbours in the one before.
void Layouter::order() {
  std::vector<double> position(vertices.size());
  auto settle = [&](const std::vector<unsigned> &layer) {
    for (size_t i = 0; i < layer.size(); ++i)
      position[layer[i]] = double(i) - double(layer.size() - 1) / 2;
  };
  std::ranges::for_each(layers, settle);
  for (int round = 0; round < 12; ++round) {
    bool down = round % 2 == 0;
    for (size_t i = 0; i < layers.size(); ++i) {
      auto &layer = layers[down ? i : layers.size() - 1 - i];
      std::vector<double> keys(vertices.size());
      for (unsigned v : layer)
        keys[v] = meanOf(down ? vertices[v].above : vertices[v].below, position, position[v]);
      std::ranges::sort(layer, {}, [&](unsigned v) { return std::pair(keys[v], position[v]); });
      settle(layer);
    }
  }
}

/// Moves every vertex towards its neighbours as far as the others let it.
void Layouter::place() {
  std::vector<double> centres(vertices.size());
  for (int round = 0; round < 16; ++round)
    for (size_t i = 0; i < layers.size(); ++i) {
      bool down = round % 2 == 0;
      const auto &layer = layers[down ? i : layers.size() - 1 - i];
      std::vector<Wish> wishes;
      for (unsigned v : layer) {
        const auto &near = down ? vertices[v].above : vertices[v].below;
        double weight = v < graph.nodes.size() ? 1 : 3; // long edges are straight
        wishes.push_back({meanOf(near, centres, centres[v]), vertices[v].width, weight});
      }
      std::vector<double> placed = separate(wishes, kNodeGap);
      for (size_t j = 0; j < layer.size(); ++j)
        centres[layer[j]] = placed[j];
    }
  double left = 0;
  for (size_t v = 0; v < vertices.size(); ++v)
    left = std::min(left, centres[v] - vertices[v].width / 2);
  for (size_t v = 0; v < vertices.size(); ++v)
    vertices[v].centre = centres[v] - left + kMargin;
}

GraphLayout Layouter::finish() const {
  GraphLayout layout;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Vertex &v = vertices[i];
    layout.boxes.push_back({v.centre - v.width / 2, top(v.layer), v.width, height});
  }
  for (const auto &chain : chains) {
    std::vector<Point> route;
    for (size_t i = 0; i < chain.size(); ++i) {
      const Vertex &v = vertices[chain[i]];
      if (i != 0)
        route.push_back({v.centre, top(v.layer)});
      if (i + 1 != chain.size())
        route.push_back({v.centre, top(v.layer) + height});
    }
    layout.routes.push_back(std::move(route));
  }
  for (const Vertex &v : vertices)
    layout.width = std::max(layout.width, v.centre + v.width / 2 + kMargin);
  layout.height = top(unsigned(layers.size())) - kLayerGap + kMargin;
  return layout;
}

std::optional<GraphLayout> Layouter::run() {
  if (graph.nodes.empty() || graph.nodes.size() > kMostNodes)
    return std::nullopt;
  assignLayers();
  if (!routeEdges())
    return std::nullopt;
  order();
  place();
  return finish();
}

std::optional<GraphLayout> tez::report::layOut(const Graph &graph,
                                               const std::vector<double> &widths, double height) {
  return Layouter(graph, widths, height).run();
}

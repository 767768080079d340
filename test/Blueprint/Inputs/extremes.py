"""Writes the blueprints of extremes.test into the folder given."""
import json
import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[1])


def write(name, content):
    text = content if isinstance(content, (bytes, str)) else json.dumps(content)
    (FOLDER / f"{name}.json").write_bytes(text if isinstance(text, bytes) else text.encode())


def node(name, op_type, **attributes):
    return {"id": name, "op_type": op_type, "attributes": attributes}


def graph(nodes, links):
    edges = [{"id": f"e{n}", "source": source, "target": target} for n, (source, target) in enumerate(links)]
    return {"id": "g", "name": "graph", "nodes": nodes, "edges": edges}


def chain(count, op_type, **attributes):
    middle = [f"n{i}" for i in range(count)]
    way = ["x", *middle, "y"]
    nodes = [node("x", "input", shape=[-1, 2]), *(node(n, op_type, **attributes) for n in middle), node("y", "output")]
    return nodes, list(zip(way, way[1:]))


def main():
    write("chain", graph(*chain(4096, "linear", in_features=2, out_features=2)))
    for name, count in (("hidden", 4096), ("hidden-over", 4097)):
        write(name, {"type": "linear", "config": {"hidden_sizes": [1] * count}})
    write("blocks", {"type": "custom", "config": {"dim": 1, "num_blocks": 4096}})
    write("nodes", '{"id":"g","name":"n","nodes":[' + ",".join(['{"id":"n"}'] * 800000) + '],"edges":[]}')
    write("edges", '{"id":"g","name":"n","nodes":[],"edges":[' + ",".join(["{}"] * 200000) + "]}")
    write("dangling", graph(chain(4096, "identity")[0], [(f"nobody{i}", f"none{i}") for i in range(60000)]))
    nodes, links = chain(4096, "identity")
    write("cycle", graph(nodes, [("n4095", "n0"), *links[1:-1], ("x", "y")]))
    write("brackets", "[" * 100000)
    write("objects", '{"a":' * 100000)
    write("long", " " * (17 << 20))
    write("utf8", b'{"name": "n\xff"}')
    write("utf16", '{"name": "n"}'.encode("utf-16"))
    write("mark", b'\xef\xbb\xbf{"type": "linear"}')
    write("empty", "")


main()

#!/usr/bin/env python3
"""Random valid graphs (form 1c). One seed is one graph: `graphs.py SEED` prints it, `graphs.py SEED COUNT FOLDER`
writes COUNT of them."""
import json
import pathlib
import sys

import _moves_any
import _moves_dense
import _moves_image
from _graph import Builder, declared

# Beyond it the interpreter would be slow.
MOST_ELEMENTS = 1500


def first_input(b):
    """What the graph is about: vectors, sequences, tokens or images."""
    kind = b.pick("vectors", "sequence", "sequence", "tokens", "image", "image", "image")
    positions = b.pick("S", 1, 3, 4, 5, 6)
    if kind == "vectors":
        return b.input(("B", b.width()))
    if kind == "sequence":
        return b.input(("B", positions, b.width()))
    if kind == "tokens":
        count, width = b.pick(1, 7, 11), b.width()
        tokens = b.input(("B", positions), below=count)
        return b.op("embedding", {"num_embeddings": count, "embedding_dim": width}, [tokens], ("B", positions, width))
    sizes = ("H", "W") if b.chance(0.2) else (b.pick(1, 4, 5, 6, 8), b.pick(3, 4, 6, 7))
    return b.input(("B", b.pick(1, 2, 3, 4), *sizes))


def elements(shape):
    product = 1
    for d in shape:
        product *= d if isinstance(d, int) else 5
    return product


def moves_for(value):
    special = _moves_image.MOVES if value.rank == 4 else _moves_dense.MOVES
    return [*_moves_any.MOVES, *[(2 * weight, move) for weight, move in special]]


def step(b):
    value = b.of_rank(2, 3, 4)
    if not value or value.shape[0] != "B" or elements(value.shape) > MOST_ELEMENTS:
        return
    weights, moves = zip(*moves_for(value))
    b.rng.choices(moves, weights)[0](b, value)
    b.keep_flat_apart()


def graph(seed):
    b = Builder(seed)
    for _ in range(b.pick(1, 1, 1, 2)):
        first_input(b)
    for _ in range(b.pick(2, 3, 4, 5, 6, 8, 10)):
        step(b)
    blueprint = b.finish()
    order = [node["id"] for node in blueprint["nodes"]]
    return blueprint, sorted(b.inputs, key=lambda value: order.index(value.node))


def main(arguments):
    first, count, folder = int(arguments[0]), int((arguments[1:] or ["1"])[0]), arguments[2:]
    for seed in range(first, first + count):
        blueprint, inputs = graph(seed)
        if folder:
            pathlib.Path(folder[0], f"{seed}.json").write_text(json.dumps(blueprint, indent=1))
            continue
        print(json.dumps(blueprint, indent=1))
        print([declared(value.shape) for value in inputs], file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])

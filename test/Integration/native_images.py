#!/usr/bin/env python
"""Machine code of kernels of images, called from torch, beside the graph in the same file.

    native_images.py [-v] [COUNT]

Random convolutional nets at odd sizes must agree with their graph in fp64, with the same bits for any number of threads
and any other images of the batch; images of another size are the graph's.
"""
import random

import torch
from torch.testing._internal.optests import opcheck

import native
from native import graph, node

CHANNELS = [1, 2, 3, 5, 8, 9, 16, 17, 24, 33]
BATCHES = [0, 1, 2, 7]


def sized(size, kernel, stride, padding, dilation):
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


class Net:
    """A graph of nodes in a row, and the size of the image so far."""

    def __init__(self, chance):
        self.chance, self.nodes, self.edges, self.last = chance, [], [], "input"
        self.channels = self.first = chance.choice(CHANNELS)
        self.size = self.from_size = [chance.choice([1, 2, 3, 5, 8, 13]) for _ in range(2)]

    def add(self, op, *sources, **attributes):
        name = f"n{len(self.nodes)}"
        self.nodes.append(node(name, op, **attributes))
        self.edges.extend(f"{source}>{name}" for source in sources or (self.last,))
        self.last = name

    def convolution(self):
        pick = self.chance.choice
        kernel, stride, padding, dilation = pick([1, 1, 2, 3, 3, 5]), pick([1, 1, 2, 3]), pick([0, 1, 1, 2, 4]), pick([1, 1, 2])
        size = [sized(n, kernel, stride, padding, dilation) for n in self.size]
        if min(size) < 1:
            return self.convolution()
        outputs = pick(CHANNELS)
        groups = pick([g for g in range(1, self.channels + 1) if self.channels % g == 0 and outputs % g == 0])
        if pick([0, 0, 0, 1]):  # depthwise
            outputs = groups = self.channels
        self.add("conv2d", in_channels=self.channels, out_channels=outputs, kernel_size=kernel, stride=stride, padding=padding,
                 dilation=dilation, groups=groups, bias=pick([True, False]))
        self.channels, self.size = outputs, size

    def residual(self):
        before = self.last
        self.add("conv2d", in_channels=self.channels, out_channels=self.channels, kernel_size=3, padding=1)
        self.add("add", self.last, before)

    def dense(self):
        """Channels beside those of before."""
        before = self.last
        self.add("conv2d", in_channels=self.channels, out_channels=7, kernel_size=3, padding=1)
        self.add("concat", before, self.last, dim=1)
        self.channels += 7

    def pool(self):
        pick = self.chance.choice
        kind, kernel, stride = pick(["max_pool2d", "avg_pool2d"]), pick([2, 3]), pick([1, 2])
        padding = pick([0, 1])
        size = [sized(n, kernel, stride, padding, 1) for n in self.size]
        if min(size) < 1:
            return
        self.add("pooling", type=kind, kernel_size=kernel, stride=stride, padding=padding)
        self.size = size

    def end(self):
        kind = self.chance.randint(0, 2)
        if kind == 0:
            self.add("pooling", type="adaptive_avg_pool2d", output_size=1)
            self.size = [1, 1]
        if kind <= 1:
            self.add("flatten")
            self.add("linear", in_features=self.channels * self.size[0] * self.size[1], out_features=self.chance.choice([1, 10, 33]))


def random_net(chance):
    net = Net(chance)
    net.convolution()
    for _ in range(chance.randint(0, 3)):
        chance.choice([net.convolution, net.convolution, net.residual, net.dense, net.pool])()
        if chance.random() < 0.6:
            net.add("activation", type=chance.choice(native.ACTIVATIONS))
    net.end()
    row = [net.first, *net.from_size]
    return graph(net.nodes, [*net.edges, f"{net.last}>output"], [-1, *row]), row


def check_batches(kernel, exact, row, name):
    for batch in BATCHES:
        x = torch.randn(batch, *row)
        y, truth = kernel(x), exact(x.double())
        assert y.shape == truth.shape, f"{name}: {y.shape}"
        assert native.difference(y, truth) < 1e-5, f"{name}, batch {batch}: {native.difference(y, truth)}"
        for image in range(batch):
            assert torch.equal(y[image], kernel(x[image:image + 1].clone())[0]), f"{name}: an image depends on others"
        native.check_threads(kernel, x, y, name)


def check_random(folder, seed):
    blueprint, row = random_net(random.Random(seed))
    name = f"images{seed}"
    path = native.compile_(blueprint, folder, name, native.random_weights(blueprint, folder, name))
    kernel, exact = native.tezzeret.load(path, native=True), torch.jit.load(path).double()
    check_batches(kernel, exact, row, f"seed {seed}: {blueprint}")


def check_sizes(folder):
    """A net that takes any size has code for the declared one; other images, and views, are answered too."""
    path = native.compile_({"type": "conv", "config": {"out_channels": [8, 12]}}, folder, "sizes")
    kernel, plain = native.tezzeret.load(path, native=True), torch.jit.load(path)
    x = torch.randn(3, 3, 32, 32)
    for image in (x, x[:, :, :20, :24], x[0], x.contiguous(memory_format=torch.channels_last), x.transpose(2, 3)):
        expected = plain(image)
        assert kernel(image).shape == expected.shape and native.difference(kernel(image), expected.double()) < 1e-5
    operator, number = torch.ops.tezzeret.forward, kernel.code.number
    opcheck(operator.one, (x, number))
    opcheck(operator.default, ([x], number))
    for wrong, word in ((x[:, :, :20], r"[3, 32, 32]"), (x[0], "expected 4 dimensions"), (x[None], "expected 4 dimensions")):
        try:
            operator.one(wrong, number)
        except RuntimeError as error:
            assert word in str(error), error
            continue
        raise AssertionError(f"{wrong.shape} was taken")


def check_nan(folder):
    """NaN and infinity stay where torch has them, in pools too."""
    nodes = [node("c", "conv2d", in_channels=3, out_channels=8, kernel_size=3, padding=1), node("a", "activation", type="relu"),
             node("p", "pooling", type="max_pool2d", kernel_size=2, stride=2)]
    path = native.compile_(graph(nodes, ["input>c", "c>a", "a>p", "p>output"], [-1, 3, 12, 12]), folder, "nan")
    kernel, plain = native.tezzeret.load(path, native=True), torch.jit.load(path)
    for what in (float("nan"), float("inf"), -float("inf"), 1e38):
        x = torch.randn(2, 3, 12, 12)
        x[0, 1, 4, 5] = what
        torch.testing.assert_close(kernel(x), plain(x), rtol=1e-5, atol=1e-5, equal_nan=True)


def check_large(folder):
    """Weights that are larger than an image meet several images at once."""
    nodes = [node("c", "conv2d", in_channels=96, out_channels=99, kernel_size=3, padding=1), node("a", "activation", type="gelu"),
             node("d", "conv2d", in_channels=99, out_channels=96, kernel_size=3, stride=2), node("s", "activation", type="relu")]
    blueprint = graph(nodes, ["input>c", "c>a", "a>d", "d>s", "s>output"], [-1, 96, 5, 4])
    path = native.compile_(blueprint, folder, "large", native.random_weights(blueprint, folder, "large"))
    check_batches(native.tezzeret.load(path, native=True), torch.jit.load(path).double(), [96, 5, 4], "large")


# Channels, outputs, height, width, padding: odd sizes, panels and vectors that are not full, one image and many at once.
MINIMAL_FILTERING = [(32, 32, 8, 8, 1), (33, 35, 9, 9, 1), (40, 64, 13, 12, 0), (32, 50, 12, 11, 2), (64, 160, 16, 16, 1)]


def filtering_net(channels, outputs, height, width, padding):
    """A graph that minimal filtering computes, with a sum of images, and the size of its image."""
    nodes = [node("c", "conv2d", in_channels=channels, out_channels=outputs, kernel_size=3, padding=padding),
             node("a", "activation", type="gelu"), node("d", "conv2d", in_channels=outputs, out_channels=outputs, kernel_size=3, padding=1),
             node("s", "add"), node("r", "activation", type="relu")]
    row = [channels, height, width]
    return graph(nodes, ["input>c", "c>a", "a>d", "a>s", "d>s", "s>r", "r>output"], [-1, *row]), row


def check_minimal_filtering(folder):
    """Windows of 3x3 by fewer multiplications: results as of sums, and a NaN where sums have it."""
    for number, sizes in enumerate(MINIMAL_FILTERING):
        blueprint, row = filtering_net(*sizes)
        name = f"filtering{number}"
        path = native.compile_(blueprint, folder, name, native.random_weights(blueprint, folder, name))
        kernel, plain = native.tezzeret.load(path, native=True), torch.jit.load(path)
        x = torch.randn(3, *row)
        x[1, 0, 2, 2] = float("nan")
        assert torch.equal(kernel(x).isnan(), plain(x).isnan()), name
        check_batches(kernel, plain.double(), row, name)


if __name__ == "__main__":
    native.run([check_sizes, check_nan, check_large, check_minimal_filtering], check_random, 12)

#!/usr/bin/env python3
"""Compiles random graphs, with validation, and compares their infer kernels with their train kernels in torch.

    test/fuzz/run.py N [--seed S] [--for=train,infer] [--tier=standard] [--weighted=0.25] [--precisions=bf16,fp16,int8] [--jobs=2]
                       [--without=PASS[,PASS...]|each]

Graphs S to S+N-1. A failure is printed with its seed: `test/fuzz/graphs.py SEED` prints the graph. Exit status 1 when
anything but a refusal failed, or when more than one graph in fifty was refused (the generator means to write valid
ones). With `--without` these passes are disabled, all at once; "each" disables every pass that can be, one after another,
and takes the next N graphs for each.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.dont_write_bytecode = True

import _kernels  # noqa: E402
import _passes  # noqa: E402
import graphs  # noqa: E402

TEZ = os.path.join(os.environ.get("TEZ_BIN", "build/bin"), "tez")
BATCH = 25
# torch's batch norm differentiates wrongly where the gradient comes in another order of memory; the compiler refuses.
TORCHS_FAULT = "torch's own operators, called one by one, make the same error"


class Findings:
    """What went wrong, and how often what happened."""

    def __init__(self):
        self.counts = collections.Counter()

    def failure(self, seed, what, text=""):
        self.counts["failures"] += 1
        print(f"seed {seed}: {what}\n{text.rstrip()}\n", flush=True)

    def refusal(self, seed, text):
        self.counts["refused"] += 1
        print(f"seed {seed}: refused\n{text.rstrip()}\n", flush=True)


def compile_(files, output, options):
    return subprocess.run([TEZ, "compile", *map(str, files), "-o", str(output), *options], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, errors="backslashreplace", check=False)


class Batch:
    """Some seeds, through all purposes, in a folder of their own."""

    def __init__(self, seeds, without, folder, arguments, findings):
        self.seeds, self.folder, self.arguments, self.findings = seeds, pathlib.Path(folder), arguments, findings
        self.inputs = {}
        self.options = _passes.options(without, arguments.tier)
        self.precisions = _passes.precisions(without, arguments.precisions)

    def file(self, seed):
        return self.folder / f"{seed}.json"

    def kernel(self, seed, purpose):
        return self.folder / purpose / f"{seed}.pt"

    def run(self):
        for seed in self.seeds:
            blueprint, self.inputs[seed] = graphs.graph(seed)
            self.file(seed).write_text(json.dumps(blueprint, indent=1))
        share = int(1 / self.arguments.weighted) if self.arguments.weighted else 0
        weighted = [seed for seed in self.seeds if share and seed % share == 0]
        accepted = self.compile_all(self.seeds, self.arguments.purposes)
        self.compare(accepted)
        self.run_weighted([seed for seed in weighted if seed in accepted])
        self.compile_narrow(accepted)

    def compile_all(self, seeds, purposes):
        """The seeds that compiled for every purpose."""
        for purpose in purposes:
            (self.folder / purpose).mkdir(exist_ok=True)
            todo = [seed for seed in seeds if not self.kernel(seed, purpose).exists()]
            compile_([self.file(seed) for seed in todo], self.folder / purpose, [f"--for={purpose}", *self.options])
            seeds = [seed for seed in seeds if self.kernel(seed, purpose).exists() or self.alone(seed, purpose)]
        return seeds

    def alone(self, seed, purpose, options=()):
        """One graph in a process of its own, so that its exit status and its messages are known. True when accepted."""
        target = self.kernel(seed, purpose)
        done = compile_([self.file(seed)], target, [f"--for={purpose}", *self.options, *options])
        if done.returncode == 1:
            self.findings.refusal(seed, done.stderr)
        elif done.returncode == 3 and TORCHS_FAULT in done.stderr:
            self.findings.counts["torchs fault"] += 1
        elif done.returncode != 0:
            how = f"signal {-done.returncode}" if done.returncode < 0 else f"exit {done.returncode}"
            self.findings.failure(seed, f"{' '.join(done.args[5:])}: {how}", done.stderr)
        return done.returncode == 0

    def run_weighted(self, seeds):
        """Again, with random weights and running statistics: fresh ones hide what folding gets wrong."""
        done = []
        for seed in seeds:
            weights = self.folder / f"{seed}.weights.pt"
            _kernels.write_random_weights(self.kernel(seed, self.arguments.purposes[0]), weights, seed)
            options = [f"--weights={weights}"]
            if all(self.alone(seed, purpose, options) for purpose in self.arguments.purposes):
                done.append(seed)
        self.findings.counts["with random weights"] += len(seeds)
        self.compare(done)

    def compile_narrow(self, seeds):
        """Each in one precision of fewer bits; the compiler validates. What is too large for fp16 may be refused."""
        for i, precision in enumerate(self.precisions):
            (self.folder / precision).mkdir(exist_ok=True)
            files = [self.file(seed) for seed in seeds[i::len(self.precisions)]]
            options = ["--for=infer", f"--precision={precision}", *self.options]
            compile_(files, self.folder / precision, options)
            self.findings.counts["in fewer bits"] += len(files)
            for file in files:
                target = self.folder / precision / f"{file.stem}.pt"
                done = None if target.exists() else compile_([file], target, options)
                if done and done.returncode and not (precision == "fp16" and "do not fit into this precision" in done.stderr):
                    self.findings.failure(int(file.stem), f"{' '.join(options)}: exit {done.returncode}", done.stderr)

    def compare(self, seeds):
        """Without the compiler's own validation: plain torch runs both files."""
        if {"train", "infer"} - set(self.arguments.purposes):
            return
        for seed in seeds:
            train, infer = (self.kernel(seed, purpose) for purpose in ("train", "infer"))
            problem = _kernels.difference(train, infer, self.inputs[seed], seed)
            self.findings.counts["compared in torch"] += 1
            if problem:
                self.findings.failure(seed, f"infer kernel against train kernel in eval mode: {problem}",
                                      " ".join(self.options))


def run_batch(batch, arguments, findings):
    seeds, without = batch
    with tempfile.TemporaryDirectory(prefix="tez-fuzz-") as folder:
        Batch(seeds, without, folder, arguments, findings).run()


def batches(arguments):
    """Seeds, and the passes that are disabled for them."""
    lots = [[name] for name in _passes.all_optional(TEZ)] if arguments.without == ["each"] else [arguments.without]
    size = max(1, min(BATCH, arguments.count // arguments.jobs))
    for i, without in enumerate(lots):
        first = arguments.seed + i * arguments.count
        seeds = range(first, first + arguments.count)
        yield from ((seeds[k:k + size], without) for k in range(0, len(seeds), size))


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--for", dest="purposes", default="train,infer", type=lambda text: text.split(","))
    parser.add_argument("--tier", default="standard")
    parser.add_argument("--weighted", type=float, default=0.25, help="share of graphs that also get random weights")
    parser.add_argument("--precisions", default="bf16,fp16,int8", type=lambda text: text.split(",") if text else [])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--without", default=[], type=lambda text: text.split(","), metavar="PASS[,PASS...]|each")
    arguments = parser.parse_args()
    # Always first: its state dict has the names that --weights takes.
    arguments.purposes = ["train"] + [purpose for purpose in arguments.purposes if purpose != "train"]
    return arguments


def main():
    arguments, findings = parse(), Findings()
    todo = list(batches(arguments))
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        list(pool.map(lambda batch: run_batch(batch, arguments, findings), todo))
    counts, total = findings.counts, sum(len(seeds) for seeds, _ in todo)
    if arguments.without:
        print("without " + ", ".join(sorted({name for _, without in todo for name in without})))
    print(f"{total} graphs from seed {arguments.seed}: {counts['failures']} failures, "
          f"{counts['refused']} refused, {counts['with random weights']} also with random weights, "
          f"{counts['compared in torch']} compared in torch, {counts['in fewer bits']} in fewer bits, "
          f"{counts['torchs fault']} refused for torch's own backward")
    sys.exit(counts["failures"] > 0 or counts["refused"] > total / 50)


if __name__ == "__main__":
    main()

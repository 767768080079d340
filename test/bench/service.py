#!/usr/bin/env python3
"""What jobs of a worker take, as docs/measured/service.csv has it: a line each, for the simulation of docs/sizing.md.

    service.py [--every=6] [--option=--bench-budget=0 ...] > docs/measured/service.csv

Every so many of the blueprints of the acceptance test, and as many default linear ones, through one `tez jobs` with validation.
compile_seconds is time of the processor, of the compiler and its children, in steps of 10 ms, which other work on the machine does
not lengthen much; calls and bytes follow from what a worker does with a file (docs/sizing.md). The first ten are not written.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "test/Integration"), str(ROOT / "test/bench")]
import acceptance  # noqa: E402
import throughput  # noqa: E402

CALLS = 5  # claim, two looks for kernels, the kernel, the end
CROSSINGS = 3  # put, read back, looked at with its metadata


def blueprints(every):
    """Texts with their options, of both kinds in turns."""
    for number, case in enumerate(acceptance.chosen_cases("")[::every]):
        yield json.dumps(case.blueprint), case.options
        yield throughput.network(number), ()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=6)
    parser.add_argument("--option", action="append", default=[])
    options = parser.parse_args()
    tez = os.path.join(os.environ.get("TEZ_BIN", ROOT / "build/bin"), "tez")
    with tempfile.TemporaryDirectory() as name:
        source, kernel = pathlib.Path(name, "b.json"), pathlib.Path(name, "K.pt")
        jobs = subprocess.Popen([tez, "jobs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        print("compile_seconds,calls,bytes")
        for number, (text, more) in enumerate(blueprints(options.every)):
            source.write_text(text)
            before = throughput.with_children(jobs.pid)
            jobs.stdin.write(json.dumps(["compile", str(source), "-o", str(kernel), *more, *options.option]) + "\n")
            jobs.stdin.flush()
            done = json.loads(jobs.stdout.readline())
            spent = throughput.with_children(jobs.pid) - before
            if done["exit"] == 0 and number >= throughput.WARM:
                print(f"{spent:.2f},{CALLS},{CROSSINGS * kernel.stat().st_size}")
        jobs.communicate()


if __name__ == "__main__":
    main()

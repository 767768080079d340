#!/usr/bin/env python3
"""Kernels a second and processor time a kernel: tez jobs alone, and a worker with a registry around it.

    throughput.py [--kernels=60] [--workers=1] [--bin=DIR ...] [--option=--bench-budget=0 ...]

A figure, not a test. Blueprints are the default linear one (128-256-256-n), each of another width. The first ten of each run
are not counted. Several --bin are run one after the other; processor time says more than the clock where others work on
the machine. The last line of a worker says where the time of the clock went, by phase; phases of different blueprints overlap.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
WARM = 10  # kernels that are not counted
TICKS = os.sysconf("SC_CLK_TCK")


def network(number):
    return json.dumps({"type": "linear", "config": {"input_size": 128, "hidden_sizes": [256, 256],
                                                    "output_size": 16 + number}})


def processor(process):
    """Seconds, of the process and of those of its children that it has waited for."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / TICKS


def with_children(process):
    """Seconds, of the process and all below it. A child that ends meanwhile is counted by its parent."""
    return processor(process) + sum(map(with_children, children(process)))


def children(process):
    tasks = pathlib.Path(f"/proc/{process}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


def figures(title, count, clock, **spent):
    parts = "  ".join(f"{name} {1000 * seconds / count:6.1f} ms" for name, seconds in spent.items())
    print(f"{title:9}{count / clock:7.1f} kernels/s   a kernel: clock {1000 * clock / count:6.1f} ms  {parts}",
          flush=True)


def alone(tez, folder, options):
    jobs = subprocess.Popen([tez, "jobs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    begin = spent = 0.0
    for number in range(options.kernels):
        source = folder / f"{number}.json"
        source.write_text(network(number))
        if number == WARM:
            begin, spent = time.monotonic(), with_children(jobs.pid)
        jobs.stdin.write(json.dumps(["compile", str(source), "-o", str(folder / "K.pt"), *options.option]) + "\n")
        jobs.stdin.flush()
        answer = json.loads(jobs.stdout.readline())
        assert answer["exit"] == 0, answer
    clock, spent = time.monotonic() - begin, with_children(jobs.pid) - spent
    jobs.communicate()
    figures("tez jobs", options.kernels - WARM, clock, processor=spent)


class Fleet:
    """A registry and a worker, until the end of a with."""

    def __init__(self, tez, folder, options):
        self.registry = subprocess.Popen([tez, "serve", f"--db={folder}/r.db", "--listen=127.0.0.1:0"],
                                         stdout=subprocess.PIPE, text=True)
        url = self.registry.stdout.readline().split()[-1]
        for number in range(options.kernels):
            body = json.dumps({"id": f"b{number}", "architecture_ir": network(number)}).encode()
            request = urllib.request.Request(f"{url}/api/v1/blueprints", body, {"Content-Type": "application/json"})
            urllib.request.urlopen(request).close()
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.worker = subprocess.Popen(
                [tez, "worker", f"--registry={url}", f"--store={folder}/store", f"--workers={options.workers}",
                 "--metrics=127.0.0.1:0", *(f"--compile-option={option}" for option in options.option)], stderr=log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in (self.worker, self.registry):
            process.terminate()
            process.wait()

    def events(self, name):
        lines = self.log.read_text().splitlines(keepends=True)
        found = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]
        return [line for line in found if line["event"] == name]

    def wait(self, count):
        while (there := len(self.events("validated"))) < count:
            assert self.worker.poll() is None, self.log.read_text()
            time.sleep(0.05)
        return there

    def spent(self):
        compilers = sum(with_children(child) for child in children(self.worker.pid))
        return {"worker": processor(self.worker.pid), "compiler": compilers, "registry": processor(self.registry.pid)}

    def phases(self):
        url = self.events("started")[0]["metrics"].removesuffix("/metrics") + "/metrics"
        text = urllib.request.urlopen(url).read().decode()
        sums, counts = (dict(re.findall(rf'tez_worker_phase_seconds_{what}{{phase="(\w+)"}} (\S+)', text))
                        for what in ("sum", "count"))
        return "  ".join(f"{name} {1000 * float(sums[name]) / float(counts[name]):.1f} ms" for name in sums)


def in_worker(tez, folder, options):
    with Fleet(tez, folder, options) as fleet:
        first = fleet.wait(WARM)
        begin, before = time.monotonic(), fleet.spent()
        fleet.wait(options.kernels)
        clock, after = time.monotonic() - begin, fleet.spent()
        figures("worker", options.kernels - first, clock, **{name: after[name] - before[name] for name in after})
        print(f"         phases: {fleet.phases()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernels", type=int, default=60)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--bin", action="append", default=[])
    parser.add_argument("--option", action="append", default=[], help="of tez compile")
    options = parser.parse_args()
    if options.kernels <= WARM:
        sys.exit(f"--kernels={options.kernels}: expected more than the {WARM} that are not counted")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    for place in options.bin or [ROOT / "build/bin"]:
        print(place)
        for measure in (alone, in_worker):
            with tempfile.TemporaryDirectory() as folder:
                measure(pathlib.Path(place).resolve() / "tez", pathlib.Path(folder), options)


if __name__ == "__main__":
    main()

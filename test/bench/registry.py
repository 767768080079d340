#!/usr/bin/env python3
"""Load on the registry by wrk: requests/s, p99 and errors. A figure, not a test.

    registry.py [--seconds=10] [--connections=64] [--writes=10] [--rate=N] [--db=postgresql://...]

mixed    --writes in a hundred post a blueprint, the rest read one
claims   each call leases the next blueprint

Without --rate each connection asks again as soon as it is answered: the most that there is, with the wait that comes of it. With it
connections pause, at random, so that about so many requests a second come.

Run it on a machine with nothing else to do; client and server share its processors.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test/Integration"))
os.environ.setdefault("TEZ_BIN", str(ROOT / "build/bin"))
from _registry import Registry  # noqa: E402

THERE = 1000  # blueprints to read
TEXT = '{"type": "linear", "config": {"input_size": 128, "hidden_sizes": [256, 256], "output_size": 128}}'
MIXED = """
local id, count = 0, 0
function setup(thread) thread:set("id", math.random(1e9)) end
function request()
  count = count + 1
  if count % 100 < %d then
    return wrk.format("POST", "/api/v1/blueprints", {["Content-Type"] = "application/json"},
      '{"id": "new-' .. id .. "-" .. count .. '", "architecture_ir": %s}')
  end
  return wrk.format("GET", "/api/v1/blueprints/b" .. (count * 7919) %% %d)
end
"""
CLAIMS = """
function request()
  return wrk.format("POST", "/internal/v1/claims", {["Content-Type"] = "application/json"}, '{"worker": "w"}')
end
"""


def pauses(options):
    """For wrk: as long in the mean as a connection has for a request, in milliseconds."""
    return f"function delay() return math.random(0, {2000 * options.connections // options.rate}) end\n" if options.rate else ""


def load(registry, script, options):
    script += pauses(options)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        said = subprocess.run(["wrk", "--latency", "-t2", f"-c{options.connections}", f"-d{options.seconds}s", "-s", file.name,
                               registry.url], check=True, text=True, stdout=subprocess.PIPE).stdout
    rate, p99 = re.search(r"Requests/sec: +([\d.]+)", said)[1], re.search(r"99% +(\S+)", said)[1]
    errors = re.findall(r"(?:Non-2xx.*|Socket errors.*)", said)
    return f"{float(rate):9.0f} requests/s   p99 {p99:>9}   {'; '.join(errors) or 'no errors'}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("seconds", 10), ("connections", 64), ("writes", 10), ("rate", 0)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--db")
    options = parser.parse_args()
    escaped = '"' + TEXT.replace('"', '\\\\"') + '"'
    with tempfile.TemporaryDirectory() as folder, Registry(options.db or pathlib.Path(folder) / "r.db") as registry:
        for i in range(THERE):
            registry.blueprint(f"b{i}", TEXT)
        print("mixed ", load(registry, MIXED.replace("%%", "%").replace("< %d", f"< {options.writes}")
                             .replace("% %d", f"% {THERE}").replace("%s", escaped), options))
        print("claims", load(registry, CLAIMS, options))
        waiting = registry.get("/api/v1/overview")[1]["blueprints"]["unvalidated"]
        print(f"        {waiting} blueprints were left to claim" + ("" if waiting else ": some calls found none"))
        registry.end()


if __name__ == "__main__":
    main()

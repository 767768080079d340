"""kill -9 of workers, registry and store while blueprints are compiled: each ends once, as it must, and all that was told is there.

    chaos.py [BLUEPRINTS WORKERS KILLS]      40 2 9 without
"""
import json
import os
import pathlib
import random
import signal
import sys
import tempfile
import time

from _postgres import free_port
from _registry import Registry
from _s3 import BUCKET, SeaweedFS, boto
from _worker import Worker, network

STORE = f"s3://{BUCKET}/chaos"
LEASE = 3  # seconds


def blueprints(count):
    """{id: (text, what must become of it)}; one of ten is at fault."""
    return {f"b{i}": (network(-1), "invalid") if i % 10 == 9 else (network(3 + i % 50), "validated") for i in range(count)}


class Fleet:
    def __init__(self, folder, workers):
        self.folder = pathlib.Path(folder)
        self.store = SeaweedFS(self.folder / "s3")
        self.registry = Registry(self.folder / "r.db", listen=f"127.0.0.1:{free_port()}")
        self.environment = {**os.environ, **self.store.environment, "TMPDIR": str(self.folder)}
        self.store.start()
        self.workers = [self.worker() for _ in range(workers)]
        self.kills = dict.fromkeys(("worker", "registry", "store"), 0)

    def worker(self):
        return Worker(self.registry.url, STORE, f"--lease-seconds={LEASE}", environment=self.environment)

    def kill(self, kind):
        self.kills[kind] += 1
        if kind == "registry":
            self.registry.end(signal.SIGKILL)
            time.sleep(random.uniform(0, 1))
            self.registry.start()
        elif kind == "store":
            self.store.end(signal.SIGKILL)
            time.sleep(random.uniform(0, 1))
            self.store.start()
        else:
            place = random.randrange(len(self.workers))
            self.workers[place].end(signal.SIGKILL)
            self.workers[place] = self.worker()

    def victim(self):
        """Of ten kills two are the registry's and one the store's. A blueprint that four workers have died over is spared:
        with the fifth it were a dead letter, and rightly."""
        leases = self.registry.get("/internal/v1/claims")[1]
        if any(lease["tries"] >= 4 for lease in leases):
            return "registry"
        return random.choices(("worker", "registry", "store"), (7, 2, 1))[0]

    def end(self):
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.end(signal.SIGKILL)
        self.registry.end(signal.SIGKILL)
        self.store.end()


def states(registry):
    """{id: blueprint}, all of them."""
    found, path = {}, "/api/v1/blueprints?limit=500"
    while path:
        status, headers, content = registry.exchange("GET", path)
        assert status == 200, content
        found.update((row["id"], row) for row in json.loads(content))
        cursor = headers.get("X-Next-Cursor")
        path = cursor and f"/api/v1/blueprints?limit=500&cursor={cursor}"
    return found


def watch(fleet, ended):
    """Notes who has come to an end; nobody may leave it again."""
    for name, there in states(fleet.registry).items():
        if name in ended:
            assert (there["status"], there["fence"]) == ended[name], (name, ended[name], there)
        elif there["status"] in ("validated", "invalid"):
            ended[name] = there["status"], there["fence"]


def storm(fleet, wanted, kills):
    ended, done = {}, 0
    while len(ended) < len(wanted):
        time.sleep(random.uniform(0.1, 1.5))
        if done < kills:
            # the first three are one of each kind, so that a small run has them all
            fleet.kill(("worker", "store", "registry")[done] if done < 3 else fleet.victim())
            done += 1
        watch(fleet, ended)
    assert done >= kills, f"all was over after {done} kills: more blueprints are needed"


def check(fleet, wanted):
    sums = json.loads(boto(fleet.store, f"""
import hashlib
keys = [it["Key"] for page in client.get_paginator("list_objects_v2").paginate(Bucket="{BUCKET}", Prefix="chaos/kernels/")
        for it in page.get("Contents", []) if it["Key"].endswith(".pt")]
print(json.dumps({{key: hashlib.sha256(client.get_object(Bucket="{BUCKET}", Key=key)["Body"].read()).hexdigest() for key in keys}}))
"""))
    for name, there in states(fleet.registry).items():
        assert there["status"] == wanted[name][1] and not there["dead_letter"], there
        kernels = fleet.registry.get(f"/api/v1/kernels?blueprint_id={name}")[1]
        assert len(kernels) == (there["status"] == "validated"), (name, kernels)
        for kernel in kernels:
            key = kernel["kernel_binary_ref"].removeprefix(f"s3://{BUCKET}/")
            assert sums[key] == kernel["validation_report"]["checksum"], (name, key)


def main(count, workers, kills):
    random.seed(kills)
    with tempfile.TemporaryDirectory() as folder:
        wanted, fleet = blueprints(count), Fleet(folder, workers)
        try:
            for name, (text, _) in wanted.items():
                assert fleet.registry.blueprint(name, text)[0] == 201
            storm(fleet, wanted, kills)
            check(fleet, wanted)
        finally:
            fleet.end()
        print(f"{count} blueprints, kills: {fleet.kills}: each ended once as it must, every object is there")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4] or (40, 2, 9)))

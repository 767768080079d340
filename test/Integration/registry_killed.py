"""kill -9 of the registry under write load: what it acknowledged is there, what it did not is whole or absent.

    registry_killed.py [ROUNDS]      20 without
"""
import http.client
import json
import pathlib
import random
import signal
import sqlite3
import sys
import tempfile
import threading

from _registry import Registry, kernel

WRITERS = 4


class Writer(threading.Thread):
    """Walks blueprints through their life as fast as it is answered; `acknowledged` is the last state told of each."""

    def __init__(self, registry, name, acknowledged):
        super().__init__()
        self.name, self.acknowledged = name, acknowledged
        self.registry = registry.another()

    def run(self):
        number = 0
        try:
            while True:
                self.walk(f"{self.name}-{number}")
                number += 1
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            self.registry.close()  # killed

    def walk(self, blueprint):
        self.note(self.registry.blueprint(blueprint, "x" * random.randrange(5000)))
        for claim in self.registry.claim(self.name, lease_seconds=3600):
            self.acknowledged[claim["id"]] = "compiling", claim["fence"]
            made = self.registry.post("/internal/v1/kernels", kernel(f"k-{claim['id']}", claim["id"]))
            self.acknowledged[f"kernel of {claim['id']}"] = made[1]["id"], 0
            self.note(self.registry.post(f"/internal/v1/blueprints/{claim['id']}/complete",
                                         {"worker": self.name, "fence": claim["fence"], "status": "validated"}))

    def note(self, answer):
        status, made = answer
        assert status in (200, 201), answer
        self.acknowledged[made["id"]] = made["status"], made["fence"]


ORDER = ["unvalidated", "compiling", "validated"]


def check(registry, acknowledged):
    """Each is at least as far as was told: a call whose answer was lost may have taken it one step further."""
    for name, (state, fence) in acknowledged.items():
        if name.startswith("kernel of "):
            assert registry.get(f"/api/v1/kernels/{state}")[0] == 200, name
            continue
        status, there = registry.get(f"/api/v1/blueprints/{name}")
        assert status == 200, f"{name} was acknowledged as {state} and is lost"
        assert ORDER.index(there["status"]) >= ORDER.index(state) and there["fence"] >= fence, (name, state, there)
        if there["status"] == "validated":
            assert registry.get(f"/api/v1/kernels/k-{name}")[0] == 200, f"{name} is validated without its kernel"


def main(rounds):
    random.seed(rounds)
    with tempfile.TemporaryDirectory() as folder:
        path, total = pathlib.Path(folder) / "r.db", 0
        with Registry(path) as registry:
            for number in range(rounds):
                tables = [{} for _ in range(WRITERS)]
                writers = [Writer(registry, f"r{number}w{i}", table) for i, table in enumerate(tables)]
                for writer in writers:
                    writer.start()
                writers[0].join(random.uniform(0.2, 1))  # a moment, no matter which
                registry.end(signal.SIGKILL)
                for writer in writers:
                    writer.join()
                database = sqlite3.connect(path)
                assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                database.close()
                registry.start()
                for table in tables:
                    check(registry, table)
                    total += len(table)
            assert total > rounds * WRITERS, "the writers did next to nothing"
            assert registry.end()[0] == 0
        print(f"{rounds} kills, {total} acknowledged states, all there")


if __name__ == "__main__":
    main(int((sys.argv + ["20"])[1]))

"""`tez worker` over a registry without leases, with the faults of the one that is deployed."""
import json
import pathlib
import signal
import tempfile
import unittest

from _older_registry import OlderRegistry
from _worker import Worker, blueprints, check_all, check_kernel, check_store, network, until

BIG = json.dumps({"type": "linear", "config": {"input_size": 2000, "hidden_sizes": [2000] * 12}})


class Older(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.registry = self.enterContext(OlderRegistry())
        self.store = self.folder / "store"

    def worker(self, *options):
        return self.enterContext(Worker(self.registry.url, self.store, *options))

    def status(self, name):
        return self.registry.blueprints[name]["status"]

    def check_published_once(self):
        self.assertEqual(sorted(self.registry.posted), sorted(self.registry.kernels))

    def test_the_queue_is_drained_behind_its_poison(self):
        poison = ["", "broken", *(f"a/{i}" for i in range(12))]  # more than the queue shows
        for name in poison:
            self.registry.add(name, network(3))
        wanted = blueprints()
        for name, (text, _) in wanted.items():
            self.registry.add(name, text)
        wanted["abandoned"] = network(5), "validated"
        self.registry.add("abandoned", network(5), status="compiling", age=31)
        self.registry.add("another's", network(5), status="compiling", age=-600)  # still at work, for all of this test
        worker = self.worker("--once", "--workers=2")
        self.assertEqual(worker.process.wait(timeout=400), 0, worker.log.read_text())
        check_all(self.registry, wanted)
        check_store(self.store)
        self.check_published_once()
        self.assertEqual({self.status(name) for name in poison}, {"unvalidated"})
        self.assertEqual(self.status("another's"), "compiling")
        self.assertEqual(len(worker.events("claimed")), len(wanted))

    def test_two_workers_publish_once(self):
        wanted = {f"b{i}": (network(3 + i), "validated") for i in range(6)}
        for name, (text, _) in wanted.items():
            self.registry.add(name, text)
        workers = [self.worker("--once") for _ in range(2)]
        for worker in workers:
            self.assertEqual(worker.process.wait(timeout=400), 0, worker.log.read_text())
        until(lambda: all(self.status(name) == "validated" for name in wanted), "not all are validated")
        check_all(self.registry, wanted)
        self.assertEqual(len(self.registry.kernels), len(wanted))

    def test_another_takes_over_from_the_dead(self):
        self.registry.add("big", BIG)
        first = self.worker()
        first.wait_for("claimed", blueprint="big")
        first.end(signal.SIGKILL)
        self.assertEqual(self.status("big"), "compiling")
        self.registry.blueprints["big"]["architecture_ir"] = network(3)  # which takes less time
        second = self.worker("--once")
        self.assertEqual(second.process.wait(timeout=200), 0)
        self.assertEqual(self.status("big"), "compiling")  # it may be at work, for all that one can know
        self.registry.age("big", 31)
        third = self.worker("--once")
        self.assertEqual(third.process.wait(timeout=200), 0)
        check_all(self.registry, {"big": ("", "validated")})
        check_store(self.store)

    def test_a_published_kernel_is_not_posted_again(self):
        self.registry.add("a", network(3))
        self.assertEqual(self.worker("--once").process.wait(timeout=200), 0)
        self.registry.blueprints["a"]["status"] = "unvalidated"  # as if the worker had died before it set the status
        self.assertEqual(self.worker("--once").process.wait(timeout=200), 0)
        check_all(self.registry, {"a": ("", "validated")})
        self.check_published_once()

    def test_a_lost_object_is_made_again(self):
        self.registry.add("a", network(3))
        self.assertEqual(self.worker("--once").process.wait(timeout=200), 0)
        kernel, = self.registry.kernels.values()
        (self.store / "kernels" / kernel["id"] / "compiled.pt").unlink()
        self.registry.blueprints["a"]["status"] = "unvalidated"
        self.assertEqual(self.worker("--once").process.wait(timeout=200), 0)
        self.assertEqual(self.status("a"), "validated")
        check_kernel(kernel, "a")

    def test_sigterm_gives_back_and_work_is_refreshed(self):
        self.registry.add("big", BIG)
        worker = self.worker("--lease-seconds=3")
        worker.wait_for("claimed", blueprint="big")
        until(lambda: self.registry.history.count(("big", "compiling")) >= 2, "compiling was not set again")
        self.assertEqual(worker.end(), 0)
        self.assertEqual(self.status("big"), "unvalidated")

    def test_dead_letters(self):
        self.registry.add("big", BIG)
        worker = self.worker("--job-seconds=10", "--once")
        worker.hang_compilers()
        self.assertEqual(worker.process.wait(timeout=400), 0, worker.log.read_text())
        self.assertEqual(self.status("big"), "invalid")
        self.assertEqual(len(worker.events("claimed")), 5)
        kept, = (self.store / "failed").iterdir()
        self.assertIn("more than 10 s", json.loads((kept / "reason.json").read_text())["reason"])


if __name__ == "__main__":
    unittest.main()

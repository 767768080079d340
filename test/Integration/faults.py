"""Networks that fail, clocks that jump, workers that sleep, disks that fill: nothing false becomes visible, and it goes on."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from _proxy import Proxy
from _registry import BIN, Registry
from _s3 import BUCKET, SeaweedFS, boto
from _worker import Worker, check_all, check_store, network, path_of, until

PLACE = f"s3://{BUCKET}/faults"
BIG = json.dumps({"type": "linear", "config": {"input_size": 1000, "hidden_sizes": [1000] * 6}})
# 9 MB: in two parts.
LARGE = json.dumps({"type": "linear", "config": {"input_size": 1500, "hidden_sizes": [1500]}})
SHIM = BIN.parent / "lib/libTezClockShim.so"


def port_of(url):
    return urllib.parse.urlsplit(url).port


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.registry = self.enterContext(Registry(self.folder / "r.db"))
        self.store = self.folder / "store"

    def post(self, count, prefix="b"):
        wanted = {f"{prefix}{i}": (network(3 + i), "validated") for i in range(count)}
        for name, (text, _) in wanted.items():
            self.assertEqual(self.registry.blueprint(name, text)[0], 201)
        return wanted

    def worker(self, *options, url=None, store=None, environment=None):
        return self.enterContext(Worker(url or self.registry.url, store or self.store, *options, environment=environment))

    def storm(self, proxy, worker, faults):
        """Blueprints, two after two, while so many faults happen; then without faults until all are done."""
        proxy.gap, wanted = 1.0, {}
        while sum(proxy.happened.values()) < faults:
            if self.are_done(wanted):
                wanted.update(self.post(2, f"storm{len(wanted)}-"))
            time.sleep(0.5)
        proxy.gap = None
        until(lambda: self.are_done(wanted), lambda: worker.log.read_text()[-3000:])
        return wanted

    def are_done(self, wanted):
        self.registry.close()
        return all(self.registry.get(f"/api/v1/blueprints/{name}")[1]["status"] == status for name, (_, status) in wanted.items())

    def metric(self, name):
        text = self.registry.exchange("GET", "/metrics")[2].decode()
        return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


class ToTheRegistry(Case):
    def test_bits_that_flip_are_noticed(self):
        """In a blueprint that is given out, in a kernel that is posted, in the address of a verdict, in a trace."""
        with Proxy(port_of(self.registry.url)) as proxy:
            proxy.planted = [rb'\"input_size\": ', b'"checksum":"', b"\r\ntraceparent: 00-", b"X-Tez-Request: POST /internal/v1/blueprints/"]
            worker = self.worker("--lease-seconds=3", url=proxy.url)
            worker.wait_for("started")
            self.assertEqual(self.registry.blueprint("a", network(4))[0], 201)
            until(lambda: self.are_done({"a": ("", "validated")}), lambda: worker.log.read_text()[-3000:])
            self.assertEqual(proxy.planted, [])
            self.assertTrue(any("the answer was changed on its way" in line["reason"] for line in worker.events("no claim")),
                            worker.log.read_text())
            self.assertEqual(worker.end(), 0)
        check_all(self.registry, {"a": ("", "validated")})
        kernel, = self.registry.get("/api/v1/kernels")[1]
        self.assertEqual(json.loads((path_of(kernel).parent / "metadata.json").read_text())["input_shape"], [4])
        self.assertIn(kernel["traceparent"].split("-")[1], {line.get("trace_id") for line in worker.events("validated")})

    def test_stalls_resets_cuts_and_flips(self):
        with Proxy(port_of(self.registry.url)) as proxy:
            worker = self.worker("--lease-seconds=10", url=proxy.url)
            worker.wait_for("started")
            wanted = self.storm(proxy, worker, 16)
            self.assertEqual(worker.end(), 0)
        self.registry.close()
        check_all(self.registry, wanted)
        check_store(self.store)

    def test_a_partition(self):
        with Proxy(port_of(self.registry.url)) as proxy:
            wanted = self.post(3)
            self.registry.blueprint("big", BIG)
            wanted["big"] = BIG, "validated"
            worker = self.worker("--lease-seconds=3", url=proxy.url)
            worker.wait_for("claimed", blueprint="big")
            proxy.partition = True
            proxy.cut_all()
            self.registry.close()  # it ends a connection that was idle for a minute
            until(lambda: self.registry.get("/internal/v1/claims")[1] == [], "the lease does not end")
            other = self.worker("--lease-seconds=3")  # on this side of the partition
            until(lambda: self.are_done(wanted), lambda: other.log.read_text()[-3000:])
            proxy.partition = False
            self.assertEqual(worker.end(), 0)
            self.assertEqual(other.end(), 0)
        self.registry.close()
        check_all(self.registry, wanted)


class ToTheStore(Case):
    def test_nothing_corrupt_becomes_visible(self):
        with SeaweedFS(self.folder / "s3") as server, Proxy(port_of(server.url)) as proxy:
            environment = {**os.environ, **server.environment, "AWS_ENDPOINT_URL": proxy.url, "TMPDIR": str(self.folder)}
            worker = self.worker(store=PLACE, environment=environment)
            worker.wait_for("started")
            self.registry.blueprint("big", LARGE)
            wanted = {"big": (LARGE, "validated"), **self.storm(proxy, worker, 20)}
            self.check_rows(server)
            until(lambda: self.are_done(wanted), lambda: worker.log.read_text()[-3000:])
            self.assertEqual(worker.end(), 0)
            self.assertEqual(self.check_rows(server), len(wanted))

    def check_rows(self, server):
        """Whatever has a row is in the bucket, whole, with its metadata; seen from behind the proxy."""
        self.registry.close()
        rows = self.registry.get("/api/v1/kernels")[1]
        sums = {row["kernel_binary_ref"].removeprefix(f"s3://{BUCKET}/"): row["validation_report"]["checksum"] for row in rows}
        self.assertEqual(boto(server, f"""
import hashlib
for key, checksum in {sums!r}.items():
    get = lambda key: client.get_object(Bucket="{BUCKET}", Key=key)["Body"].read()
    assert hashlib.sha256(get(key)).hexdigest() == checksum, key
    assert json.loads(get(key.replace("compiled.pt", "metadata.json")))["checksum"] == checksum, key
print("good")
"""), "good")
        return len(rows)


class Zombies(Case):
    def test_the_fence_refuses_them(self):
        self.registry.blueprint("big", BIG)
        zombie = self.worker("--lease-seconds=3")
        zombie.wait_for("claimed", blueprint="big")
        os.kill(zombie.process.pid, signal.SIGSTOP)  # its compiler goes on, and will have an answer at once
        other = self.worker("--lease-seconds=3")
        other.wait_for("validated", blueprint="big")
        self.registry.close()
        before = self.registry.get("/api/v1/blueprints/big")[1]
        os.kill(zombie.process.pid, signal.SIGCONT)
        zombie.wait_for("lost", blueprint="big")
        self.assertEqual((zombie.end(), other.end()), (0, 0))
        self.registry.close()
        self.assertEqual(self.registry.get("/api/v1/blueprints/big")[1], before)
        self.assertGreaterEqual(self.metric("tez_registry_fenced_total"), 1)
        check_all(self.registry, {"big": (BIG, "validated")})


class Clocks(Case):
    def test_jumps_end_no_lease(self):
        offset, worker = self.start({})
        wanted = {}
        for seconds in (7200, -86400, 0):  # two hours ahead, a day behind
            offset.write_text(str(seconds))
            wanted.update(self.post(2, f"at{seconds}-"))
            until(lambda: self.are_done(wanted), lambda: worker.log.read_text()[-3000:])
        self.end(worker, wanted)

    def test_a_store_that_refuses_the_clock_costs_no_try(self):
        with SeaweedFS(self.folder / "s3") as server:
            offset, worker = self.start(server.environment, PLACE)
            worker.wait_for("started")
            offset.write_text("86400")
            wanted = self.post(1)
            until(lambda: any("RequestTimeTooSkewed" in line["reason"] for line in worker.events("unavailable", "no claim")),
                  lambda: worker.log.read_text()[-3000:])
            offset.write_text("0")
            until(lambda: self.are_done(wanted), lambda: worker.log.read_text()[-3000:])
            self.end(worker, wanted)

    def start(self, environment, store=None):
        offset = self.folder / "offset"
        offset.write_text("0")
        return offset, self.worker("--lease-seconds=5", store=store, environment={
            **os.environ, **environment, "TMPDIR": str(self.folder), "LD_PRELOAD": str(SHIM), "TEZ_CLOCK_OFFSET_FILE": str(offset)})

    def end(self, worker, wanted):
        self.assertEqual(worker.end(), 0)
        self.assertGreater(len({line["time"][:10] for line in worker.events()}), 1, "its clock did not jump")
        self.assertEqual(worker.events("lost", "failed"), [])
        self.registry.close()
        self.assertEqual({self.registry.get(f"/api/v1/blueprints/{name}")[1]["tries"] for name in wanted}, {1})


class Disks(Case):
    @unittest.skipUnless(os.getuid() == 0, "a disk of its own needs root")
    def test_a_full_disk_is_nobodys_fault(self):
        """On a disk of 12 MB, of which a file takes all but what a small kernel needs, once the compiler is warm."""
        self.store.mkdir()
        script = f'mount -t tmpfs -o size=12m none {self.store} && exec "$@"'
        log = (self.folder / "log").open("w")
        worker = subprocess.Popen(["unshare", "-m", "sh", "-c", script, "sh", BIN / "tez", "worker", f"--registry={self.registry.url}",
                                   f"--store={self.store}"], stderr=log, stdout=subprocess.DEVNULL)
        self.addCleanup(log.close)
        self.addCleanup(worker.wait)
        self.addCleanup(worker.kill)
        said = (self.folder / "log").read_text
        until(lambda: '"started"' in said(), said)
        inside = pathlib.Path(f"/proc/{worker.pid}/root{self.store}")
        until(lambda: (inside / "kernels").is_dir(), "no store")
        self.registry.blueprint("first", network(4))  # with it the compiler is warm
        until(lambda: self.are_done({"first": ("", "validated")}), said)
        ballast = inside / "ballast"
        self.fill(ballast)
        self.registry.blueprint("a", network(3))
        until(lambda: "No space left" in said() or "does not take a file" in said(), said)
        there = self.registry.get("/api/v1/blueprints/a")[1]
        self.assertIn(there["status"], ("unvalidated", "compiling"))
        self.assertEqual(self.registry.get("/api/v1/kernels?blueprint_id=a")[1], [])
        ballast.unlink()
        until(lambda: self.are_done({"a": ("", "validated")}), said)
        self.assertEqual(self.registry.get("/api/v1/blueprints/a")[1]["tries"], 1)
        kernel, = self.registry.get("/api/v1/kernels?blueprint_id=a")[1]
        self.assertTrue((inside / "kernels" / kernel["id"] / "compiled.pt").exists())

    def fill(self, path):
        with path.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass


if __name__ == "__main__":
    unittest.main()

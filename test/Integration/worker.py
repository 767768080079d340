"""`tez worker` over `tez serve`: the queue is drained, by workers that die too, and every verdict is right."""
import json
import pathlib
import signal
import subprocess
import tempfile
import unittest

from _registry import BIN, Registry
from _worker import Worker, blueprints, check_all, check_store, is_alive, network, until

BIG = json.dumps({"type": "linear", "config": {"input_size": 2000, "hidden_sizes": [2000] * 12}})


class Workers(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.registry = self.enterContext(Registry(self.folder / "r.db"))
        self.store = self.folder / "store"

    def worker(self, *options):
        return self.enterContext(Worker(self.registry.url, self.store, *options))

    def finish(self, worker):
        self.assertEqual(worker.process.wait(timeout=400), 0, worker.log.read_text())
        self.registry.close()  # it ends a connection that was idle for a minute

    def post(self, wanted):
        for name, (text, _) in wanted.items():
            self.assertEqual(self.registry.blueprint(name, text)[0], 201)

    def state(self, name):
        return self.registry.get(f"/api/v1/blueprints/{name}")[1]

    def test_the_queue_is_drained(self):
        wanted = blueprints()
        self.post(wanted)
        worker = self.worker("--once", "--workers=2")
        self.finish(worker)
        check_all(self.registry, wanted)
        check_store(self.store)
        self.assertIn("config.input_size", self.state("negative")["reason"])
        self.assertNotIn("tmp", self.state("negative")["reason"])
        self.assertEqual(len(worker.events("claimed")), len(wanted))  # none twice
        for line in worker.log.read_text().splitlines():
            self.assertLessEqual({"time", "level", "event"}, json.loads(line).keys())

    def test_another_takes_over_from_the_dead(self):
        wanted = {f"b{i}": (network(3 + i), "validated") for i in range(6)}
        self.post(wanted)
        first = self.worker("--lease-seconds=3")
        first.wait_for("claimed")
        children = first.children()
        first.end(signal.SIGKILL)
        until(lambda: not any(map(is_alive, children)), "its compiler outlived it")
        second = self.worker("--lease-seconds=3")
        until(lambda: all(self.state(name)["status"] == "validated" for name in wanted), second.log.read_text)
        self.assertEqual(second.end(), 0)
        check_all(self.registry, wanted)
        check_store(self.store)

    def test_a_compiler_that_dies_is_replaced(self):
        worker = self.worker()
        self.registry.blueprint("big", BIG)
        worker.wait_for("claimed", blueprint="big")
        for child in worker.children():
            subprocess.run(["kill", "-KILL", f"{child}"], check=True)
        died = worker.wait_for("failed", blueprint="big")
        self.assertIn("signal 9", died["reason"])
        self.registry.blueprint("small", network(3))
        worker.wait_for("validated", blueprint="small")
        worker.end()
        self.assertIn("signal 9", self.state("big")["reason"])

    def test_what_takes_too_long_ends_as_a_dead_letter(self):
        self.registry.blueprint("big", BIG)
        worker = self.worker("--job-seconds=10", "--once")
        worker.hang_compilers()
        self.finish(worker)
        there = self.state("big")
        self.assertEqual((there["status"], there["dead_letter"], there["tries"]), ("invalid", True, 5))
        self.assertIn("more than 10 s", there["reason"])
        kept, = (self.store / "failed").iterdir()
        self.assertEqual((kept / "blueprint.json").read_text(), BIG)
        self.assertEqual(json.loads((kept / "reason.json").read_text())["blueprint_id"], "big")

    def test_sigterm_gives_back(self):
        self.registry.blueprint("big", BIG)
        worker = self.worker()
        worker.wait_for("claimed", blueprint="big")
        self.assertEqual(worker.end(), 0)
        there = self.state("big")
        self.assertEqual((there["status"], there["tries"], there["worker"]), ("unvalidated", 0, None))
        check_store(self.store)

    def test_an_idle_worker_waits_at_the_registry(self):
        worker = self.worker()

        def waits():
            text = self.registry.exchange("GET", "/metrics")[2].decode()
            return "tez_registry_waiting_calls 1\n" in text

        until(waits, worker.log.read_text)
        self.registry.blueprint("a", network(3))
        worker.wait_for("validated", blueprint="a")
        until(waits, worker.log.read_text)
        self.assertEqual(worker.end(), 0)
        self.assertEqual(worker.events("no claim"), [])

    def test_sigterm_does_not_wait_for_a_registry_that_hangs(self):
        self.registry.blueprint("big", BIG)
        worker = self.worker()
        worker.wait_for("claimed", blueprint="big")
        self.registry.process.send_signal(signal.SIGSTOP)
        self.assertEqual(worker.end(), 0)  # waits for half a minute; a call may take a whole one
        self.registry.process.send_signal(signal.SIGCONT)

    def test_base_compilation_where_the_optimized_kernel_is_wrong(self):
        plugin = BIN.parent / "lib/TezTestPasses.so"
        self.registry.blueprint("gelu", network(3, activation="gelu"))
        worker = self.worker("--once", f"--compile-option=--load-pass-plugin={plugin}",
                             "--compile-option=--plugin-pass=test-plant-fault")
        self.finish(worker)
        check_all(self.registry, {"gelu": ("", "validated")})
        kernel, = self.registry.get("/api/v1/kernels?blueprint_id=gelu")[1]
        self.assertEqual(kernel["compilation_pipeline"], "fast")
        self.assertIn("differs from the reference", kernel["validation_report"]["base_compilation_because"])

    def test_the_tier_is_chosen(self):
        self.post({"a": (network(3), "validated")})
        self.finish(self.worker("--once", "--tier=fast"))
        kernel, = self.registry.get("/api/v1/kernels?blueprint_id=a")[1]
        self.assertEqual(kernel["compilation_pipeline"], "fast")
        self.assertNotIn("base_compilation_because", kernel["validation_report"])

    def test_kernels_are_signed(self):
        key = self.folder / "release"
        subprocess.run([BIN / "tez", "keygen", "-o", key], check=True, stdout=subprocess.DEVNULL)
        self.post({"a": (network(3), "validated")})
        worker = self.worker("--once", f"--sign-key={key}.key")
        self.finish(worker)
        kernel, = (self.store / "kernels").glob("*/compiled.pt")
        subprocess.run([BIN / "tez", "verify", kernel, f"--key={key}.pub"], check=True, stdout=subprocess.DEVNULL)

    def test_a_published_kernel_is_not_made_again(self):
        self.post({"a": (network(3), "validated")})
        self.finish(self.worker("--once"))
        self.registry.call("PUT", "/internal/v1/blueprints/a/status", {"status": "unvalidated"})
        self.finish(self.worker("--once"))
        check_all(self.registry, {"a": ("", "validated")})


class Queue(unittest.TestCase):
    def test_submit_status_retry(self):
        with tempfile.TemporaryDirectory() as folder, Registry(pathlib.Path(folder) / "r.db") as registry:
            def tez(*words):
                done = subprocess.run([BIN / "tez", *words, f"--registry={registry.url}/"], capture_output=True, text=True,
                                      cwd=folder, timeout=120)
                return done.returncode, done.stdout.splitlines(), done.stderr

            def write(name, text):
                (pathlib.Path(folder) / name).write_text(text)

            write("first.json", network(3))
            write("other.json", json.dumps({"blueprint_id": "named", "architecture": json.loads(network(4))}))
            self.assertEqual(tez("submit", "first.json", "other.json"), (0, ["first\tunvalidated", "named\tunvalidated"], ""))
            self.assertEqual(registry.get("/api/v1/blueprints/first")[1]["architecture_ir"], network(3))
            write("first.json", network(5))
            code, out, said = tez("submit", "first.json", "other.json")  # one is another now, one is the same
            self.assertEqual((code, out), (1, ["named\tunvalidated"]))
            self.assertIn("first.json: POST /api/v1/blueprints answered 409", said)
            self.assertEqual(tez("submit", "absent.json")[0], 4)
            registry.call("PUT", "/internal/v1/blueprints/named/status", {"status": "invalid"})
            self.assertEqual(tez("status", "named")[1], ["named\tinvalid"])
            self.assertEqual(tez("retry", "named"), (0, ["named\tunvalidated"], ""))
            self.assertEqual(tez("status", "nobody")[0], 1)
            self.assertIn("unvalidated\t2", tez("status")[1])
            for name in ("named", "first"):
                registry.call("PUT", f"/internal/v1/blueprints/{name}/status", {"status": "invalid"})
            code, out, said = tez("status", "--watch", "named", "first")
            self.assertEqual((code, out), (0, ["named\tinvalid", "first\tinvalid"]), said)
            self.assertIn("invalid\t2", tez("status", "--watch")[1])


class Beginnings(unittest.TestCase):
    def run_worker(self, *options):
        return subprocess.run([BIN / "tez", "worker", *options], capture_output=True, text=True, timeout=120)

    def test_usage(self):
        done = self.run_worker("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("--registry", done.stdout)
        for options in ([], ["--registry=localhost:80", "--store=s"], ["--registry=http://localhost", "--store=s", "--wokers=1"]):
            self.assertEqual(self.run_worker(*options).returncode, 2, options)

    def test_what_keeps_it_from_beginning_is_named(self):
        with tempfile.TemporaryDirectory() as folder, Registry(pathlib.Path(folder) / "r.db") as registry:
            file = pathlib.Path(folder) / "file"
            file.write_text("no key")
            for options, word in ((["--registry=http://127.0.0.1:9", f"--store={folder}/s"], "127.0.0.1:9"),
                                  ([f"--registry={registry.url}", f"--store={file}"], str(file)),
                                  ([f"--registry={registry.url}", f"--store={folder}/s", f"--sign-key={file}"], "small network")):
                done = self.run_worker("--once", *options)
                self.assertEqual(done.returncode, 4, done)
                self.assertIn(word, done.stderr.splitlines()[-1])


if __name__ == "__main__":
    unittest.main()

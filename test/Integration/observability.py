"""What is told when no compilation comes through, and what Prometheus, logs and traces say: by injected failures."""
import hashlib
import hmac
import http.server
import json
import pathlib
import re
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

from _local_server import LocalServer
from _registry import BIN, Registry
from _worker import Worker, network, until

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECRET = "a secret of this test"
PLUGIN = f"--load-pass-plugin={BIN.parent / 'lib/TezTestPasses.so'}"
FAULTY, FAILING = [PLUGIN, "--plugin-pass=test-plant-fault"], [PLUGIN, "--plugin-pass=test-fail"]
# A checker's first lines: one byte of a weight is another.
SPOILT = """python3 - "$1" <<'END'
import sys
model = bytearray(open(sys.argv[1], "rb").read())
model[model.index(b"0.weight") + 24] ^= 0x40  # its bytes stand behind the first mention of its name
open(sys.argv[1], "wb").write(model)
END"""


class Receiver(LocalServer):
    """Takes what a webhook tells; answers 500 as often as `faults` says."""

    def __init__(self):
        self.told, self.faults = [], 0
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.faults -= 1
                self.send_response(500 if receiver.faults >= 0 else 204)
                self.end_headers()
                if receiver.faults < 0:
                    receiver.told.append((dict(self.headers), body))

            def log_message(self, *_):
                pass

        super().__init__(Handler)
        self.url += "/told"


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.registry = self.enterContext(Registry(self.folder / "r.db"))
        self.receiver = self.enterContext(Receiver())
        self.store, self.traces = self.folder / "store", self.folder / "traces"
        self.traces.mkdir()

    def worker(self, *options):
        environment = {"PATH": "/usr/bin:/bin", "TEZ_WEBHOOK_SECRET": SECRET, "TMPDIR": str(self.folder), "OMP_NUM_THREADS": "1"}
        worker = self.enterContext(Worker(self.registry.url, self.store, "--metrics=127.0.0.1:0", f"--webhook={self.receiver.url}",
                                          f"--traces={self.traces}", *options, environment=environment))
        self.metrics_url = worker.wait_for("started")["metrics"]
        return worker

    def metrics(self, url=None):
        """{series: value}"""
        with urllib.request.urlopen(f"{url or self.metrics_url}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line and line[0] != "#"}

    def plant(self, *which, words=FAULTY):
        return [f"--{option}={word}" for option in which for word in words]

    def checker(self, *lines):
        """A checker that does this first."""
        path = self.folder / "checker"
        path.write_text("\n".join(["#!/bin/sh", *lines, f'exec {BIN / "tez-onnx-check"} "$@"', ""]))
        path.chmod(0o755)
        return f"--onnx-checker={path}"

    def run_gelu(self, *options):
        """The worker, and the blueprint as it is at the end, which falls back twice at least."""
        worker = self.worker(*self.plant("compile-option", "base-option"), *options)
        self.registry.blueprint("gelu", network(3, activation="gelu"))
        until(lambda: worker.events("validated", "invalid"), worker.log.read_text)
        return worker, self.registry.get("/api/v1/blueprints/gelu")[1]

    def told(self):
        (headers, body), = self.receiver.told
        signature = hmac.new(SECRET.encode(), f"{headers['X-Tez-Timestamp']}.".encode() + body, hashlib.sha256).hexdigest()
        self.assertEqual(headers["X-Tez-Signature"], f"sha256={signature}")
        return headers, json.loads(body)


class Fallback(Case):
    def test_where_the_optimized_kernel_is_wrong_the_other_is_taken(self):
        worker = self.worker(*self.plant("compile-option"))
        self.registry.blueprint("gelu", network(3, activation="gelu"))
        worker.wait_for("validated", blueprint="gelu")
        series = self.metrics()
        self.assertEqual(series['tez_worker_fallbacks_total{to="base"}'], 1)
        self.assertEqual(series['tez_worker_jobs_total{verdict="validated"}'], 1)
        self.assertEqual(self.receiver.told, [])

    def test_where_all_are_wrong_it_is_invalid_kept_and_told(self):
        self.receiver.faults = 2  # the third try arrives
        worker = self.worker(*self.plant("compile-option", "base-option"), self.checker(SPOILT))
        text = network(3, activation="gelu")
        self.registry.blueprint("gelu", text)
        ended = worker.wait_for("invalid", blueprint="gelu")
        there = self.registry.get("/api/v1/blueprints/gelu")[1]
        self.assertEqual((there["status"], there["dead_letter"]), ("invalid", False))
        for words in ("optimized: ", "without optimization: ", "differs from the reference", "as ONNX model: error: "):
            self.assertIn(words, there["reason"])
        kept, = (self.store / "failed").iterdir()
        self.assertEqual((kept / "blueprint.json").read_text(), text)
        why = json.loads((kept / "reason.json").read_text())
        self.assertEqual((why["blueprint_id"], why["event"], why["compile_options"]), ("gelu", "not_validated", FAULTY))
        headers, told = self.told()
        self.assertEqual((told["blueprint_id"], told["event"], told["reason"]), ("gelu", "not_validated", there["reason"]))
        self.assertEqual(headers["traceparent"].split("-")[1], told["trace_id"])
        self.assertEqual(told["trace_id"], ended["trace_id"])
        series = self.metrics()
        self.assertEqual(series['tez_worker_jobs_total{verdict="not_validated"}'], 1)
        self.assertEqual(series['tez_worker_notifications_total{outcome="taken"}'], 1)
        self.assertEqual(series['tez_worker_fallbacks_total{to="base"}'] + series['tez_worker_fallbacks_total{to="onnx"}'], 0)
        self.assertEqual(self.registry.get("/api/v1/kernels")[1], [])

    def test_where_no_kernel_is_right_there_is_a_model(self):
        worker, there = self.run_gelu()
        self.assertEqual(there["status"], "validated")
        self.assertIn("only as ONNX model, which does not train: optimized: ", there["reason"])
        kernel, = self.registry.get("/api/v1/kernels?blueprint_id=gelu")[1]
        report = kernel["validation_report"]
        self.assertEqual((kernel["status"], kernel["compilation_pipeline"], report["compilation_target"]), ("validated", "onnx", "onnx"))
        self.assertRegex(kernel["kernel_binary_ref"], r"^file:///.*/kernels/onnx-[0-9a-f]{64}/compiled\.onnx$")
        self.assertIn("differs from the reference", report["onnx_because"])
        self.assertRegex(report["evidence"]["runtime"], "^onnxruntime ")
        self.assertEqual((report["evidence"]["validated"], report["evidence"]["calls"]), (True, 2))
        path = pathlib.Path(kernel["kernel_binary_ref"].removeprefix("file://"))
        self.assertEqual(hashlib.sha256(path.read_bytes()).hexdigest(), report["checksum"])
        sidecar = json.loads((path.parent / "metadata.json").read_text())
        self.assertEqual((sidecar["input_shape"], sidecar["output_shape"], sidecar["parameter_count"]), ([3], [2], 26))
        self.assertEqual(worker.wait_for("fallback")["to"], "onnx")
        self.assertEqual(self.told()[1]["event"], "onnx_only")
        series = self.metrics()
        self.assertEqual((series['tez_worker_fallbacks_total{to="onnx"}'], series['tez_worker_jobs_total{verdict="model"}']), (1, 1))
        self.check_model(path)

    def check_model(self, path):
        """Against torch, with the weights that the model holds."""
        import numpy
        import onnxruntime
        import torch
        kernel = self.folder / "kernel.pt"
        (self.folder / "gelu.json").write_text(network(3, activation="gelu"))
        subprocess.run([BIN / "tez", "compile", self.folder / "gelu.json", "-o", kernel], check=True, capture_output=True)
        x = torch.randn(5, 3)
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        found, = session.run(None, {session.get_inputs()[0].name: x.numpy()})
        numpy.testing.assert_allclose(found, torch.jit.load(kernel).eval()(x).detach().numpy(), rtol=1e-5, atol=1e-5)

    def test_a_model_that_nobody_can_check_is_kept_and_called_so(self):
        _, there = self.run_gelu(self.checker("export TEZ_PYTHON=/usr/bin/python3"))  # which has no onnxruntime
        self.assertEqual(there["status"], "invalid")
        self.assertRegex(there["reason"], r"stored as onnx-unchecked-[0-9a-f]{64}, but not checked: error: onnxruntime is not installed")
        kernel, = self.registry.get("/api/v1/kernels?blueprint_id=gelu")[1]
        self.assertEqual((kernel["status"], kernel["validation_report"]["evidence"]["validated"]), ("testing", False))
        self.assertTrue(pathlib.Path(kernel["kernel_binary_ref"].removeprefix("file://")).exists())
        self.assertEqual(self.told()[1]["event"], "not_validated")

    def test_what_has_no_model_either_is_invalid(self):
        worker = self.worker(*self.plant("compile-option", "base-option", words=FAILING))
        self.registry.blueprint("p", json.dumps({"metadata": {"blueprint_id": "p", "name": "p", "category": "custom"}, "architecture": {
            "module_type": "torch.nn.LSTM", "config": {"input_size": 4, "hidden_size": 6, "proj_size": 3}}}))
        worker.wait_for("invalid", blueprint="p")
        reason = self.registry.get("/api/v1/blueprints/p")[1]["reason"]
        self.assertEqual(reason.count("test-fail fails"), 2)
        self.assertIn("has no ONNX form", reason)
        self.assertEqual(self.registry.get("/api/v1/kernels")[1], [])

    def test_where_a_pass_fails_the_other_kernel_is_taken(self):
        worker = self.worker(*self.plant("compile-option", words=FAILING))
        self.registry.blueprint("gelu", network(3, activation="gelu"))
        worker.wait_for("validated", blueprint="gelu")
        kernel, = self.registry.get("/api/v1/kernels")[1]
        self.assertEqual(kernel["compilation_pipeline"], "fast")
        self.assertIn("test-fail fails", kernel["validation_report"]["base_compilation_because"])

    def test_a_webhook_that_is_away_keeps_nothing_back(self):
        self.receiver.faults = 100
        worker, _ = self.run_gelu(self.checker(SPOILT))
        self.assertIn("500", worker.wait_for("not notified")["reason"])
        self.assertEqual(self.metrics()['tez_worker_notifications_total{outcome="failed"}'], 1)

    def test_a_blueprint_at_fault_is_nobodys_alarm(self):
        worker = self.worker()
        self.registry.blueprint("bad", network(-1))
        worker.wait_for("invalid", blueprint="bad")
        self.assertEqual(self.metrics()['tez_worker_jobs_total{verdict="invalid"}'], 1)
        self.assertEqual((self.receiver.told, list((self.store / "failed").iterdir())), ([], []))

    def test_without_a_secret_it_does_not_begin(self):
        done = subprocess.run([BIN / "tez", "worker", f"--registry={self.registry.url}", f"--store={self.store}",
                               f"--webhook={self.receiver.url}"], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 4)
        self.assertIn("TEZ_WEBHOOK_SECRET", done.stderr)


class Telemetry(Case):
    def test_a_job_can_be_followed(self):
        worker = self.worker()
        self.registry.blueprint("a", network(3))
        worker.wait_for("validated", blueprint="a")
        self.registry.call("PUT", "/internal/v1/blueprints/a/status", {"status": "unvalidated"})
        until(lambda: len(worker.events("validated")) == 2, worker.log.read_text)
        self.assertEqual(worker.end(), 0)
        lines = [line for line in worker.events() if line.get("blueprint") == "a"]
        trace, = {line["trace_id"] for line in lines}  # of both tries
        self.assertEqual(trace, hashlib.sha256(b"tez blueprint a").hexdigest()[:32])
        self.assertEqual(len({line["span_id"] for line in lines}), 2)
        files = sorted(self.traces.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        self.assertEqual([path.name.split("-")[0] for path in files], [trace] * 2)
        first, second = (json.loads(path.read_text()) for path in files)
        self.assertEqual([event["name"] for event in first["traceEvents"]], ["compile", "store", "post", "complete"])
        self.assertEqual([event["name"] for event in second["traceEvents"]], ["complete"])  # the kernel was there
        begins = [event["ts"] for event in first["traceEvents"]]
        self.assertEqual(begins, sorted(begins))
        for event in first["traceEvents"]:
            self.assertGreater(event["dur"], 0)

    def test_a_trace_goes_from_the_designer_to_the_kernel(self):
        trace, designer = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
        self.registry = self.enterContext(Registry(self.folder / "traced.db", "--log=changes"))
        worker = self.worker()
        parent = f"00-{trace}-{designer}-01"
        status, there = self.registry.call("POST", "/api/v1/blueprints", {"id": "a", "architecture_ir": network(3)},
                                           headers={"traceparent": parent})
        self.assertEqual((status, there["traceparent"]), (201, parent))
        worker.wait_for("validated", blueprint="a")
        self.assertEqual({line["trace_id"] for line in worker.events() if line.get("blueprint") == "a"}, {trace})
        span = worker.wait_for("validated", blueprint="a")["span_id"]
        kernel, = self.registry.get("/api/v1/kernels?blueprint_id=a")[1]
        self.assertEqual(kernel["traceparent"], f"00-{trace}-{span}-01")
        self.assertEqual(worker.end(), 0)
        chrome = json.loads((self.traces / f"{trace}-{span}.json").read_text())
        self.assertEqual(chrome["otherData"], {"blueprint": "a", "trace_id": trace, "parent_span_id": designer})
        self.assertEqual({event["args"]["trace_id"] for event in chrome["traceEvents"]}, {trace})
        code, said = self.registry.end()
        lines = [json.loads(line) for line in said.splitlines()]
        self.assertEqual([line["event"] for line in lines], ["created", "claimed", "posted", "completed"])
        self.assertEqual({(line["trace_id"], line["blueprint"]) for line in lines}, {(trace, "a")})
        self.assertEqual([line.get("parent_span_id") for line in lines], [designer, None, span, span])
        self.assertLessEqual({"time", "level"}, lines[0].keys())

    def test_submit_begins_a_trace(self):
        (self.folder / "net.json").write_text(network(3))
        submit = [BIN / "tez", "submit", self.folder / "net.json", f"--registry={self.registry.url}"]
        subprocess.run(submit, check=True, capture_output=True)
        own = self.registry.get("/api/v1/blueprints/net")[1]["traceparent"]
        self.assertEqual(own.split("-")[1], hashlib.sha256(b"tez blueprint net").hexdigest()[:32])
        (self.folder / "other.json").write_text(network(3))
        given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        subprocess.run([*submit[:2], self.folder / "other.json", submit[-1]], check=True, capture_output=True,
                       env={"PATH": "/usr/bin:/bin", "TRACEPARENT": given})
        self.assertEqual(self.registry.get("/api/v1/blueprints/other")[1]["traceparent"].split("-")[1], given.split("-")[1])

    def test_what_is_no_traceparent_is_ignored(self):
        for number, parent in enumerate(("", "00-0-0-01", "ff-" + "1" * 32 + "-" + "1" * 16 + "-01", "x" * 200)):
            status, there = self.registry.call("POST", "/api/v1/blueprints", {"id": f"b{number}", "architecture_ir": ""},
                                               headers={"traceparent": parent})
            self.assertEqual((status, there["traceparent"]), (201, None))

    def test_metrics_dashboard_and_alerts_name_the_same(self):
        self.worker()
        self.registry.blueprint("a", network(3))
        self.registry.get("/api/v1/blueprints/a")
        there = {name.split("{")[0] for url in (self.metrics_url, self.registry.url) for name in self.metrics(url)}
        texts = {name: (ROOT / "tools" / "deploy" / name).read_text() for name in ("prometheus/alerts.yml", "grafana/tezzeret.json")}
        for name, text in texts.items():
            named = set(re.findall(r"\btez_[a-z_]+", text))
            self.assertGreater(len(named), 5, name)
            self.assertEqual(named - there, set(), f"{name} names what nobody measures")
        shown = set(re.findall(r"\btez_[a-z_]+", texts["grafana/tezzeret.json"]))
        bases = {re.sub(r"_(bucket|sum|count)$", "", name) for name in there if name.startswith("tez_")}
        self.assertEqual(bases - {re.sub(r"_bucket$", "", name) for name in shown}, set(), "the dashboard does not show")

    def test_a_slow_scraper_does_not_hold_it(self):
        import socket
        worker = self.worker()
        host, port = self.metrics_url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as slow:
            slow.sendall(b"GET /met")
            self.assertIn('tez_worker_breaker_open{of="store"}', self.metrics())
            self.assertEqual(slow.recv(10), b"")  # it was cut
        with self.assertRaises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{self.metrics_url}/other", timeout=10)
        self.assertEqual(worker.end(), 0)


if __name__ == "__main__":
    unittest.main()

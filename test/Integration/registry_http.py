"""What is no proper call, slow clients, too many calls, and metrics."""
import base64
import hashlib
import pathlib
import select
import socket
import sqlite3
import tempfile
import time
import unittest

from _registry import Case, Registry


class Wire(Case):
    """What is no proper call. The patience of a registry with slow clients is 15 s."""

    def raw(self, data, until_closed=True):
        with socket.create_connection((self.registry.address.hostname, self.registry.address.port), timeout=40) as client:
            client.sendall(data)
            answer = b""
            while (part := client.recv(1 << 16)) and (until_closed or b"\r\n\r\n" not in answer + part):
                answer += part
            return answer + part

    def status(self, data):
        return int(self.raw(data).split(b" ", 2)[1])

    def test_no_http(self):
        self.assertEqual(self.status(b"HELLO\r\n\r\n"), 400)
        self.assertEqual(self.status(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: " + b"y" * 20_000 + b"\r\n\r\n"), 431)

    def test_lengths(self):
        head = b"POST /api/v1/blueprints HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        self.assertEqual(self.status(head + b"Content-Length: 100000000\r\n\r\n"), 413)
        self.assertEqual(self.status(head + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"), 411)
        smuggled = head + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n"
        answer = self.raw(smuggled)
        self.assertEqual((answer.count(b"HTTP/1.1 4"), answer.count(b"HTTP/1.1 2")), (1, 0), answer)
        self.assertEqual(self.status(head + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), 400)

    def test_what_was_changed_on_its_way_is_refused(self):
        body = b'{"id": "intact", "architecture_ir": ""}'

        def post(headers):
            return self.registry.call("POST", "/api/v1/blueprints", body, headers=headers)

        right = "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"
        for digest in (right.replace("=:", "=:A"), "sha-256=::", "sha-256=", f"sha-512=:AAAA:, {right[:-2]}"):
            self.refused(400, post({"Content-Digest": digest}), "Content-Digest", "changed on its way")
        for sent in ("GET /api/v1/blueprints", "POST /api/v1/blueprintz", "POST", "", "POST /api/v1/blueprints 00-1"):
            self.refused(400, post({"X-Tez-Request": sent}), "X-Tez-Request", "changed on its way")
        self.assertEqual(self.registry.get("/api/v1/blueprints/intact")[0], 404)
        self.assertEqual(post({"Content-Digest": f"sha-512=:AAAA:, {right}", "X-Tez-Request": "POST /behind/api/v1/blueprint%73"})[0], 201)
        self.assertEqual(post({"Content-Digest": "sha-512=:AAAA:"})[0], 200)  # which nobody here knows

    def test_answers_have_a_digest_where_it_is_wanted(self):
        for path in ("/openapi.json", "/health", "/nowhere"):
            _, headers, content = self.registry.exchange("GET", path, headers={"Want-Content-Digest": "sha-512=1, sha-256=5"})
            self.assertEqual(headers["Content-Digest"], "sha-256=:" + base64.b64encode(hashlib.sha256(content).digest()).decode() + ":")
            self.assertNotIn("Content-Digest", self.registry.exchange("GET", path)[1])

    def test_continue(self):
        head = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" \
               b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        self.assertTrue(self.raw(head + b"{}").startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"))

    def test_two_calls_in_one_packet(self):
        call = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
        self.assertEqual(self.raw(call + b"\r\n" + call + b"Connection: close\r\n\r\n").count(b'"status":"ok"'), 2)

    def test_head_has_no_body(self):
        calls = b"HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n" \
                b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        first, second, _ = self.raw(calls).split(b"\r\n\r\n")
        self.assertTrue(first.startswith(b"HTTP/1.1 405") and second.startswith(b"HTTP/1.1 200"), (first, second))

    def test_slow_clients_are_dropped_and_others_served(self):
        silent = [socket.create_connection((self.registry.address.hostname, self.registry.address.port), timeout=40)
                  for _ in range(100)]
        for client in silent[::2]:
            client.sendall(b"GET /health HTTP/1.1\r\nHost: ")
        self.assertEqual(self.registry.get("/health")[0], 200)
        for client in silent:
            self.assertEqual(client.recv(100), b"")
            client.close()
        self.registry.close()
        self.assertEqual(self.registry.get("/health")[0], 200)
        metrics = self.registry.exchange("GET", "/metrics")[2].decode()
        self.assertIn("tez_registry_slow_clients_total 100", metrics)

    def test_metrics(self):
        self.registry.blueprint("m")
        self.registry.claim("m-worker")
        status, headers, content = self.registry.exchange("GET", "/metrics")
        self.assertTrue(headers["Content-Type"].startswith("text/plain"))
        text = content.decode()
        for line in ('tez_registry_blueprints{status="compiling"} 1', "tez_registry_leases 1", "tez_registry_claims_total 1",
                     'tez_registry_requests_total{code="201",method="POST",route="/api/v1/blueprints"} 1',
                     'tez_registry_request_seconds_count{method="POST",route="/internal/v1/claims"} 1'):
            self.assertIn(line, text)


class Overload(unittest.TestCase):
    def test_what_is_too_much_is_told_to_come_back(self):
        """A writer holds the database, so that calls pile up; 4 may, more may not."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "r.db"
            with Registry(path, "--most-calls=4", "--threads=2") as registry:
                other = sqlite3.connect(path, isolation_level=None)
                other.execute("BEGIN IMMEDIATE")
                body = b'{"id": "x", "architecture_ir": ""}'
                connections = [registry.connect() for _ in range(12)]
                for connection in connections:
                    connection.request("POST", "/api/v1/blueprints", body, {"Content-Type": "application/json"})
                self.assertEqual(registry.get("/health")[0], 200)
                sockets = [connection.sock for connection in connections]
                while len(select.select(sockets, [], [], 30)[0]) < 8:
                    time.sleep(0.01)
                other.execute("ROLLBACK")
                answers = [connection.getresponse() for connection in connections]
                for answer in answers:
                    answer.read()
                refused = [answer for answer in answers if answer.status == 429]
                self.assertEqual(len(refused), 8)
                self.assertEqual({answer.headers["Retry-After"] for answer in refused}, {"1"})
                self.assertEqual({answer.status for answer in answers} - {429}, {200, 201})
                for connection in connections:
                    connection.close()
                other.close()
                self.assertIn(b"tez_registry_overloads_total 8", registry.exchange("GET", "/metrics")[2])


if __name__ == "__main__":
    unittest.main()

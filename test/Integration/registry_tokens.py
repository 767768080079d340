"""Who may do what."""
import pathlib
import sqlite3
import subprocess
import tempfile
import time
import unittest

from _registry import BIN, Registry, add_token


class Tokens(unittest.TestCase):
    CALLS = {  # what each role may do, by a call that shows it
        ("GET", "/api/v1/blueprints"): {"reader", "designer", "worker", "admin"},
        ("GET", "/metrics"): {"reader", "designer", "worker", "admin"},
        ("POST", "/api/v1/blueprints"): {"designer", "admin"},
        ("PUT", "/internal/v1/blueprints/x/status"): {"designer", "worker", "admin"},
        ("POST", "/internal/v1/claims"): {"worker", "admin"},
        ("POST", "/internal/v1/kernels"): {"worker", "admin"},
        ("POST", "/internal/v1/blueprints/x/complete"): {"worker", "admin"},
    }

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.path = self.folder / "r.db"

    def test_roles(self):
        tokens = {role: add_token(self.path, f"my {role}", role) for role in ("reader", "designer", "worker", "admin")}
        with Registry(self.path, listen="0.0.0.0:0") as registry:
            for (method, path), allowed in self.CALLS.items():
                body = None if method == "GET" else {}
                for role, token in tokens.items():
                    with self.subTest(path=path, role=role):
                        status, *_ = registry.exchange(method, path, body, {"Authorization": f"Bearer {token}"})
                        self.assertEqual(status == 403, role not in allowed, status)
                        self.assertNotEqual(status, 401)
                for header in ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer x"},
                               {"Authorization": "Basic " + tokens["admin"]},
                               {"Authorization": "Bearer " + tokens["admin"][:-1]}):
                    status, headers, _ = registry.exchange(method, path, body, header)
                    self.assertEqual((status, headers["WWW-Authenticate"]), (401, "Bearer"))
            self.assertEqual(registry.get("/health")[0], 200)
            self.assertEqual(registry.get("/openapi.json")[0], 200)
            registry.token = tokens["designer"]
            registry.blueprint("x")
            self.assertEqual(registry.call("PUT", "/internal/v1/blueprints/x/status", {"status": "validated"})[0], 403)
            self.assertEqual(registry.call("PUT", "/internal/v1/blueprints/x/status", {"status": "unvalidated"})[0], 200)

    def test_tokens_come_and_go_while_it_runs(self):
        with Registry(self.path) as registry:
            self.assertEqual(registry.get("/api/v1/overview")[0], 200)  # open on this machine
            token = add_token(self.path, "one", "reader")
            while registry.get("/api/v1/overview")[0] == 200:
                time.sleep(0.1)
            registry.token = token
            self.assertEqual(registry.get("/api/v1/overview")[0], 200)
            add_token(self.path, "two", "reader")
            subprocess.run([BIN / "tez", "token", "remove", "one", f"--db={self.path}"], check=True)
            while registry.get("/api/v1/overview")[0] == 200:
                time.sleep(0.1)

    def test_an_expired_one(self):
        token = add_token(self.path, "old", "reader", "--days=1")
        with sqlite3.connect(self.path) as database:
            database.execute("UPDATE tokens SET expires_at = 1")
        database.close()
        with Registry(self.path, token=token) as registry:
            status, answer = registry.get("/api/v1/overview")
            self.assertEqual((status, answer["detail"]), (401, "the token has expired"))
        listed = subprocess.run([BIN / "tez", "token", "list", f"--db={self.path}"], check=True, text=True, capture_output=True)
        self.assertEqual(listed.stdout, "old\treader\texpired\n")

    def test_secrets_are_not_kept(self):
        token = add_token(self.path, "one", "admin")
        with Registry(self.path) as registry:
            registry.call("GET", "/api/v1/overview", headers={"Authorization": f"Bearer {token}"})
            registry.call("GET", "/api/v1/overview", headers={"Authorization": f"Bearer {token}x"})
            self.assertEqual(registry.end(), (0, ""))
        for file in self.folder.iterdir():
            self.assertNotIn(token.encode(), file.read_bytes())
            self.assertEqual(file.stat().st_mode & 0o077, 0)

    def test_elsewhere_only_with_tokens(self):
        done = subprocess.run([BIN / "tez", "serve", f"--db={self.path}", "--listen=0.0.0.0:0"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 4)
        self.assertIn("it has no tokens: make one with `tez token add", done.stderr)

    def test_a_foreign_site_asks(self):
        with Registry(self.path) as registry:
            status, answer = registry.call("GET", "/api/v1/overview", headers={"Host": "evil.example:8080"})
            self.assertEqual(status, 403)
            self.assertIn("evil.example", answer["detail"])
            for host in ("localhost:8080", "127.0.0.1", "[::1]:80"):
                self.assertEqual(registry.call("GET", "/api/v1/overview", headers={"Host": host})[0], 200)


if __name__ == "__main__":
    unittest.main()

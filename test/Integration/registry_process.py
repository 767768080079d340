"""How the registry starts, stops, and does without its disk."""
import pathlib
import signal
import socket
import sqlite3
import subprocess
import tempfile
import unittest
import urllib.parse

from _registry import BIN, Registry


class Process(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def serve(self, *arguments):
        return subprocess.run([BIN / "tez", "serve", *arguments], capture_output=True, text=True, cwd=self.folder)

    def test_usage(self):
        done = self.serve("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("--listen", done.stdout)
        self.assertEqual(self.serve("--lisen=x").returncode, 2)
        self.assertEqual(self.serve("--listen=8080").returncode, 2)
        (self.folder / "text").write_text("n" * 5000)
        for options, word in [(["--db=no/such/r.db"], "no/such/r.db"), (["--db=text"], "text: file is not a database"),
                              (["--listen=somewhere:80"], "expected an IP address")]:
            done = self.serve(*options)
            self.assertEqual(done.returncode, 4, options)
            self.assertIn(word, done.stderr)

    def test_a_taken_port(self):
        with Registry(self.folder / "r.db") as registry:
            done = self.serve(f"--listen={registry.address.netloc}")
            self.assertEqual(done.returncode, 4)
            self.assertIn("Address already in use", done.stderr)

    def test_calls_under_way_are_answered_at_the_end(self):
        with Registry(self.folder / "r.db") as registry:
            other = sqlite3.connect(self.folder / "r.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            idle, busy = registry.connect(), registry.connect()
            idle.connect()
            busy.request("POST", "/api/v1/blueprints", b'{"id": "last", "architecture_ir": ""}',
                         {"Content-Type": "application/json"})
            self.assertEqual(registry.get("/health")[0], 200)  # so the call before it was taken
            registry.process.terminate()
            self.assertEqual(idle.sock.recv(1), b"")
            with self.assertRaises(OSError):
                socket.create_connection((registry.address.hostname, registry.address.port))
            other.execute("ROLLBACK")
            answer = busy.getresponse()
            self.assertEqual((answer.status, answer.headers["Connection"]), (201, "close"))
            answer.read()
            self.assertEqual(registry.process.wait(timeout=20), 0)
            idle.close()
            busy.close()
            other.close()
            registry.process.communicate()
            registry.close()

    def test_it_comes_back_with_all_it_had(self):
        with Registry(self.folder / "r.db") as registry:
            made = registry.blueprint("kept")[1]
            self.assertEqual(registry.end(), (0, ""))
            registry.start()
            self.assertEqual(registry.get("/api/v1/blueprints/kept"), (200, made))

    def test_a_disk_that_fails(self):
        """Errors are told and nothing is half done: the file may not grow."""
        script = 'ulimit -f 256; exec "$0" serve --db="$1" --listen=127.0.0.1:0'
        process = subprocess.Popen(["bash", "-c", script, BIN / "tez-registry", self.folder / "r.db"], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN))
        registry = Registry.__new__(Registry)
        registry.token = registry.connection = None
        registry.process = process
        registry.address = urllib.parse.urlsplit(process.stdout.readline().split()[-1])
        acknowledged = []
        for i in range(100):
            status, answer = registry.blueprint(f"b{i}", "x" * 20_000)
            if status == 503:
                break
            acknowledged.append(f"b{i}")
        self.assertEqual(status, 503)
        self.assertIn("the database does not answer", answer["detail"])
        self.assertEqual([it["id"] for it in registry.get("/api/v1/blueprints?limit=1000")[1]], acknowledged)
        code, said = registry.end()
        self.assertEqual(code, 0)
        self.assertIn("r.db: ", said)


if __name__ == "__main__":
    unittest.main()

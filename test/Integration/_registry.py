"""A registry on a port of its own, and calls to it."""
import hashlib
import http.client
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest
import urllib.parse

BIN = pathlib.Path(os.environ.get("TEZ_BIN", pathlib.Path(__file__).resolve().parents[2] / "build/bin"))


def place(path):
    """What --db says for it: with $TEZ_POSTGRES, a server's URL, a database there instead of a file."""
    server = os.environ.get("TEZ_POSTGRES")
    if not server:
        return path
    name = "t" + hashlib.sha256(str(path).encode()).hexdigest()[:20]
    there = subprocess.run(["psql", "-qtAc", f"SELECT 1 FROM pg_database WHERE datname = '{name}'", f"{server}/postgres"],
                           check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
    if not there:
        subprocess.run(["psql", "-qc", f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0", f"{server}/postgres"],
                       check=True)
    return f"{server}/{name}"


class Registry:
    """`tez serve` over a database that outlives it. `call` and its kin raise nothing for statuses from 400 on."""

    def __init__(self, database, *options, listen="127.0.0.1:0", token=None):
        self.database, self.options, self.listen, self.token = place(database), options, listen, token
        self.process = self.connection = None
        self.start()

    def start(self):
        self.process = subprocess.Popen([BIN / "tez", "serve", f"--db={self.database}", f"--listen={self.listen}",
                                         *self.options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on http://"):
            raise RuntimeError(f"the registry did not start: {line}{self.process.communicate()[1]}")
        self.url = line.split()[-1]
        self.address = urllib.parse.urlsplit(self.url)

    def end(self, number=signal.SIGTERM):
        """Its exit status and what it wrote to stderr."""
        self.close()
        self.process.send_signal(number)
        said = self.process.communicate(timeout=30)[1]
        return self.process.returncode, said

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.end(signal.SIGKILL)

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def connect(self):
        return http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=30)

    def another(self):
        """Another connection to the same server, for another thread."""
        twin = Registry.__new__(Registry)
        twin.__dict__.update(self.__dict__, connection=None)
        return twin

    def exchange(self, method, path, body=None, headers=None):
        """The whole answer: (status, headers, bytes). Uses one connection, as long as it is kept."""
        self.connection = self.connection or self.connect()
        headers = dict(headers or {})
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        return answer.status, answer.headers, content

    def call(self, method, path, body=None, **more):
        """(status, JSON)."""
        status, _, content = self.exchange(method, path, body, **more)
        return status, json.loads(content)

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body):
        return self.call("POST", path, body)

    def blueprint(self, name, text="{}"):
        return self.post("/api/v1/blueprints", {"id": name, "architecture_ir": text})

    def claim(self, worker="w", **more):
        return self.post("/internal/v1/claims", {"worker": worker, **more})[1]


def add_token(database, name, role, *options):
    return subprocess.run([BIN / "tez", "token", "add", name, f"--role={role}", f"--db={place(database)}", *options], check=True,
                          text=True, stdout=subprocess.PIPE).stdout.strip()


def kernel(name, blueprint, **more):
    return {"id": name, "blueprint_id": blueprint, "status": "validated", "compilation_pipeline": "standard",
            "kernel_binary_ref": f"file:///kernels/{name}/compiled.pt", "validation_report": {"checks": []}, **more}


class Case(unittest.TestCase):
    """One registry for a class of tests, each of which uses ids of its own."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.registry = cls.enterClassContext(Registry(cls.folder / "r.db"))

    def refused(self, status, answer, *words):
        self.assertEqual(answer[0], status, answer)
        self.assertEqual(list(answer[1]), ["detail"])
        for word in words:
            self.assertIn(word, answer[1]["detail"])

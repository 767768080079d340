"""A stand-in for the registry that is deployed already, with its faults: see docs/worker.md."""
import datetime
import http.server
import json
import threading
import urllib.parse

from _local_server import LocalServer

STATUSES = ("unvalidated", "compiling", "validated", "invalid")


def no_number(name):
    raise ValueError(name)


class OlderRegistry(LocalServer):
    """`blueprints`: {id: row} in order of arrival; `posted`: the id of every kernel that was sent, twice ones twice."""

    def __init__(self):
        self.lock, self.blueprints, self.kernels, self.posted, self.history = threading.Lock(), {}, {}, [], []
        super().__init__(type("Handler", (Handler,), {"registry": self}))

    def add(self, name, text, status="unvalidated", age=0):
        self.blueprints[name] = {"id": name, "architecture_ir": text, "status": status, "created_at": self.time(age),
                                 "updated_at": self.time(age)}

    def time(self, age=0):
        """Now, or `age` seconds ago; every other one is written without an offset, which is UTC."""
        self.turn = not getattr(self, "turn", False)
        now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=age)
        return now.replace(tzinfo=None).isoformat() if self.turn else now.astimezone(
            datetime.timezone(datetime.timedelta(hours=2))).isoformat()

    def age(self, name, seconds):
        with self.lock:
            self.blueprints[name]["updated_at"] = self.time(seconds)

    def get(self, path):
        """As Registry.get of _registry.py."""
        with self.lock:
            return self.answer("GET", path, b"")

    def answer(self, method, target, body):
        path, _, query = target.partition("?")
        query = dict(urllib.parse.parse_qsl(query))
        parts = [urllib.parse.unquote(part) for part in path.split("/")[1:]]
        match method, parts:
            case "GET", ["health"]:
                return 200, {"status": "ok"}
            case "GET", ["internal", "v1", "blueprints", "unvalidated"]:
                return 200, [it for it in self.blueprints.values() if it["status"] == "unvalidated"][:10]
            case "GET", ["api", "v1", "blueprints", "broken"]:
                return 500, {"detail": "Internal Server Error"}
            case "GET", ["api", "v1", "blueprints"]:
                return self.list(query)
            case "GET", ["api", "v1", "blueprints", name] if name in self.blueprints and "%2F" not in path and name:
                return 200, self.blueprints[name]
            case "PUT", ["internal", "v1", "blueprints", name, "status"] if name in self.blueprints and "%2F" not in path and name:
                return self.put(name, json.loads(body)["status"])
            case "POST", ["internal", "v1", "kernels"]:
                return self.post(body)
            case "GET", ["api", "v1", "kernels"]:
                return 200, [it for it in self.kernels.values() if it["blueprint_id"] == query["blueprint_id"]]
        return 404, {"detail": "Not Found"}

    def list(self, query):
        if int(query.get("limit", 100)) > 100:
            return 422, {"detail": "limit must be at most 100"}
        rows = [it for it in self.blueprints.values() if query.get("status_filter", it["status"]) == it["status"]]
        return 200, rows[:int(query.get("limit", 100))]

    def put(self, name, status):
        if status not in STATUSES:
            return 500, {"detail": "Internal Server Error"}
        self.blueprints[name].update(status=status, updated_at=self.time())
        self.history.append((name, status))
        return 200, self.blueprints[name]

    def post(self, body):
        try:
            kernel = json.loads(body, parse_constant=no_number)
            self.posted.append(kernel["id"])
            bad = kernel["id"] in self.kernels or len(kernel["compilation_pipeline"]) > 32 or kernel["status"] not in (
                "validated", "invalid", "testing", "deployed") or kernel["blueprint_id"] not in self.blueprints
        except (ValueError, KeyError):
            bad = True
        if bad:
            return 500, {"detail": "Internal Server Error"}
        self.kernels[kernel["id"]] = kernel
        return 201, kernel


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.registry.lock:
            status, answer = self.registry.answer(self.command, self.path, body)
            content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = handle_any

    def handle(self):
        try:
            super().handle()
        except ConnectionError:  # of a worker that was killed
            pass

    def log_message(self, *_):
        pass

"""A headless Chromium over its DevTools pipe, without packages besides Python's own."""
import base64
import fcntl
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time


class Browser:
    """One page at a time. Messages of the console and what was fetched are kept in `console` and `requests`."""

    def __init__(self, limit=60):
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if not program:
            raise RuntimeError("chromium is missing: tools/setup --check installs it")
        self.limit, self.number, self.pending = limit, 0, b""
        self.events, self.console, self.requests = [], [], []
        self.profile = tempfile.TemporaryDirectory()
        self.process = self._start(program)
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def _start(self, program):
        """DevTools reads from descriptor 3 and writes to descriptor 4, messages end with a zero byte."""
        reads, self.out = os.pipe()
        self.inward, writes = os.pipe()
        # Away from 3 and 4, which they may be themselves.
        theirs_in, theirs_out = (fcntl.fcntl(descriptor, fcntl.F_DUPFD, 10) for descriptor in (reads, writes))
        shell = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out} {theirs_in}<&- {theirs_out}>&-'
        process = subprocess.Popen(
            ["bash", "-c", shell, "sh", program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-background-networking", "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}"],
            pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for descriptor in (reads, writes, theirs_in, theirs_out):
            os.close(descriptor)
        return process

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        os.close(self.inward)
        os.close(self.out)
        shutil.rmtree(self.profile.name, ignore_errors=True)

    def _receive(self):
        end = time.monotonic() + self.limit
        while b"\0" not in self.pending:
            ready, _, _ = select.select([self.inward], [], [], max(0, end - time.monotonic()))
            data = os.read(self.inward, 1 << 16) if ready else b""
            if not data:
                raise RuntimeError(f"chromium {'ended' if ready else 'said nothing'} within {self.limit} s")
            self.pending += data
        text, self.pending = self.pending.split(b"\0", 1)
        return json.loads(text)

    def _note(self, message):
        method, params = message.get("method", ""), message.get("params", {})
        if method == "Log.entryAdded":
            self.console.append(params["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self.console.append(str(params["args"]))
        elif method == "Runtime.exceptionThrown":
            self.console.append(json.dumps(params["exceptionDetails"]))
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        self.events.append(method)

    def _call(self, method, **params):
        self.number += 1
        message = dict(id=self.number, method=method, params=params)
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._note(answer)

    def open(self, path, width=1280, scheme="light"):
        self.open_url(pathlib.Path(path).resolve().as_uri(), width, scheme)

    def open_url(self, url, width=1280, scheme="light"):
        self.console, self.requests, self.events = [], [], []
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                   mobile=width < 600)
        self._call("Emulation.setEmulatedMedia", features=[dict(name="prefers-color-scheme", value=scheme)])
        self._call("Page.navigate", url=url)
        while "Page.loadEventFired" not in self.events:
            self._note(self._receive())

    def evaluate(self, expression):
        result = self._call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def count(self, selector):
        return self.evaluate(f"document.querySelectorAll({json.dumps(selector)}).length")

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            self._call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                       windowsVirtualKeyCode={"Tab": 9, "Enter": 13}[key])

    def screenshot(self, path):
        answer = self._call("Page.captureScreenshot", captureBeyondViewport=True)
        pathlib.Path(path).write_bytes(base64.b64decode(answer["data"]))

"""Runs tez on one blueprint and says in which way a refusal, or an acceptance, is not what it must be."""
import copy
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import time

TEZ = os.path.join(os.environ.get("TEZ_BIN", "build/bin"), "tez")
SECONDS, BYTES = 5.0, 1 << 30
ANY = ""  # no field is open, or it does not matter which: only the place is asked for
GONE = object()  # as the value of an edit: the key is removed


@dataclasses.dataclass
class Refusal:
    """A blueprint (an object, a text or bytes) that is refused for `field`; `words` stand in the same line.

    The field is a dotted path, or a regular expression for one when it is compiled; empty when no field is open.
    `near` is the text that the place points at, where the test says so."""
    name: str
    blueprint: object
    field: object
    words: tuple = ()
    near: str = ""
    suffix: str = ".json"
    exit: int = 1
    options: tuple = ()


@dataclasses.dataclass
class Acceptance:
    """A twin of a refusal on the good side of the border. With `full`, compiled to the end."""
    name: str
    blueprint: object
    full: bool = False
    suffix: str = ".json"
    options: tuple = ()


def edited(base, *changes):
    """A copy of `base` with each (dotted path, value) of `changes` set, or removed where the value is GONE."""
    result = copy.deepcopy(base)
    for path, value in changes:
        *way, last = [int(p) if p.isdigit() else p for p in path.split(".")]
        place = result
        for part in way:
            place = place[part]
        if value is GONE:
            del place[last]
        else:
            place[last] = value
    return result


def encoded(blueprint):
    if isinstance(blueprint, bytes):
        return blueprint
    return (blueprint if isinstance(blueprint, str) else json.dumps(blueprint, indent=1)).encode()


@dataclasses.dataclass
class Run:
    code: int
    stderr: str
    seconds: float
    peak: int  # bytes


def run(arguments, folder, stdin=None):
    """One process, measured by itself; killed after twice the time that a refusal may take."""
    errors = pathlib.Path(folder) / "stderr"
    start = time.monotonic()
    with open(errors, "wb") as stream:
        child = subprocess.Popen([TEZ, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=stream, stdin=stdin)
        while (ended := os.wait4(child.pid, os.WNOHANG))[0] == 0:
            time.sleep(0.002)
            if time.monotonic() - start > 120:
                child.kill()
    child.returncode = os.waitstatus_to_exitcode(ended[1])
    cpu = ended[2].ru_utime + ended[2].ru_stime  # what the process took, whatever else the machine did
    text = errors.read_bytes().decode("utf-8", "backslashreplace")
    errors.unlink()
    return Run(child.returncode, text, cpu, ended[2].ru_maxrss * 1024)


def resources(done):
    if done.code < 0:
        yield f"killed by signal {-done.code}: {done.stderr[-300:]}"
    if done.seconds > SECONDS:
        yield f"took {done.seconds:.1f} s"
    if done.peak > BYTES:
        yield f"took {done.peak >> 20} MiB"


def matches(case, file, done):
    """The line that names the field with place, found and expected."""
    field = case.field.pattern if isinstance(case.field, re.Pattern) else re.escape(case.field)
    colon = ": " if field else ""
    head = rf"^{re.escape(str(file))}:(?P<line>\d+):(?P<column>\d+): error: {field}{colon}(?P<rest>.*)$"
    for found in re.finditer(head, done.stderr, re.M):
        if all(word in found["rest"] for word in case.words):
            return found
    return None


def pointed(text, found, near):
    line, column = int(found["line"]), int(found["column"])
    lines = text.split(b"\n")
    return line <= len(lines) and lines[line - 1][column - 1:].startswith(near.encode())


def problems(case, folder):
    """What is wrong with how tez answers the case: a list of texts, empty when all is well."""
    file = pathlib.Path(folder) / f"case{case.suffix}"
    text = encoded(case.blueprint)
    file.write_bytes(text)
    refusal = isinstance(case, Refusal)
    output = pathlib.Path(folder) / "kernel.pt"
    goal = ["-o", output] if refusal or case.full else ["--stop-after=import"]
    done = run(["compile", file, *goal, *case.options], folder)
    found = list(resources(done))
    found += refused(case, file, text, done) if refusal else accepted(case, output, done)
    rest = sorted(p.name for p in pathlib.Path(folder).iterdir() if p != file)
    if not refusal and case.full and "kernel.pt" in rest:
        rest.remove("kernel.pt")
        output.unlink()
    if rest:
        found.append(f"left {rest}")
    file.unlink()
    return found


def accepted(case, output, done):
    if done.code != 0:
        return [f"exit {done.code}: {done.stderr[:300]}"]
    return [] if not case.full or output.stat().st_size else ["wrote nothing"]


def refused(case, file, text, done):
    if done.code != case.exit:
        return [f"exit {done.code}, expected {case.exit}: {done.stderr[:300]}"]
    line = matches(case, file, done)
    if not line:
        return [f"no error of {case.field!r} with {case.words}: {done.stderr[:400]}"]
    if case.near and not pointed(text, line, case.near):
        return [f"does not point at {case.near!r}: {done.stderr[:300]}"]
    return []

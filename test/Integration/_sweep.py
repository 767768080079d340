"""Sweeps: blueprints good, bad and alike, and what their table must say."""
import csv
import hashlib
import json
import os
import pathlib
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SWEEP_PYTHON = ROOT / ".venv-sweep/bin/python"  # tools/requirements-sweep.txt
TEZ = pathlib.Path(os.environ["TEZ_BIN"]).resolve() / "tez"
FAST = ["--option=--tier=fast", "--option=--bench-budget=0", "--option=--checks=outputs"]
OF_A_RUN = {"seconds", "milliseconds", "worker", "tries", "cached"}  # columns that differ between two runs


def network(size, **more):
    return {"name": f"net {size}", "description": "d", "created_by": "test",
            "architecture": {"type": "linear", "config": {"input_size": size, "hidden_sizes": [4], "output_size": 2}},
            **more}


def blueprints(good):
    """Lines, and the state of each."""
    rows = [(json.dumps(network(3 + i)), "validated") for i in range(good)]
    rows[5:5] = [(rows[0][0], "validated"),  # the same text, the same content under another name
                 (json.dumps(network(4, name="another", blueprint_id="named")), "validated"),
                 (json.dumps(network(-1)), "refused"), ("Hello, world", "refused"), ("[" * 100_000, "refused")]
    rows.append(('{"type": "linear", "input_size": 3, "größe": 1}', "refused"))
    return [text for text, _ in rows], [state for _, state in rows]


def environment(**more):
    return {**os.environ, "TEZ": str(TEZ), "PYTHONPATH": str(ROOT / "python"), **more}


def start(python, inputs, folder, *options, **more):
    return subprocess.Popen([python, "-m", "tezzeret.sweep", *inputs, "-o", folder, *FAST, *options], text=True,
                            env=environment(**more), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def sweep(python, inputs, folder, *options, **more):
    """Its exit status, and what it said."""
    process = start(python, inputs, folder, *options, **more)
    out, err = process.communicate(timeout=300)
    return process.returncode, out + err


def read_table(folder):
    with open(folder / "results.csv", newline="", encoding="utf-8") as file:
        csv.field_size_limit(1 << 27)
        return list(csv.DictReader(file))


def same(rows):
    """What two runs must agree on."""
    return [{key: value for key, value in row.items() if key not in OF_A_RUN} for row in rows]


def journal_of(folder):
    path = folder / "journal.jsonl"
    text = path.read_bytes() if path.exists() else b""
    return [json.loads(line) for line in text.split(b"\n")[:-1]]


def ended(folder):
    """Lines of the journal that are somebody's last."""
    return [line for line in journal_of(folder) if line["state"] in ("validated", "refused")]


def wait_until(condition, process, seconds=240):
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, f"it ended: {process.communicate()}"
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.02)


def check_kernels(folder, rows):
    """Every kernel of the table is there, whole; nothing else is."""
    paths = set()
    for row in rows:
        if row["state"] == "validated":
            content = (folder / row["path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == row["sha256"] and len(content) == int(row["bytes"]), row
            paths.add(folder / row["path"])
    assert {path for path in (folder / "kernels").rglob("*") if path.is_file()} == paths


def check_once(folder):
    """Nothing that had come to an end was done again."""
    digests = [line["digest"] for line in ended(folder)]
    assert len(digests) == len(set(digests)), "twice"

"""python -m tezzeret.sweep, with workers on this machine: killed, interrupted, given what crashes the compiler."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

from _sweep import (ROOT, SWEEP_PYTHON, TEZ, blueprints, check_kernels, check_once, ended, journal_of, network,
                    read_table, same, start, sweep, wait_until)

# Stands in front of the compiler, and ends it by a signal where a text asks for it.
POISONED = f"""#!{sys.executable}
import json, os, signal, subprocess, sys
real = subprocess.Popen(["{TEZ}", "jobs"], stdin=subprocess.PIPE)
for line in sys.stdin.buffer:
    words = json.loads(line)
    text = open(words[1]).read() if words[0] == "compile" else ""
    if "poison" in text and ("--print-id" in words) == ("identified" in text):
        os.kill(real.pid, signal.SIGSEGV)
        real.wait()
        os.kill(os.getpid(), signal.SIGSEGV)
    real.stdin.write(line)
    real.stdin.flush()
"""


class Sweeps(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.folder = self.place / "out"

    def write(self, lines, name="nets.jsonl"):
        path = self.place / name
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        return path

    def sweep(self, inputs, *options, folder=None, python=sys.executable, **more):
        return sweep(python, inputs, folder or self.folder, "--workers=2", *options, **more)

    def test_killed_and_started_again(self):
        lines, states = blueprints(24)
        inputs = [self.write(lines)]
        whole = self.place / "whole"
        self.assertEqual(self.sweep(inputs, folder=whole)[0], 1)
        for enough in (7, 16):
            process = start(sys.executable, inputs, self.folder, "--workers=2", "--batch=2")
            wait_until(lambda: len(ended(self.folder)) >= enough, process)
            process.kill()
            process.communicate()
        with open(self.folder / "journal.jsonl", "ab") as journal:
            journal.write(b'{"digest": "0123')  # as if it had been killed while it wrote
        (self.folder / "kernels/00/x.pt.Ab3dEf").write_text("and the compiler as well")
        status, said = self.sweep(inputs)
        self.assertEqual(status, 1, said)
        rows = read_table(self.folder)
        self.assertEqual([row["state"] for row in rows], states)
        self.assertEqual(same(rows), same(read_table(whole)))
        check_kernels(self.folder, rows)
        check_once(self.folder)
        self.check_duplicates(rows)
        self.check_errors(rows)
        self.assertIn(f"{len(lines)} blueprints", said)
        before = journal_of(self.folder)
        self.assertEqual(self.sweep(inputs, TEZ="/nowhere/else")[0], 4)  # asked for its version, no more
        status, said = self.sweep(inputs)
        self.assertEqual((status, journal_of(self.folder)), (1, before), said)

    def check_duplicates(self, rows):
        self.assertEqual((rows[5]["same_as"], rows[5]["sha256"]), ("0", rows[0]["sha256"]))
        self.assertEqual((rows[6]["same_as"], rows[6]["id"], rows[6]["content_id"]),
                         ("1", "named", rows[1]["content_id"]))
        self.assertNotEqual(rows[6]["sha256"], rows[1]["sha256"])  # each has its own blueprint in it
        found = [line["cached"] for line in journal_of(self.folder) if line["digest"] == rows[6]["digest"]]
        self.assertEqual(found[-1], True)

    def check_errors(self, rows):
        self.assertIn("nets.jsonl:8:", rows[7]["error"])
        self.assertIn("architecture.config.input_size", rows[7]["error"])
        self.assertNotIn("blueprint.json", rows[7]["error"])
        self.assertIn("größe", rows[-1]["error"])

    def test_interrupted(self):
        lines, states = blueprints(24)
        inputs = [self.write(lines)]
        process = start(sys.executable, inputs, self.folder, "--workers=2", "--batch=4")
        wait_until(lambda: len(ended(self.folder)) >= 6, process)
        status, said = self.sweep(inputs)
        self.assertEqual(status, 4)
        self.assertIn("another sweep is at work", said)
        process.send_signal(signal.SIGINT)
        said, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 128 + signal.SIGINT, errors)
        self.assertIn("interrupted", said)
        self.assertNotIn("Traceback", errors)
        rows = read_table(self.folder)
        self.assertEqual(len(rows), len(states))
        self.assertIn("pending", {row["state"] for row in rows})
        self.assertNotIn("crashed", {row["state"] for row in rows})
        self.assertEqual(self.sweep([*inputs, self.write([json.dumps(network(99))], "more.jsonl")])[0], 1)
        self.assertEqual([row["state"] for row in read_table(self.folder)], [*states, "validated"])
        check_once(self.folder)
        status, said = self.sweep(inputs, "--option=--seed=7")
        self.assertEqual(status, 2)
        self.assertIn("name another folder", said)

    def test_what_crashes_the_compiler(self):
        program = self.place / "poisoned"
        program.write_text(POISONED)
        program.chmod(0o755)
        lines = [json.dumps(network(3 + i)) for i in range(6)]
        lines[2:2] = [json.dumps(network(20, description=what)) for what in ("poison", "poison when identified")]
        status, said = self.sweep([self.write(lines)], "--tries=2", TEZ=str(program))
        self.assertEqual(status, 4, said)
        rows = read_table(self.folder)
        self.assertEqual([row["state"] for row in rows], ["validated"] * 2 + ["crashed"] * 2 + ["validated"] * 4)
        for row in rows[2:4]:
            self.assertIn("signal 11", row["error"])
            self.assertEqual(row["tries"], "2")
        self.assertIn("2  crashed", said)
        self.assertEqual(self.sweep([self.write(lines)], "--tries=2", TEZ=str(program))[0], 4)
        self.assertEqual(same(read_table(self.folder)), same(rows))  # not tried for ever
        self.assertEqual(self.sweep([self.write(lines)], "--retry=crashed")[0], 0)  # by a compiler that is mended

    def test_options_that_are_wrong_spoil_no_blueprint(self):
        inputs = [self.write([json.dumps(network(3))])]
        for options, status, wanted in ((["--option=--tire=fast"], 2, "tire"), (["--option=--report=x"], 2, "itself"),
                                        (["--option=--weights=/nowhere.pt"], 4, "nowhere.pt"),
                                        (["--workers=0"], 2, "whole number")):
            folder = self.place / "".join(options).replace("/", "_")
            found, said = self.sweep(inputs, *options, folder=folder)
            self.assertEqual(found, status, said)
            self.assertIn(wanted, said)
            self.assertNotIn("Traceback", said)
            self.assertEqual(journal_of(folder), [])
        for name, wanted in (("nets.txt", "expected a file"), ("gone.jsonl", "there is no such file")):
            self.assertIn(wanted, self.sweep([self.place / name])[1])

    @unittest.skipUnless(SWEEP_PYTHON.exists(), "tools/setup --check makes .venv-sweep")
    def test_parquet(self):
        make = ("import pyarrow as a, pyarrow.parquet as p; p.write_table(a.table({'id': ['a', 'b', 'c'], "
                f"'text': [{json.dumps(network(3))!r}, None, '{{}}'], 'n': [1, 2, 3]}}), 'nets.parquet')")
        subprocess.run([SWEEP_PYTHON, "-c", make], cwd=self.place, check=True)
        inputs = [self.place / "nets.parquet"]
        for column, wanted in (("n", "expected text"), ("blueprint", "there is no column blueprint, only id, text, n")):
            status, said = self.sweep(inputs, f"--column={column}", python=SWEEP_PYTHON)
            self.assertEqual(status, 2, said)
            self.assertIn(wanted, said)
        status, said = self.sweep(inputs, "--column=text", python=SWEEP_PYTHON)
        self.assertEqual(status, 1, said)
        rows = read_table(self.folder)
        self.assertEqual([(row["id"], row["state"]) for row in rows],
                         [("a", "validated"), ("b", "refused"), ("c", "refused")])
        self.assertIn("nets.parquet[1]: error: expected a blueprint, found null", rows[1]["error"])
        look = "import pyarrow.parquet as p; print(p.read_table('results.parquet')['sha256'].to_pylist()[0])"
        done = subprocess.run([SWEEP_PYTHON, "-c", look], cwd=self.folder, check=True, capture_output=True, text=True)
        self.assertEqual(done.stdout.strip(), rows[0]["sha256"])


if __name__ == "__main__":
    os.environ.pop("TEZ", None)
    assert (ROOT / "python/tezzeret/sweep").is_dir()
    unittest.main()

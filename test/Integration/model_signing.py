#!/usr/bin/env python
"""OpenSSF's model-signing on our signatures, and our `tez verify` on its.

    model_signing.py

Exit status 77 (ctest: skipped) where .venv-signing is missing.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEZ = pathlib.Path(os.environ.get("TEZ_BIN", ROOT / "build/bin")).resolve() / "tez"
SIGNING = ROOT / ".venv-signing/bin/model_signing"
ARCHITECTURE = '{"type": "linear", "input_size": 3, "hidden_size": 4, "output_size": 2}'


class Kernel(unittest.TestCase):
    """A signed kernel in a folder of its own."""

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.folder / "net.json").write_text(ARCHITECTURE)
        for name in ("mine", "other"):
            self.tez("keygen", "-o", name)
        self.tez("compile", "net.json", "-o", "K.pt", "--no-validate", "--sign-key=mine.key")

    def run_(self, command):
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)

    def tez(self, *arguments):
        done = self.run_([TEZ, *arguments])
        self.assertEqual(done.returncode, 0, done.stderr)

    def verify(self, key="mine.pub", signature="K.pt.sig"):
        return self.run_([SIGNING, "verify", "key", "K.pt", "--signature", signature, "--public_key", key])

    def assert_refused(self, done, word):
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn(word, (done.stdout + done.stderr).lower())

    def test_accepts_ours(self):
        done = self.verify()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_refuses_a_changed_kernel(self):
        path = self.folder / "K.pt"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        self.assert_refused(self.verify(), "mismatch")

    def test_refuses_a_changed_signature(self):
        path = self.folder / "K.pt.sig"
        text = path.read_text()
        at = text.index('"payload"') + 40
        path.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:])
        self.assert_refused(self.verify(), "fail")

    def test_refuses_another_key(self):
        self.assert_refused(self.verify(key="other.pub"), "fail")

    def test_its_signatures_are_ours(self):
        done = self.run_([SIGNING, "sign", "key", "K.pt", "--signature", "K.pt.sig", "--private_key", "mine.key"])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.tez("verify", "K.pt", "--key=mine.pub")


if __name__ == "__main__":
    if not SIGNING.exists():
        print(f"skipped: {SIGNING} is missing (tools/setup --check installs it)")
        sys.exit(77)
    unittest.main()

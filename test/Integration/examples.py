"""The example blueprints compile, and tools/demo.py loads and trains what comes out."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEZ = pathlib.Path(os.environ["TEZ_BIN"]) / "tez"
EXAMPLES = sorted(path.stem for path in (ROOT / "docs" / "examples").glob("*.json"))


class Examples(unittest.TestCase):
    def test_each_compiles_and_trains(self):
        self.assertIn("linear", EXAMPLES)
        with tempfile.TemporaryDirectory() as folder:
            for name in EXAMPLES:
                source = ROOT / "docs" / "examples" / f"{name}.json"
                subprocess.run([TEZ, "compile", source, "-o", f"{folder}/{name}.pt"], check=True)
            done = subprocess.run([sys.executable, ROOT / "tools" / "demo.py", folder, *EXAMPLES], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("Warning", done.stdout)


if __name__ == "__main__":
    unittest.main()

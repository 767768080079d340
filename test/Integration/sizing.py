"""The table of docs/sizing.md is what its command prints, and the simulation behind it follows what it is fed with."""
import pathlib
import subprocess
import unittest

from _registry import BIN

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEAD = "compile_seconds,calls,bytes\n"


def table(text):
    return subprocess.run([BIN / "tez-size"], input=text, capture_output=True, text=True, check=True).stdout


def rows(text):
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table(text).splitlines()[2:]]


class Sizing(unittest.TestCase):
    def test_the_page_says_what_it_prints(self):
        self.assertIn(table((ROOT / "docs/measured/service.csv").read_text()), (ROOT / "docs/sizing.md").read_text())

    def test_what_weighs_most_fills_first(self):
        self.assertEqual(rows(HEAD + "1,1,1\n")[-1][-1], "lanes")
        self.assertEqual(rows(HEAD + "1,15,1\n")[-1][-1], "registry")
        self.assertEqual(rows(HEAD + "1,1,2000000\n")[-1][-1], "store")

    def test_lanes_follow_the_time_of_a_job(self):
        self.assertEqual(int(rows(HEAD + "7,1,1\n")[4][2]), 1158)  # 116 a second, seven seconds each, seven of ten busy

    def test_what_is_no_measurement_is_refused(self):
        done = subprocess.run([BIN / "tez-size"], input=HEAD + "one,two\n", capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("one,two", done.stderr)


if __name__ == "__main__":
    unittest.main()

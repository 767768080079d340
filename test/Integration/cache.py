"""Several processes share one cache folder of tez compile."""
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEZ = pathlib.Path(os.environ["TEZ_BIN"]) / "tez"
LINEAR = ROOT / "docs" / "examples" / "linear.json"


class Cache(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def start(self, name, *arguments):
        return subprocess.Popen([TEZ, "compile", LINEAR, "-o", name, *arguments], cwd=self.folder, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def compile_together(self, count):
        """The kernels of as many processes at once, and what they said."""
        processes = [self.start(f"{i}.pt", "--cache=shared", "--explain-cache") for i in range(count)]
        said = [process.communicate()[1] for process in processes]
        self.assertEqual([process.returncode for process in processes], [0] * count, said)
        return {(self.folder / f"{i}.pt").read_bytes() for i in range(count)}, said

    def test_all_get_the_same_kernel(self):
        alone = self.start("alone.pt")
        self.assertEqual((alone.communicate()[1], alone.returncode), ("", 0))
        alone = {(self.folder / "alone.pt").read_bytes()}
        kernels, _ = self.compile_together(4)
        self.assertEqual(kernels, alone)
        entries = list((self.folder / "shared").iterdir())
        self.assertEqual(len(entries), 1, entries)  # nothing half written is left
        kernels, said = self.compile_together(3)
        self.assertEqual(kernels, alone)
        self.assertTrue(all("cache: hit" in text for text in said), said)

    def test_replacing_a_damaged_entry_together(self):
        kernels, _ = self.compile_together(1)
        entry, = (self.folder / "shared").iterdir()
        entry.write_bytes(entry.read_bytes()[:-100])
        again, said = self.compile_together(3)
        self.assertEqual(again, kernels)
        self.assertTrue(any("the entry is damaged" in text for text in said), said)
        self.assertIn("cache: hit", self.compile_together(1)[1][0])


if __name__ == "__main__":
    unittest.main()

"""What must be refused is: exit 1, the field, its place, found and expected, in time and memory, no file left.

Each border has a twin that must be accepted. With words on the command line, only the cases whose names hold them."""
import collections
import pathlib
import sys
import tempfile
import unittest

import _refused_architectures
import _refused_graphs
import _refused_modules
import _refused_text
from _refusals import Refusal, problems

WORDS = [word for word in sys.argv[1:] if not word.startswith("-")]


class Refusals(unittest.TestCase):
    def check(self, module):
        cases = [case for case in module.cases() if all(word in case.name for word in WORDS)]
        twice = [name for name, n in collections.Counter(case.name for case in cases).items() if n > 1]
        self.assertEqual(twice, [], "names of cases")
        refused = sum(isinstance(case, Refusal) for case in cases)
        print(f"{module.__name__}: {refused} to refuse, {len(cases) - refused} to accept", flush=True)
        for case in cases:
            with self.subTest(type(case).__name__ + ": " + case.name), tempfile.TemporaryDirectory() as folder:
                self.assertEqual(problems(case, pathlib.Path(folder)), [])

    def test_text(self):
        self.check(_refused_text)

    def test_architectures(self):
        self.check(_refused_architectures)

    def test_graphs(self):
        self.check(_refused_graphs)

    def test_modules(self):
        self.check(_refused_modules)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

"""tez verify --rebuild makes the same bytes in other processes, folders, locales and numbers of threads."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zipfile

import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEZ = pathlib.Path(os.environ["TEZ_BIN"]) / "tez"
LINEAR = ROOT / "docs" / "examples" / "linear.json"
TWICE = """esper.kernel @twice(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = esper.scale %x, 2.0 : tensor<?x4xf32>
  esper.return %0 : tensor<?x4xf32>
}
"""


def other_locale():
    known = subprocess.run(["locale", "-a"], stdout=subprocess.PIPE, text=True, check=False).stdout.split()
    return ([name for name in known if name not in ("C", "POSIX")] or ["POSIX"])[-1]


def run(command, folder, locale="C", threads=1):
    environment = {**os.environ, "LC_ALL": locale, "OMP_NUM_THREADS": str(threads)}
    return subprocess.run([TEZ, *command], cwd=folder, env=environment, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class Rebuild(unittest.TestCase):
    def setUp(self):
        self.here, self.there = (pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix=prefix)))
                                 for prefix in ("a-", "another-longer-name-"))

    def compiled(self, *arguments, name="K.pt", blueprint=LINEAR):
        done = run(["compile", blueprint, "-o", name, *arguments], self.here)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.here / name

    def rebuilt_there(self, kernel, *arguments):
        shutil.copy(kernel, self.there / "moved.pt")
        return run(["verify", "moved.pt", "--rebuild", *arguments], self.there, other_locale(), 2)

    def assert_same(self, kernel, *arguments, answer="the same bytes"):
        for done in (run(["verify", kernel.name, "--rebuild", *arguments], self.here),
                     self.rebuilt_there(kernel, *arguments)):
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(f"rebuilt from its blueprint, {answer}", done.stdout)

    def assert_refused(self, done, code, text):
        self.assertIn(text, done.stderr)
        self.assertEqual(done.returncode, code)

    def changed(self, kernel, record, edit):
        """A whole kernel file in which one record of ours is another."""
        source = zipfile.ZipFile(kernel)
        records = {name: source.read(name) for name in source.namelist()}
        records[record] = edit(records[record])
        manifest = json.loads(records["kernel/extra/manifest.json"])
        manifest["sha256"][record] = hashlib.sha256(records[record]).hexdigest()
        records["kernel/extra/manifest.json"] = json.dumps(manifest).encode()
        path = self.here / "changed.pt"
        with zipfile.ZipFile(path, "w") as target:
            for name, content in records.items():
                target.writestr(name, content)
        return path

    def test_compiled_elsewhere_is_the_same_file(self):
        kernel = self.compiled("--for=infer", "--tier=aggressive")
        done = run(["compile", LINEAR, "-o", "K.pt", "--for=infer", "--tier=aggressive"], self.there, other_locale(), 2)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(kernel.read_bytes(), (self.there / "K.pt").read_bytes())

    def test_every_way_to_compile(self):
        plugin = TEZ.parent.parent / "lib" / "TezTestPasses.so"
        for arguments in ([], ["--seed=18446744073709551615"], ["--for=infer", "--tier=aggressive"],
                          ["--for=infer", "--precision=bf16"], ["--for=infer", "--target=cuda"],
                          ["--for=infer", "--precision=int8", "--max-drop=0.3"],
                          ["--for=infer", "--disable-pass=cse", "--max-rewrites=1"], ["--no-validate"],
                          ["--load-pass-plugin", str(plugin), "--no-validate",
                           "--plugin-pass=test-spoil-activations"]):
            with self.subTest(arguments=arguments):
                given = arguments[:2] if "--load-pass-plugin" in arguments else []
                self.assert_same(self.compiled(*arguments), *given)

    def test_mlir_is_known_as_such(self):
        """Generic text begins with a quote: that it is no JSON, only the name of its file tells."""
        generic = subprocess.run([TEZ.parent / "tez-opt", "--mlir-print-op-generic"], input=TWICE, text=True,
                                 check=True, stdout=subprocess.PIPE).stdout
        self.assertTrue(generic.startswith('"'))
        (self.here / "net.mlir").write_text(generic)
        self.assert_same(self.compiled(blueprint="net.mlir"))

    def test_weights_are_given_again(self):
        torch.save(torch.jit.load(self.compiled()).state_dict(), self.here / "w.pt")
        kernel = self.compiled("--weights=w.pt", "--seed=3")
        self.assert_refused(self.rebuilt_there(kernel), 2, "was made with weights of its own, which the file does not "
                            "hold: give the same with --weights")
        self.assert_same(kernel, f"--weights={self.here / 'w.pt'}")
        torch.save({name: tensor * 2 for name, tensor in torch.load(self.here / "w.pt").items()}, self.here / "v.pt")
        self.assert_refused(self.rebuilt_there(kernel, f"--weights={self.here / 'v.pt'}"), 3,
                            "its weights is not the same")
        self.assert_refused(self.rebuilt_there(self.compiled(), f"--weights={self.here / 'w.pt'}"), 2,
                            "--weights was given, but the file was made without weights of its own")

    def test_samples_and_plugins_are_given_again(self):
        import numpy
        numpy.save(self.here / "x.npy", numpy.random.default_rng(0).normal(size=(8, 128)).astype("float32"))
        kernel = self.compiled("--for=infer", "--precision=int8", "--calibrate=x.npy", "--max-drop=1")
        self.assert_refused(self.rebuilt_there(kernel), 2, "give the same with --calibrate")
        self.assert_same(kernel, f"--calibrate={self.here / 'x.npy'}")
        plugin = TEZ.parent.parent / "lib" / "TezTestPasses.so"
        self.assert_refused(self.rebuilt_there(self.compiled(f"--load-pass-plugin={plugin}")), 2,
                            "was made with 1 pass plugins, found 0")

    def test_without_the_evidence(self):
        kernel = self.compiled()
        self.assert_same(kernel, "--no-validate", answer="the same but for the evidence")
        claims = self.changed(kernel, "kernel/extra/evidence.json", lambda text: text.replace(b"e-08", b"e-09"))
        self.assert_same(claims, "--no-validate", answer="the same but for the evidence")
        self.assert_refused(self.rebuilt_there(claims), 3,
                            'the record "kernel/extra/evidence.json" is the first that differs')

    def test_what_differs_is_named(self):
        kernel = self.compiled()
        for record, old, new, text in (
                ("metadata.json", b'"seed": 0', b'"seed": 1', "its weights is not the same"),
                ("metadata.json", b"torch 2", b"torch 1", "its toolchain is not the same: the file says"),
                ("metadata.json", b'"name": "adapter"', b'"name": "adaptor"', 'record "kernel/extra/metadata.json"'),
                ("blueprint", b'"gelu"', b'"relu"', "its structure is not the same"),
                ("blueprint", b"two hidden", b"2 hidden", 'record "kernel/extra/kernel.mlirbc"')):
            with self.subTest(record=record, old=old):
                changed = self.changed(kernel, f"kernel/extra/{record}", lambda text: text.replace(old, new))
                self.assert_refused(self.rebuilt_there(changed), 3, text)
        data = self.changed(kernel, "kernel/data/1", lambda content: b"\1" + content[1:])
        self.assert_refused(self.rebuilt_there(data), 3, 'the record "kernel/data/1" is the first that differs')
        same = self.changed(kernel, "kernel/data/1", lambda content: content)
        manifest = json.loads(zipfile.ZipFile(kernel).read("kernel/extra/manifest.json"))
        self.assertNotEqual(zipfile.ZipFile(same).read("kernel/extra/manifest.json"), json.dumps(manifest, indent=1))
        self.assert_refused(self.rebuilt_there(same), 3, 'the record "kernel/extra/manifest.json"')

    def test_bytes_between_the_records_count(self):
        kernel = self.compiled()
        content = bytearray(kernel.read_bytes())
        content[content.index(b"ZZZZ")] ^= 1  # padding in front of a record
        kernel.write_bytes(content)
        self.assert_refused(self.rebuilt_there(kernel), 3, "all records are the same, but not the bytes around them")

    def test_malformed_metadata_is_refused(self):
        kernel = self.compiled()
        for edit, text in ((lambda _: b"[]", "metadata.json: expected a JSON object"),
                           (lambda _: b"{}", "metadata.json: /optimization_flags/for: missing"),
                           (lambda text: text.replace(b'"standard"', b'"slow"', 1),
                            "/optimization_flags/tier: found 'slow', expected one of fast, standard, aggressive"),
                           (lambda text: text.replace(b'"precision": "fp32"', b'"precision": "bf16"', 1),
                            "/optimization_flags/precision: expected fp32 in a kernel for training"),
                           (lambda text: text.replace(b'"seed": 0', b'"seed": "0"'), "/seed: missing, or of another")):
            self.assert_refused(self.rebuilt_there(self.changed(kernel, "kernel/extra/metadata.json", edit)), 3, text)

    def test_limits_are_those_of_who_rebuilds(self):
        self.assert_refused(self.rebuilt_there(self.compiled(), "--max-parameters=10"), 1, "the blueprint in it does not")


if __name__ == "__main__":
    unittest.main()

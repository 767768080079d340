"""tools/deploy: systemd knows the units, and the Containerfile passes hadolint."""
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from _registry import BIN

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "tools" / "deploy"
HADOLINT = ROOT / ".venv-registry/bin/hadolint"


class Units(unittest.TestCase):
    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd here")
    def test_systemd_accepts_them(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for unit in (DEPLOY / "systemd").iterdir():
                # an instance, whose program is where it is on this machine
                path = pathlib.Path(folder, unit.name.replace("@.", "@1."))
                path.write_text(unit.read_text().replace("/opt/tezzeret/build/bin", str(BIN)))
                paths.append(path)
            self.assertEqual(len(paths), 4)
            done = subprocess.run(["systemd-analyze", "verify", "--man=no", *paths], capture_output=True, text=True, timeout=120)
            said = [line for line in done.stderr.splitlines() if folder in line or "tez-" in line]
            self.assertEqual((done.returncode, said), (0, []), done.stderr)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd here")
    def test_a_spoilt_unit_is_noticed(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "tez-registry.service")
            path.write_text((DEPLOY / "systemd/tez-registry.service").read_text() + "\n[Service]\nNoSuchSetting=1\n")
            done = subprocess.run(["systemd-analyze", "verify", "--man=no", path], capture_output=True, text=True, timeout=120)
            self.assertIn("NoSuchSetting", done.stderr)

    def test_their_options_are_options(self):
        for unit in (DEPLOY / "systemd").glob("*.service"):
            program, command, *words = re.search(r"^ExecStart=(.*)$", unit.read_text(), re.M).group(1).split()
            known = subprocess.run([BIN / pathlib.Path(program).name, command, "--help"], capture_output=True, text=True).stdout
            for word in words:
                self.assertIn(word.split("=")[0], known, unit.name)


def lint(text):
    """The rules of hadolint that a container file breaks."""
    done = subprocess.run([HADOLINT, "--no-color", "--format=json", "-"], input=text, capture_output=True, text=True)
    return {found["code"] for found in json.loads(done.stdout)}


@unittest.skipUnless(HADOLINT.exists(), "tools/setup --check installs it")
class Containers(unittest.TestCase):
    text = (DEPLOY / "container/Containerfile").read_text()

    def test_the_rules_are_kept(self):
        self.assertEqual(lint(self.text), set())

    def test_the_rules_are_noticed(self):
        for was, spoilt, rule in (("debian:12-slim", "debian:latest", "DL3007"), ("COPY . .", "ADD . .", "DL3020"), ("USER 10001", "USER root", "DL3002"),
                                  (" --no-install-recommends", "", "DL3015"), ('CMD ["worker", "--help"]', "CMD worker", "DL3025")):
            self.assertIn(rule, lint(self.text.replace(was, spoilt)))


if __name__ == "__main__":
    unittest.main()

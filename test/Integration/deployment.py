"""tools/deploy: systemd knows the units, and the Containerfile keeps the rules that its kind should."""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from _registry import BIN

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "tools" / "deploy"


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


def faults_of(text):
    """What a linter of such files would say."""
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    stages = {line.split(" AS ")[1] for line in lines if " AS " in line}
    for line in lines:
        if line.startswith("FROM ") and line.split()[1] not in stages and not re.search(r":(?!latest)\S+", line):
            yield f"no fixed version: {line}"
        if line.startswith("ADD "):
            yield f"COPY does it: {line}"
        if "apt-get install" in line and not ("--no-install-recommends" in line and "-y" in line and "/var/lib/apt/lists" in line):
            yield f"apt-get needs -y, --no-install-recommends, and its lists removed: {line}"
        if line.startswith(("CMD ", "ENTRYPOINT ")) and not re.match(r'(CMD|ENTRYPOINT) \["', line):
            yield f"in the form of a list a signal reaches the program: {line}"
        if re.match(r"WORKDIR [^/]", line):
            yield f"absolute: {line}"
        if re.search(r"\b(sudo|curl|wget)\b", line) or re.search(r"(SECRET|TOKEN|PASSWORD)=", line):
            yield f"not here: {line}"
    for stage in re.split(r"^FROM ", text, flags=re.M)[1:]:
        users = re.findall(r"^USER (\S+)", stage, re.M)
        if "ENTRYPOINT" in stage and (not users or users[-1] in ("0", "root")):
            yield f"runs as root: {stage.splitlines()[0]}"


class Containers(unittest.TestCase):
    text = (DEPLOY / "container/Containerfile").read_text()

    def test_the_rules_are_kept(self):
        self.assertEqual(list(faults_of(self.text)), [])

    def test_the_rules_are_noticed(self):
        for spoilt in (self.text.replace("debian:12-slim", "debian:latest"), self.text.replace("COPY . .", "ADD . ."),
                       self.text.replace("USER 10001\n", ""), self.text.replace(" --no-install-recommends", ""),
                       self.text.replace('CMD ["worker", "--help"]', "CMD worker")):
            self.assertNotEqual(list(faults_of(spoilt)), [])


if __name__ == "__main__":
    unittest.main()

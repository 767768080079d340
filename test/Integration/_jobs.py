"""Many commands of tez in one warm process."""
import json
import os
import pathlib
import subprocess

TEZ = pathlib.Path(os.environ.get("TEZ_BIN", "build/bin")).resolve() / "tez"


def run_jobs(commands, folder):
    """What each command answered: {"exit", "stdout", "stderr"}."""
    lines = "".join(json.dumps(command) + "\n" for command in commands)
    done = subprocess.run([TEZ, "jobs"], input=lines, cwd=folder, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]

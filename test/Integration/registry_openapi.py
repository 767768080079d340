"""schemathesis holds the registry to the OpenAPI document that it serves, in all its phases.

    registry_openapi.py [EXAMPLES]      for each operation; 10 without

Exit status 77 (ctest: skipped) where .venv-registry is missing.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

from _registry import Registry

SCHEMATHESIS = pathlib.Path(__file__).resolve().parents[2] / ".venv-registry/bin/schemathesis"
PATIENCE = "600"  # seconds: how fast it answers is not the question here


def main():
    if not SCHEMATHESIS.exists():
        print("skipped: .venv-registry is missing (tools/setup --check)")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder, Registry(pathlib.Path(folder) / "r.db", "--most-wait=0") as registry:
        done = subprocess.run([SCHEMATHESIS, "run", f"{registry.url}/openapi.json", "--checks=all",
                               "--phases=examples,coverage,fuzzing,stateful", f"--max-examples={(sys.argv + ['10'])[1]}",
                               "--seed=1", "--continue-on-failure", "--generation-database=none", "--warnings=off",
                               f"--request-timeout={PATIENCE}", f"--max-response-time={PATIENCE}"],
                              cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        code, said = registry.end()
    tested = re.search(r"Tested: (\d+)", done.stdout)
    passed = done.returncode == 0 and tested and int(tested[1]) == 16 and code == 0 and not said
    if not passed:
        print(done.stdout, f"the registry ended with {code} and said: {said}", sep="\n")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()

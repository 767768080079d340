# Shared by the bash scripts in tools/: where the repository is, how steps and failures are told.
# Sourced, never run. Output goes to stderr in one form, so that a failed run ends in "cause" and "remedy".
set -euo pipefail

TEZ_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TEZ_VENV=$TEZ_ROOT/.venv
TEZ_SIGNING_VENV=$TEZ_ROOT/.venv-signing # for a test: tools/requirements-signing.txt
TEZ_REGISTRY_VENV=$TEZ_ROOT/.venv-registry # for a test: tools/requirements-registry.txt
TEZ_STORE_VENV=$TEZ_ROOT/.venv-store # for tests: tools/requirements-store.txt
TEZ_SWEEP_VENV=$TEZ_ROOT/.venv-sweep # for a test, and for sweeps on Ray: tools/requirements-sweep.txt
TEZ_MODELS_VENV=$TEZ_ROOT/.venv-models # for a test, beside .venv: tools/requirements-models.txt
TEZ_PACKAGE_VENV=$TEZ_ROOT/.venv-package # for the wheel, the site and mypy: tools/requirements-package.txt
TEZ_LOGS=$TEZ_ROOT/.cache/logs
cd "$TEZ_ROOT"

say() { printf '%s\n' "$*" >&2; }

# fail CAUSE REMEDY: the only way these scripts give up.
fail() {
  say ""
  say "error: $1"
  say "remedy: $2"
  exit 4
}

# step TITLE COMMAND...: runs it, says how long it took. The command's own output is not touched.
step() {
  local title=$1 begin=${EPOCHREALTIME/./} end
  shift
  say "== $title"
  "$@"
  end=${EPOCHREALTIME/./}
  say "== $title: done in $(((end - begin) / 1000000)).$(((end - begin) / 100000 % 10)) s"
}

# logged NAME COMMAND...: output into .cache/logs/NAME.log; the caller reads the log where it fails.
logged() {
  local log=$TEZ_LOGS/$1.log
  shift
  mkdir -p "$TEZ_LOGS"
  "$@" >"$log" 2>&1
}

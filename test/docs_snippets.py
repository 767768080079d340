#!/usr/bin/env python
"""Runs what README.md and the pages in docs/ show: every block of bash and Python.   docs_snippets.py [-v] [PAGE...]

The blocks of a page run in their order in one temporary folder in which build/bin, docs, test, tools and so on are those of
the project; its Python blocks share their names. A block of text right behind one is its output: `...` stands for
anything in a line, a line of `...` for any lines. A block whose first line is `# not run by the tests: REASON` is left
out; no more than MOST_LEFT_OUT of all may be. A bash block may end in another status only by saying so (`|| echo $?`).
"""
import contextlib
import io
import multiprocessing
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import traceback
import warnings
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[1]
BIN = pathlib.Path(os.environ.get("TEZ_BIN", ROOT / "build/bin")).resolve()
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
LEFT_OUT = "# not run by the tests: "
MOST_LEFT_OUT = 16
LEAST_RUN = 25
AT_ONCE = 2
LANGUAGES = {"bash", "python", "text", "json", "mlir", "cpp", "cmake", "tablegen"}


class Block(NamedTuple):
    language: str
    text: str
    line: int
    output: str | None  # what the page shows behind it


class Wrong(Exception):
    """A snippet that does not do what the page says."""


def blocks_of(page):
    """Its blocks, each with the output behind it; blocks of text without a command in front are of no interest."""
    text = page.read_text()
    found = list(FENCE.finditer(text))
    for at, match in enumerate(found):
        line = text.count("\n", 0, match.start()) + 1
        language, body = match.groups()
        if language not in LANGUAGES:
            raise Wrong(f"line {line}: a block of {language!r}; expected one of {', '.join(sorted(LANGUAGES))} "
                        "(text where nobody runs it)")
        if language not in ("bash", "python"):
            continue
        follows = found[at + 1] if at + 1 < len(found) else None
        shown = follows is not None and follows[1] == "text" and not text[match.end():follows.start()].strip()
        yield Block(language, body, line, follows[2] if shown else None)


def pattern_of(shown):
    """A regular expression for an output with `...` in it."""
    parts = []
    for line in shown.rstrip().splitlines():
        if line.strip() == "...":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append(".*?".join(map(re.escape, line.rstrip().split("..."))) + r"[ \t]*\n")
    return re.compile("".join(parts))


def compare(block, said):
    if block.output is not None and not pattern_of(block.output).fullmatch(said.rstrip() + "\n"):
        raise Wrong(f"line {block.line}: the page shows another output; it says now:\n{said}")


def run_bash(block, folder, environment):
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", block.text], cwd=folder, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Wrong(f"line {block.line}: status {done.returncode}\n{done.stdout}")
    return done.stdout


def run_python(block, page, names):
    """In this process, so that a page imports torch once."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(compile("\n" * block.line + block.text, str(page), "exec"), names)
    except Exception:
        raise Wrong(f"line {block.line}: {traceback.format_exc()}") from None
    return said.getvalue()


def sandbox(folder):
    """Links to the project's folders, build/bin among them wherever it is."""
    for entry in ROOT.iterdir():
        if entry.name != "build" and not entry.name.startswith(".git"):
            (folder / entry.name).symlink_to(entry)
    (folder / "build").mkdir()
    for entry in BIN.parent.iterdir():
        (folder / "build" / entry.name).symlink_to(entry)
    (folder / "build" / "bin").unlink(missing_ok=True)
    (folder / "build" / "bin").symlink_to(BIN)


def run_page(page):
    """Runs one page in this process; what was said, the number of blocks that ran and that were left out, what is wrong."""
    ran = left_out = 0
    log, names = [], {"__name__": "__main__"}
    environment = {**os.environ, "PATH": f"{BIN}:{ROOT / '.venv/bin'}:{os.environ['PATH']}"}
    with tempfile.TemporaryDirectory(prefix="tez-docs-") as path:
        folder = pathlib.Path(path)
        sandbox(folder)
        os.chdir(folder)
        try:
            for block in blocks_of(page):
                if block.text.startswith(LEFT_OUT):
                    left_out += 1
                    continue
                said = run_bash(block, folder, environment) if block.language == "bash" else run_python(block, page, names)
                log.append(f"--- line {block.line}\n{said}")
                compare(block, said)
                ran += 1
        except Wrong as wrong:
            return log, ran, left_out, str(wrong)
        finally:
            os.chdir(ROOT)
    return log, ran, left_out, ""


PLANTED = {  # what a page shows: is it true
    "```bash\necho one; echo two\n```\n\n```text\none\n...\n```\n": True,
    "```bash\necho one\n```\n\n```text\ntwo\n```\n": False,
    "```bash\necho one; echo two\n```\n\n```text\none\n```\n": False,
    "```bash\ncat nowhere\n```\n": False,
    "```python\nassert 1 == 2\n```\n": False,
    "```python\nx = 1\n```\n\n```python\nprint('x', x)\n```\n\n```text\nx ...\n```\n": True,
    "```\necho one\n```\n": False,
}


def check_itself():
    """A check that cannot fail proves nothing."""
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.md"
        for text, is_true in PLANTED.items():
            page.write_text(text)
            if (not run_page(page)[3]) != is_true:
                sys.exit(f"docs_snippets: takes this for {'wrong' if is_true else 'right'}:\n{text}")


def prepare():
    """What pages import is imported once, before each gets a process forked from this one."""
    sys.path.insert(0, str(ROOT / "python"))
    os.environ.update(PYTHONPATH=str(ROOT / "python"), TEZ=str(BIN / "tez"), TEZ_BIN=str(BIN), PYTHONWARNINGS="ignore",
                      OMP_NUM_THREADS="1")
    warnings.simplefilter("ignore")
    import torch.export  # noqa: F401
    import tezzeret.importer  # noqa: F401


def has_snippets(page):
    return re.search(r"^```(?!mlir$|text$|json$)", page.read_text(), re.M) is not None


def main():
    verbose = "-v" in sys.argv[1:]
    given = [pathlib.Path(word).resolve() for word in sys.argv[1:] if word != "-v"]
    everything = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    pages = given or [page for page in everything if has_snippets(page)]
    check_itself()
    prepare()
    with multiprocessing.get_context("fork").Pool(AT_ONCE, maxtasksperchild=1) as pool:
        results = pool.map(run_page, pages, chunksize=1)
    for page, (log, ran, left_out, wrong) in zip(pages, results):
        print("\n".join([*(log if verbose else []), f"{page.relative_to(ROOT)}: {ran} run, {left_out} left out"]))
        if wrong:
            print(f"{page.relative_to(ROOT)}: {wrong}")
    ran, left_out, bad = (sum(column) for column in zip(*((row[1], row[2], bool(row[3])) for row in results)))
    print(f"{len(pages)} pages, {ran} blocks run, {left_out} left out, {bad} pages wrong")
    if not given and not bad and (ran < LEAST_RUN or left_out > MOST_LEFT_OUT):
        sys.exit(f"expected at least {LEAST_RUN} run and at most {MOST_LEFT_OUT} left out")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()

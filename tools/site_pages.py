"""What mkdocs is told beside the files in docs/ (hooks of tools/site.yml): README.md as the first page, the reference of the
Python package, and links that lead out of docs/, whose files go into the site as text. Folders cannot be linked to there."""
import ast
import os
import pathlib
import re

from mkdocs.structure.files import File

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SOURCES = "sources"
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s#]+)(#[^)\s]*)?\)")
LIST_AFTER_TEXT = re.compile(r"^((?![*\-|#\s]|\d+\. ).+)\n(?=[*-] |1\. )", re.M)
FENCED = re.compile(r"(^```.*?^```$)", re.M | re.S)


def origin_of(uri):
    """The file of the repository that a page is."""
    return ROOT / "README.md" if uri == "index.md" else DOCS / uri


def prose_of(text):
    """The parts of a page, those in fences at odd places."""
    return FENCED.split(text)


def outside(uri, target):
    """The file of the repository a link leads to, when that is none of docs/."""
    path = pathlib.Path(os.path.normpath(origin_of(uri).parent / target))
    return path if path.is_file() and not path.is_relative_to(DOCS) and path != ROOT / "README.md" else None


def resolved(uri, target):
    """The place in the site, as seen from the page; None where there is none."""
    path = pathlib.Path(os.path.normpath(origin_of(uri).parent / target))
    if path == ROOT / "README.md":
        place = "index.md"
    elif path.is_relative_to(DOCS):
        place = path.relative_to(DOCS).as_posix()
    else:
        place = f"{SOURCES}/{path.relative_to(ROOT).as_posix()}.txt"
    return None if path.is_dir() else os.path.relpath(place, os.path.dirname(uri) or ".")


def reference():
    """A page of what the package offers, its words those of the docstrings."""
    tree = ast.parse((ROOT / "python/tezzeret/__init__.py").read_text())
    names = next(ast.literal_eval(node.value) for node in tree.body
                 if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__")
    functions = [name for name in names if name[0].islower()]
    classes = [name for name in names if not name[0].islower()]
    parts = [f"::: tezzeret.{name}\n" for name in [*functions, *classes]]
    return "\n".join(["# The Python package\n", ast.get_docstring(tree) + "\n", *parts])


def on_files(files, config):
    files.append(File.generated(config, "index.md", content=(ROOT / "README.md").read_text()))
    files.append(File.generated(config, "python.md", content=reference()))
    wanted = set()
    for page in files.documentation_pages():
        for part in prose_of(page.content_string)[::2]:
            wanted |= {path for _, target, _ in LINK.findall(part) if ":" not in target
                       if (path := outside(page.src_uri, target))}
    for path in sorted(wanted):
        place = f"{SOURCES}/{path.relative_to(ROOT).as_posix()}.txt"
        files.append(File.generated(config, place, content=path.read_text(errors="replace")))
    return files


def on_page_markdown(markdown, page, config, files):
    def rewritten(match):
        text, target, heading = match.groups()
        if ":" in target:
            return match[0]
        place = resolved(page.file.src_uri, target)
        return text if place is None else f"[{text}]({place}{heading or ''})"

    parts = prose_of(markdown)
    # A list may follow a line of text at once in CommonMark, which the pages are written in, not here.
    parts[::2] = [LIST_AFTER_TEXT.sub(r"\1\n\n", LINK.sub(rewritten, part)) for part in parts[::2]]
    return "".join(parts)

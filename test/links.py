#!/usr/bin/env python3
"""Fails when a relative link of README.md or of a page in docs/ leads nowhere: no such file, or no such heading.

  links.py SOURCE_ROOT
"""
import pathlib
import re
import sys

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def prose(path):
    """The text without blocks of code, in which brackets are no links."""
    return re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.M | re.S)


def anchors(path):
    """The names under which a page's headings can be linked to."""
    titles = re.findall(r"^#+ +(.+)$", prose(path), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def fault(page, link):
    target, _, heading = link.partition("#")
    path = (page.parent / target) if target else page
    if not path.exists():
        return "there is no such file"
    if heading and path.suffix == ".md" and heading not in anchors(path):
        return "there is no such heading"
    return ""


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    pages, links, bad = [root / "README.md", *sorted((root / "docs").rglob("*.md"))], 0, 0
    for page in pages:
        for link in LINK.findall(prose(page)):
            if re.match(r"[a-z]+:", link):
                continue
            links += 1
            if reason := fault(page, link):
                bad += 1
                print(f"{page.relative_to(root)}: ({link}): {reason}")
    print(f"{len(pages)} pages, {links} links, {bad} lead nowhere")
    if links < 10:
        sys.exit("the links are no longer read as they are written")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()

"""Every link from a document leads somewhere: the file is there, and the heading in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.rules.loaded import PROJECT
from tests.documented.words import DOCUMENTS

LINK = re.compile(r"\]\((?!https?://|mailto:)([^)\s]+)\)")
CODE = re.compile(r"^ *```.*?^ *```|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def headings(document: Path) -> set[str]:
    """The anchors that GitHub makes of a document's headings."""
    found = set[str]()
    for title in re.findall(r"^#+ (.*)$", read(document), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", title.lower())
        found.add(plain.replace(" ", "-"))
    return found


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    path = PROJECT / document
    broken = []
    for link in LINK.findall(CODE.sub("", read(path))):
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in headings(target)):
            broken.append(link)
    assert broken == []


def test_the_readme_leads_to_every_document() -> None:
    listed = set(LINK.findall(read(PROJECT / "README.md")))
    linked = set(listed)
    for name in [link for link in listed if link.endswith(".md")]:
        beside = (PROJECT / name).parent
        links = LINK.findall(read(PROJECT / name))
        linked |= {
            str((beside / link.partition("#")[0]).resolve().relative_to(PROJECT)) for link in links
        }
    assert [document for document in DOCUMENTS[1:] if document not in linked] == []


def test_the_readme_stays_short() -> None:
    assert len(read(PROJECT / "README.md").splitlines()) <= 70

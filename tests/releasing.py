"""Whether this checkout can be released as the version that it says it is.

    python -m tests.releasing

says what is in the way, a line each, and ends with 1 where there is anything. docs/releasing.md has
the steps.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from chalicelib import __version__

ROOT = Path(__file__).parent.parent
SECTION = re.compile(r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
VERSION = re.compile(r"\d+\.\d+\.\d+")


def main() -> None:
    """Look at the clone; AWS, Slack and the network are not asked."""
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = [*in_the_way(__version__, changes), *unsettled(_git("status", "--porcelain"))]
    if _git("tag", "--list", f"v{__version__}"):
        found.append(f"the tag v{__version__} is there already: raise the version first")
    for line in found:
        print(f"releasing: {line}", file=sys.stderr)
    if found:
        sys.exit(1)
    print(f"Nothing is in the way: git tag -a v{__version__} -m 'Trailbell {__version__}'")


def in_the_way(version: str, changes: str) -> Iterator[str]:
    """What keeps a version with this text of CHANGELOG.md from its release, a sentence each."""
    if not VERSION.fullmatch(version):
        yield f"the version {version} is not three numbers: mend chalicelib/__init__.py"
    sections = dict(SECTION.findall(changes))
    if "- " in sections.get("Unreleased", ""):
        yield f"CHANGELOG.md has lines under Unreleased: move them to '## {version}, YYYY-MM-DD'"
    dated = [name for name in sections if re.fullmatch(rf"{version}, \d{{4}}-\d\d-\d\d", name)]
    if not dated:
        yield f"CHANGELOG.md has no '## {version}, YYYY-MM-DD': say there what users will notice"
    elif "- " not in sections[dated[0]]:
        yield f"CHANGELOG.md says nothing under {dated[0]}: say there what users will notice"


def unsettled(status: str) -> Iterator[str]:
    """The same for what `git status --porcelain` says."""
    if status:
        yield f"{len(status.splitlines())} files are not committed: git status shows them"


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main()

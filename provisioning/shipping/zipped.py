"""The zip in one form: the same files give the same bytes, in whatever order they were packed."""

from __future__ import annotations

import zipfile
from pathlib import Path

# A zip knows no earlier time.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644


def settle(path: Path) -> None:
    """Write the zip anew: by name, each file of the same time and mode."""
    with zipfile.ZipFile(path) as packed:
        contents = {name: packed.read(name) for name in packed.namelist()}
    settled = path.with_suffix(".settled")
    with zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr = READABLE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, contents[name], compresslevel=9)
    settled.replace(path)

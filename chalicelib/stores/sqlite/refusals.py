"""What SQLite, and the system below it, refuse: whether it passes, and the next step."""

from __future__ import annotations

import errno
import sqlite3

_SPACE = "free some space there, or use another folder"
_RIGHTS = "use a folder that may be written to"
# The low byte of SQLite's code is what happened, the rest where: https://www.sqlite.org/rescode.html
_KIND = 0xFF
_PASSES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_NEXT = {
    **dict.fromkeys(_PASSES, "another process writes to it; try again"),
    sqlite3.SQLITE_FULL: _SPACE,
    sqlite3.SQLITE_READONLY: _RIGHTS,
    sqlite3.SQLITE_CANTOPEN: _RIGHTS,
    sqlite3.SQLITE_PERM: _RIGHTS,
    sqlite3.SQLITE_IOERR: "is the disk full or broken? Use another folder",
    sqlite3.SQLITE_NOTADB: "name another file, this one is no store",
    sqlite3.SQLITE_CORRUPT: "name another file, this one is damaged",
}
_NEXT_OF_SYSTEM = {
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: _SPACE,
    errno.EROFS: _RIGHTS,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EISDIR: "name a file, this is a folder",
    errno.ENOTDIR: _RIGHTS,
    errno.EEXIST: _RIGHTS,
}


def passes(error: sqlite3.Error) -> bool:
    """Whether the same may work in a moment: another connection has the file."""
    return _code(error) in _PASSES


def in_words(error: sqlite3.Error | OSError) -> str:
    """Why, and what next where that is known: `disk is full: free some space …`."""
    if isinstance(error, OSError):
        why, step = error.strerror or str(error), _NEXT_OF_SYSTEM.get(error.errno or 0)
    else:
        why, step = str(error), _NEXT.get(_code(error))
    return f"{why}: {step}" if step else why


def _code(error: sqlite3.Error) -> int:
    # Python's own errors (a closed connection, say) have none.
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & _KIND

"""Which process listens on a port of this machine, as far as this user may see."""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LONGEST_COMMAND = 80
PROC = Path("/proc")
# Source: proc_pid_net(5): the columns of /proc/net/tcp, addresses as words of the machine's order.
LISTENING, LOCAL, STATE, INODE = "0A", 1, 3, 9


@dataclass(frozen=True, slots=True)
class Holder:
    """A process and its command line, cut to one line that a terminal can show."""

    pid: int
    command: str


def holder(port: int) -> Holder | None:
    """Who keeps this port from being opened on 127.0.0.1; None where that cannot be seen."""
    pid = _by_proc(port) if (PROC / "net/tcp").exists() else _by_lsof(port)
    return Holder(pid, _command(pid)) if pid else None


def _by_proc(port: int) -> int | None:
    sockets = {f"socket:[{inode}]" for inode in _inodes(port)}
    folders = [folder for folder in _folders(PROC) if folder.name.isdigit()] if sockets else []
    for folder in folders:
        for descriptor in _folders(folder / "fd"):
            with suppress(OSError):
                if str(descriptor.readlink()) in sockets:
                    return int(folder.name)
    return None


def _inodes(port: int) -> Iterator[str]:
    local = {f"{address}:{port:04X}" for address in _addresses()}
    for table in (PROC / "net/tcp", PROC / "net/tcp6"):
        with suppress(OSError):
            for line in table.read_text().splitlines()[1:]:
                columns = line.split()
                if columns[STATE] == LISTENING and columns[LOCAL] in local:
                    yield columns[INODE]


def _addresses() -> Iterator[str]:
    """127.0.0.1 and every address at once, as /proc writes them."""
    for family, text in (
        (socket.AF_INET, "127.0.0.1"),
        (socket.AF_INET, "0.0.0.0"),  # noqa: S104 - looked for, not listened on
        (socket.AF_INET6, "::"),
        (socket.AF_INET6, "::ffff:127.0.0.1"),
    ):
        packed = socket.inet_pton(family, text)
        yield "".join(f"{word:08X}" for (word,) in struct.iter_unpack("=I", packed))


def _folders(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # another user's, or gone meanwhile
        return []


def _by_lsof(port: int) -> int | None:
    lsof = shutil.which("lsof")
    if not lsof:
        return None
    shown = _printed(lsof, "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fp")
    found = [line[1:] for line in shown.splitlines() if line.startswith("p")]
    return int(found[0]) if found and found[0].isdigit() else None


def _command(pid: int) -> str:
    try:
        text = (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        text = _printed("ps", "-o", "command=", "-p", str(pid))
    line = "".join(char if char.isprintable() else " " for char in text).strip()
    return line if len(line) <= LONGEST_COMMAND else line[: LONGEST_COMMAND - 1] + "…"


def _printed(*command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            command, capture_output=True, text=True, errors="replace", timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout

"""The records of a log file of CloudTrail's as texts: its JSON is checked, and no object made."""

from __future__ import annotations

import msgspec


class File(msgspec.Struct, forbid_unknown_fields=True):
    """`{"Records": […]}` and nothing else."""

    records: list[msgspec.Raw] = msgspec.field(name="Records")


_DECODER = msgspec.json.Decoder(File)


def texts_of(text: bytes) -> list[bytes] | None:
    """The text of each record; None of a text that is no such file, or that orjson would refuse."""
    try:
        return [bytes(raw) for raw in _DECODER.decode(text).records]
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None

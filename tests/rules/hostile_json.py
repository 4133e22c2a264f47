"""JSON as nobody writes it but anybody may: of the same value another text."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from hypothesis import strategies as st

TEXTS = ("a", "ab", "b", "", "1", "1.0", "Root", "AssumedRole", "true", 'q"\\', "é", "Stop*")
NUMBERS = ("0", "-0", "1", "1.0", "1e0", "10", "1E2", "-5", "18446744073709551616", "1e400")
BLANKS = ("", "", "", " ", "\n\t", "\r\n ")


class Number(float):
    """A number and how it is written."""

    text: str

    def __new__(cls, text: str) -> Number:
        made = super().__new__(cls, float(text))
        made.text = text
        return made


def texts_of(value: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    """Texts of values: blanks, escapes that none needs, keys in any order, and some twice."""
    return st.builds(lambda made, seed: written(made, Random(seed)), value, st.integers(0, 2**32))


def written(value: Any, chance: Random) -> str:
    """One such text."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, str):
        return _string(value, chance)
    if isinstance(value, list):
        return f"[{','.join(_between(written(item, chance), chance) for item in value)}]"
    if not isinstance(value, dict):
        return json.dumps(value)
    items = chance.sample(list(value.items()), len(value))
    # Of a key that is there twice the last counts.
    twice = [(name, chance.choice(TEXTS)) for name in value if chance.random() < 0.05]
    pairs = [
        f"{_string(name, chance)}:{_between(written(each, chance), chance)}"
        for name, each in [*twice, *items]
    ]
    return "{" + ",".join(_between(pair, chance) for pair in pairs) + "}"


def _between(text: str, chance: Random) -> str:
    return chance.choice(BLANKS) + text + chance.choice(BLANKS)


def _string(text: str, chance: Random) -> str:
    if chance.random() < 0.7:
        return json.dumps(text, ensure_ascii=chance.random() < 0.5)
    at = chance.randrange(len(text) + 1)
    escaped = "".join(f"\\u{ord(each):04x}" for each in text[at : at + 1])
    return f'"{json.dumps(text[:at])[1:-1]}{escaped}{json.dumps(text[at + 1 :])[1:-1]}"'


def scalars() -> st.SearchStrategy[Any]:
    """What a field may hold that is neither object nor array."""
    texts, numbers = st.sampled_from(TEXTS), st.sampled_from(NUMBERS).map(Number)
    return texts | numbers | st.sampled_from((None, True, False))


def values() -> st.SearchStrategy[Any]:
    """What a field may hold."""
    few = st.dictionaries(st.sampled_from(("a", "b", "userName", "type")), scalars(), max_size=2)
    return scalars() | st.lists(scalars(), max_size=2) | few

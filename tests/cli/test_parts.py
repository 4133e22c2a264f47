"""A large plain file is divided where one document ends and the next begins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.files import read_part
from cli.lines import WHOLE, Meter, Part
from cli.parts import parts
from cli.sources import FileSource

RECORD = json.dumps({"eventVersion": "1.11", "eventName": "StopLogging"})
PRETTY = json.dumps(json.loads(RECORD), indent=2)
LINES = st.sampled_from(
    [RECORD, RECORD, RECORD, "", "  ", "nonsense", "]", "  }", PRETTY, "[" + RECORD, RECORD + ",",
     "\u00a0" + RECORD, "{", '{"Records": [' + RECORD + "]}"]
)  # fmt: skip


def source_of(path: Path) -> FileSource:
    return FileSource("trail", path, path.stat().st_size)


def found_in(source: FileSource, part: Part, lines: int = 0) -> tuple[list[object], int]:
    meter = Meter()
    found: list[object] = []
    for each in read_part(source, part, meter, None):
        assert not isinstance(each, list)
        name, _, place = each.where.partition(":")
        number, bracket, rest = place.partition("[")
        where = f"{name}:{int(number) + lines}{bracket}{rest}"
        found.append((type(each), getattr(each, "body", None), where))
    return found, lines + meter.lines


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(lines=st.lists(LINES, max_size=30), size=st.integers(8, 400))
def test_all_parts_together_hold_what_the_whole_holds(
    lines: list[str], size: int, tmp_path: Path
) -> None:
    path = tmp_path / "trail.jsonl"
    path.write_text("\n".join([RECORD, *lines]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cli.parts.PART", size)
        divided = parts(source_of(path))
    found: list[object] = []
    before = 0
    for part in divided:
        some, before = found_in(source_of(path), part, before)
        found += some
    assert found == found_in(source_of(path), WHOLE)[0]
    assert divided[0].start == 0
    assert divided[-1].end is None


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"Records": [json.loads(RECORD)] * 9}, indent=2),
        "x,@message\n" + f"1,{RECORD}\n" * 9,
        json.dumps({"Records": [json.loads(RECORD)] * 9}),
        "\x1f\x8b" + RECORD,
        "",
    ],
)
def test_what_is_no_json_lines_is_not_divided(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.parts.PART", 16)
    path = tmp_path / "trail.json"
    path.write_bytes(text.encode("latin-1"))
    assert parts(source_of(path)) == [WHOLE]


def test_a_file_that_is_gone_is_whole_for_whoever_reads_it_to_say_so(tmp_path: Path) -> None:
    assert parts(FileSource("gone", tmp_path / "gone", 1 << 40)) == [WHOLE]

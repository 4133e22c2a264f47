"""Files that hold records."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import threading
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from chalicelib.cloudtrail.record import Record, RecordError
from chalicelib.ingest.envelopes import Broken, Entry
from cli.files import find, read
from cli.sources import InputError
from cli.texts import Read

RECORD = {"eventVersion": "1.11", "eventName": "StopLogging"}


def read_file(path: Path) -> list[Entry]:
    sources, _ = find([str(path)])
    return [entry for entry in read(next(iter(sources))) if isinstance(entry, Entry)]


def read_all_of(path: Path) -> list[Read]:
    sources, _ = find([str(path)])
    return list(read(next(iter(sources))))


def records(path: Path) -> list[Record]:
    """What can be read in a file."""
    found = []
    for entry in read_file(path):
        with contextlib.suppress(RecordError):
            found.append(Record.of(entry.body))
    return found


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    return path


def test_json_lines_say_their_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", json.dumps(RECORD) + "\n\n" + json.dumps(RECORD) + "\n")
    assert [entry.where for entry in read_file(path)] == [f"{path}:1", f"{path}:3"]


def test_a_document_over_several_lines_is_one_document(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", json.dumps({"Records": [RECORD, RECORD]}, indent=2))
    assert len(read_file(path)) == 2


def test_documents_one_after_another_are_each_read(tmp_path: Path) -> None:
    pretty = json.dumps(RECORD, indent=2)
    path = write(tmp_path / "a.json", f"{pretty}\n{pretty}\n")
    assert [entry.where for entry in read_file(path)] == [f"{path}:1", f"{path}:5"]


def test_a_broken_tail_costs_the_tail_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", json.dumps(RECORD, indent=2) + '\n{"eventName": ')
    whole, broken = read_file(path)
    assert json.loads(str(whole.body)) == RECORD
    assert (broken.body, broken.where) == ('{"eventName":', f"{path}:5")


def test_what_is_broken_costs_itself_alone_whatever_stands_around_it(tmp_path: Path) -> None:
    line, pretty = json.dumps(RECORD), json.dumps(RECORD, indent=2)
    broken = pretty.replace('"eventName"', "eventName")
    path = write(tmp_path / "a.json", "\n".join([pretty, broken, pretty, line, broken, line]))
    assert [entry.where.rpartition(":")[2] for entry in read_file(path)] == [
        "1", "5", "9", "13", "14", "18",
    ]  # fmt: skip


@pytest.mark.parametrize("layout", ["{0},\n{1},\n", "[\n{0},\n{1}\n]", "{0}{1}\n", "{0}, {1}"])
def test_documents_are_found_however_they_are_separated(tmp_path: Path, layout: str) -> None:
    line = json.dumps(RECORD)
    path = write(tmp_path / "a.jsonl", line + "\n" + layout.format(line, line))
    assert len(records(path)) == 3
    path = write(tmp_path / "b.jsonl", layout.format(line, line))
    assert len(records(path)) == 2


def test_lines_of_plain_text_are_one_each(tmp_path: Path) -> None:
    path = write(tmp_path / "a.log", "START\n  at once\n] 7 records\n")
    assert [entry.body for entry in read_file(path)] == ["START", "at once", "] 7 records"]


def test_an_array_that_is_broken_in_one_place_still_gives_its_records(tmp_path: Path) -> None:
    line = json.dumps(RECORD)
    path = write(tmp_path / "a.json", f"[\n{line},\n{line[:-1]},\n{line}\n]\n")
    assert len(records(path)) == 2
    assert len(read_file(path)) == 4  # the array and one record are not to be read


def test_a_record_over_several_lines_keeps_its_text(tmp_path: Path) -> None:
    pretty = json.dumps(RECORD, indent=2)
    (entry,) = read_file(write(tmp_path / "a.json", f"\n{pretty}\n"))
    assert entry == Entry(pretty, f"{tmp_path}/a.json:2")


def test_a_line_that_is_no_json_costs_itself_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", f"{json.dumps(RECORD)}\nnonsense\n{json.dumps(RECORD)}\n")
    assert len(read_file(path)) == 3


def test_gzip_is_known_by_its_first_bytes_not_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "plain.json"
    path.write_bytes(gzip.compress(json.dumps({"Records": [RECORD]}).encode()))
    assert len(read_file(path)) == 1


@pytest.mark.parametrize("cut", [5, 20, -4])
def test_what_stands_before_the_end_of_a_broken_gzip_is_read_and_the_break_is_named(
    tmp_path: Path, cut: int
) -> None:
    lines = (json.dumps(RECORD) + "\n").encode()
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(lines * 2) + gzip.compress(lines)[:cut])
    *before, broken = read_all_of(path)
    assert [entry.where for entry in before] == [f"{path}:{at}" for at in range(1, len(before) + 1)]
    assert len(before) >= 2
    assert broken == Broken("broken gzip: it ends early", str(path))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nowhere", "nowhere: no such file or folder"),
        ("", "'': no such file or folder"),
        ("n" * 5000, "File name too long"),
    ],
)
def test_a_missing_path_is_refused_by_name(name: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        find([name])


def test_a_pipe_is_read_whole(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=write, args=(pipe, f"{json.dumps(RECORD)}\n" * 2))
    writer.start()
    assert [entry.where for entry in read_file(pipe)] == [f"{pipe}:1", f"{pipe}:2"]
    writer.join()


def test_a_folder_means_its_files_and_names_what_it_leaves_out(tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl", json.dumps(RECORD))
    write(tmp_path / "README.md", "about")
    (tmp_path / "deep").mkdir()
    write(tmp_path / "deep" / "a.json", json.dumps(RECORD))
    sources, skipped = find([str(tmp_path)])
    assert [Path(source.name).name for source in sources] == ["b.jsonl", "a.json"]
    assert [Path(name).name for name in skipped] == ["README.md"]


def test_a_file_that_nobody_can_look_at_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "a.json").touch()
    (tmp_path / "b.json").symlink_to("x" * 300)  # no name is that long
    sources, skipped = find([str(tmp_path)])
    assert [Path(source.name).name for source in sources] == ["a.json"]
    assert skipped == [f"{tmp_path / 'b.json'}: File name too long"]


def test_standard_input_is_read_like_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(gzip.compress(json.dumps(RECORD).encode())))
    monkeypatch.setattr("sys.stdin", stdin)
    sources, _ = find(["-"])
    (entry,) = read(next(iter(sources)))
    assert entry.where == "standard input:1"


def test_bytes_that_are_no_utf8_do_not_lose_the_record(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"eventVersion": "1.11", "userAgent": "caf\xe9"}\n')
    (entry,) = read_file(path)
    assert isinstance(entry, Entry)
    assert "caf\ufffd" in str(entry.body)


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(RECORD).encode())
    assert len(read_file(path)) == 1


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert read_file(write(tmp_path / "a.json", "\n \n")) == []


def test_a_file_of_firehose_is_documents_without_a_newline_and_perhaps_packed_twice(
    tmp_path: Path,
) -> None:
    batch = json.dumps(
        {"messageType": "DATA_MESSAGE", "logEvents": [{"message": json.dumps(RECORD)}]}
    )
    path = tmp_path / "a"
    path.write_bytes(gzip.compress(gzip.compress(batch.encode()) + gzip.compress(batch.encode())))
    assert len(records(path)) == 2
    write(path, batch + batch + json.dumps(RECORD))
    assert len(records(path)) == 3


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_bomb_is_named_and_read_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr("cli.unpacked.SURELY_NO_BOMB", 1 << 20)
    path = tmp_path / "a.json.gz"
    path.write_bytes(pack(b"\n" * (4 << 20)))
    (broken,) = read_all_of(path)
    assert isinstance(broken, Broken)
    assert "a bomb" in broken.reason


@pytest.mark.parametrize("long", [200_000, 5 << 20])
def test_a_line_that_never_seems_to_end_is_named_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, long: int
) -> None:
    monkeypatch.setattr("cli.lines.MOST_OF_A_LINE", 100_000)
    line = json.dumps(RECORD)
    path = write(tmp_path / "a.jsonl", f"{line}\n{line}\n{'x' * long}\n{line}\n{'y' * long}")
    *found, lost, last = read_all_of(path)
    assert [each.where.rpartition(":")[2] for each in found] == ["1", "2", "4"]
    reason = "a line of more than 100,000 bytes"
    assert (lost, last) == (Broken(reason, f"{path}:3"), Broken(reason, f"{path}:5"))


@pytest.mark.parametrize("cut", [None, 9])
def test_zstd_is_read_frame_by_frame_to_where_it_ends(tmp_path: Path, cut: int | None) -> None:
    frame = zstandard.compress((json.dumps(RECORD) + "\n").encode())
    path = tmp_path / "a.jsonl.zst"
    path.write_bytes(frame * 3 + frame[:cut])
    found = read_all_of(path)
    assert len(found) == 4
    assert (found[-1] == Broken("broken zstd: it ends early", str(path))) == (cut is not None)


def test_without_isal_zlib_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.unpacked._inflating", lambda: zlib)
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress((json.dumps(RECORD) + "\n").encode() * 500) + bytes(10))
    assert len(read_all_of(path)) == 500
    path.write_bytes(path.read_bytes()[:-30])
    assert isinstance(read_all_of(path)[-1], Broken)


def test_a_file_that_may_not_be_read_or_is_gone_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", json.dumps(RECORD))
    (source,), _ = find([str(path)])
    path.unlink()
    assert list(read(source)) == [Broken("cannot be read: No such file or directory", str(path))]


@pytest.mark.parametrize("column", ["eventJson", "@message"])
def test_a_table_gives_the_records_of_its_column(tmp_path: Path, column: str) -> None:
    cell = json.dumps(RECORD).replace('"', '""')
    path = write(tmp_path / "a.csv", f'"eventTime","{column}"\n"t","{cell}"\n"t","{cell}"\n')
    assert records(path)[0].event_name == "StopLogging"
    assert [entry.where for entry in read_file(path)] == [f"{path}:2", f"{path}:3"]


def test_a_table_without_a_column_of_records_is_lines_that_are_none(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", '"eventname","x","y"\n"StopLogging","7","8"\n')
    assert records(path) == []
    assert len(read_file(path)) == 2


def test_a_row_that_is_no_csv_costs_itself_alone(tmp_path: Path) -> None:
    cell = json.dumps(RECORD).replace('"', '""')
    path = write(tmp_path / "a.csv", f'x,@message\nx\rx,"{cell}"\nx\nx,"{cell}"\n')
    assert len(records(path)) == 1
    assert len(read_file(path)) == 3


@pytest.mark.parametrize("line", ["@message\rx,y", "@message " * 9000, "a,b", "@messages,b"])
def test_a_line_that_is_no_header_of_a_table_is_a_line(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "a.log", line + "\n" + line + "\n")
    assert [entry.body for entry in read_file(path)] == [line.strip()] * 2

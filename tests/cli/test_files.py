"""Files that hold records."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest

from chalicelib.ingest.envelopes import Broken, Entry
from cli.files import InputError, find, read

RECORD = {"eventVersion": "1.11", "eventName": "StopLogging"}


def read_file(path: Path) -> list[Entry | Broken]:
    sources, _ = find([str(path)])
    return list(read(sources[0]))


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
    assert isinstance(whole, Entry)
    assert isinstance(broken, Broken)
    assert broken.where == f"{path}:5"


def test_a_line_that_is_no_json_costs_itself_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", f"{json.dumps(RECORD)}\nnonsense\n{json.dumps(RECORD)}\n")
    assert len(read_file(path)) == 3


def test_gzip_is_known_by_its_first_bytes_not_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "plain.json"
    path.write_bytes(gzip.compress(json.dumps({"Records": [RECORD]}).encode()))
    assert len(read_file(path)) == 1


@pytest.mark.parametrize("cut", [5, 20, -4])
def test_a_broken_gzip_is_refused_before_anything_is_read(tmp_path: Path, cut: int) -> None:
    whole = gzip.compress(json.dumps(RECORD).encode())
    path = tmp_path / "a.json.gz"
    path.write_bytes(whole[:cut])
    with pytest.raises(InputError, match=r"a\.json\.gz: broken gzip"):
        find([str(path)])


def test_a_missing_path_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="nowhere: no such file or folder"):
        find(["nowhere"])


def test_a_folder_means_its_files_and_names_what_it_leaves_out(tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl", json.dumps(RECORD))
    write(tmp_path / "README.md", "about")
    (tmp_path / "deep").mkdir()
    write(tmp_path / "deep" / "a.json", json.dumps(RECORD))
    sources, skipped = find([str(tmp_path)])
    assert [Path(source.name).name for source in sources] == ["b.jsonl", "a.json"]
    assert [Path(name).name for name in skipped] == ["README.md"]


def test_standard_input_is_read_like_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(gzip.compress(json.dumps(RECORD).encode())))
    monkeypatch.setattr("sys.stdin", stdin)
    sources, _ = find(["-"])
    (entry,) = read(sources[0])
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

"""The keys of a trail's bucket: what each object is, and which folders lead to log files."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.ingest.trail_keys import Kind, Place, before, day_of, kind_of, place_of, region_of

FILE = (
    "AWSLogs/{}/CloudTrail/eu-central-1/2026/01/02/111122223333_CloudTrail_eu-central-1_"
    "20260102T0304Z_abcDEF123.json.gz"
)


@pytest.mark.parametrize("owner", ["111122223333", "o-abcde12345/111122223333"])
@pytest.mark.parametrize("prefix", ["", "some/prefix/"])
def test_a_trails_own_keys_are_known_with_and_without_organization_and_prefix(
    owner: str, prefix: str
) -> None:
    assert kind_of(prefix + FILE.format(owner)) is Kind.TRAIL


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (FILE.format("111122223333").replace("/CloudTrail/", "/CloudTrail-Digest/"), Kind.DIGEST),
        (FILE.format("111122223333").replace("/CloudTrail/", "/CloudTrail-Insight/"), Kind.INSIGHT),
        (FILE.format("111122223333").replace("/CloudTrail/", "/Config/"), Kind.OTHER),
        (FILE.format("111122223333").replace("/CloudTrail/", "/CloudTrail-X/"), Kind.OTHER),
        (FILE.format("1111"), Kind.OTHER),
        (FILE.format("111122223333") + ".exe", Kind.OTHER),
        ("AWSLogs/111122223333/CloudTrail/", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_digests_insights_and_everything_else_are_told_apart_by_their_keys(
    key: str, kind: Kind
) -> None:
    assert kind_of(key) is kind


FOLDERS = {
    "": Place.ABOVE,
    "some/prefix/": Place.ABOVE,
    "o-abcde12345/AWSLogs/": Place.ABOVE,  # as Control Tower lays it out
    "some/AWSLogs/o-abcde12345/": Place.ABOVE,
    "AWSLogs/111122223333/": Place.ABOVE,
    "AWSLogs/111122223333/CloudTrail/": Place.ABOVE,
    "AWSLogs/o-abcde12345/111122223333/CloudTrail/eu-central-1/": Place.DAYS,
    "AWSLogs/111122223333/CloudTrail/eu-central-1/2026/": Place.DAYS,
    "AWSLogs/111122223333/CloudTrail/eu-central-1/2026/01/02/": Place.DAYS,
    "AWSLogs/111122223333/CloudTrail-Digest/": Place.ASIDE,
    "AWSLogs/111122223333/CloudTrail-Digest/eu-central-1/": Place.ASIDE,
    "AWSLogs/111122223333/CloudTrail/eu-central-1/2026/x/": Place.ASIDE,
    "AWSLogs/111122223333/Config/": Place.ASIDE,
    "AWSLogs/2222/": Place.ASIDE,
}


@pytest.mark.parametrize(("folder", "place"), FOLDERS.items())
def test_a_folder_leads_to_log_files_holds_their_days_or_stands_aside(
    folder: str, place: Place
) -> None:
    assert place_of(folder) is place


def test_every_folder_on_the_way_to_a_log_file_leads_to_it() -> None:
    for key in (FILE.format("111122223333"), "a/" + FILE.format("o-abcde12345/111122223333")):
        ways = [key[: at + 1] for at, letter in enumerate(key) if letter == "/"]
        assert {place_of(way) for way in ways} == {Place.ABOVE, Place.DAYS}


def test_a_key_has_its_day_and_its_region_and_another_has_none() -> None:
    key = FILE.format("111122223333")
    assert day_of(key) == "2026/01/02"
    assert region_of(key) == "AWSLogs/111122223333/CloudTrail/eu-central-1/"
    assert (day_of("2026/01/02/x.json.gz"), region_of("x")) == ("", "")


@pytest.mark.parametrize("below", ["", "2026/", "2026/01/", "2026/01/02/"])
def test_what_is_before_a_day_is_the_same_from_wherever_in_the_region(below: str) -> None:
    region = "AWSLogs/111122223333/CloudTrail/eu-central-1/"
    first = before(region + below, date(2026, 1, 2))
    assert f"{region}2026/01/01/z.json.gz" < first < f"{region}2026/01/02/0.json.gz"

import os
from pathlib import Path

import pytest

from evenload.exchange.atomic import write_whole


def test_a_file_is_there_whole(tmp_path: Path) -> None:
    write_whole(tmp_path / "list.xlsx", b"new")

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"list.xlsx": b"new"}


def test_when_writing_fails_the_old_file_stands_and_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"old")

    def no_space(_descriptor: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, b"new")

    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"list.xlsx": b"old"}


def test_a_reader_who_holds_the_old_file_keeps_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"old")

    with path.open("rb") as reader:
        write_whole(path, b"new")

        assert reader.read() == b"old"
    assert path.read_bytes() == b"new"


def test_a_name_of_the_greatest_length_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250 + ".csv")

    write_whole(path, b"new")

    assert path.read_bytes() == b"new"

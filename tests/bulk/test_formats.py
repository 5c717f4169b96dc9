"""Which files are the parts of a table, and how much is looked at for them."""

from pathlib import Path

import pytest

from standoff.bulk import formats
from standoff.findings import UsageError


def test_a_folder_that_is_no_table_is_not_walked_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "MOST_OTHERS", 5)
    for number in range(6):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(UsageError, match="name the folder of one table"):
        formats.parts_in(tmp_path)


def test_many_tables_are_not_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MOST_OTHERS", 1)
    names = [f"{number}.csv.zip" for number in range(5)]
    for name in ["_SUCCESS", ".part.crc", "notes.txt", *names]:
        (tmp_path / name).touch()
    (tmp_path / "_temporary").mkdir()
    (tmp_path / "_temporary" / "x.csv").touch()
    assert [path.name for path in formats.parts_in(tmp_path)] == names

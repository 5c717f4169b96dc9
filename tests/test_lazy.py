"""What makes a start quick gives what the slow way gives."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from standoff.lazy import entry_points

TEXT = "[odd.group]\nb = odd.b\na = odd.a\n"


def install(folder: Path, information: str) -> None:
    (folder / information).mkdir(parents=True)
    (folder / information / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n")
    (folder / information / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n")
    (folder / information / "entry_points.txt").write_text(TEXT)


@pytest.mark.parametrize(
    ("path", "information"),
    [
        ("packages", "odd-1.0.dist-info"),
        ("packages", "odd.egg-info"),
        ("packages", "Odd-1.0.DIST-INFO"),
        ("odd.egg", "EGG-INFO"),
        ("packages.zip", "odd-1.0.dist-info"),
    ],
)
def test_the_entry_points_of_a_package_are_found_however_it_is_installed(
    path: str, information: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "made" / path
    install(folder, information)
    place = tmp_path / path
    if place.suffix == ".zip":
        with zipfile.ZipFile(place, "w") as file:
            for member in folder.rglob("*"):
                file.write(member, member.relative_to(folder))
    else:
        folder.rename(place)
    assert entry_points("odd.group") == []
    monkeypatch.syspath_prepend(place)
    found = entry_points("odd.group")
    assert set(found) == set(metadata.entry_points(group="odd.group"))
    assert [entry.value for entry in found] == ["odd.a", "odd.b"]


def test_a_finder_of_another_kind_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(tmp_path, "odd-1.0.dist-info")

    class Finder:
        @staticmethod
        def find_spec(*_: object) -> None: ...

        @staticmethod
        def find_distributions(_: object) -> list[metadata.Distribution]:
            return [metadata.PathDistribution(tmp_path / "odd-1.0.dist-info")]

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder])
    assert [entry.name for entry in entry_points("odd.group")] == ["a", "b"]


def test_the_list_of_rules_reads_no_metadata_of_packages() -> None:
    code = (
        "import sys; from standoff.rules.catalogue import all_rules; all_rules(); "
        "sys.exit('importlib.metadata' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

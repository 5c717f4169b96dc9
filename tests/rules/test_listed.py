"""Languages, licences and extents of countries by published lists."""

from __future__ import annotations

import pytest

from standoff.codes.extents import MARGIN, extents
from standoff.testing import findings

META = "dataset/dataset.toml"
D901 = "dataset/events/d901.yaml"


@pytest.mark.parametrize("tag", ["uk", "ckb", "zh-Hant-TW", "sr-Latn", "qaa"])
def test_tags_of_languages_are_not_refused(tag: str) -> None:
    assert not [f for f in findings(D901, "language: en", f"language: {tag}") if f.code == "unknown-language"]


@pytest.mark.parametrize(("tag", "meant"), [("xx", None), ("eng", "en"), ("ger-AT", "de-AT"), ("ara", "ar")])
def test_what_is_no_language_or_a_longer_code_is_reported(tag: str, meant: str | None) -> None:
    [finding] = [f for f in findings(D901, "language: en", f"language: {tag}") if f.severity == "error"]
    assert (finding.code, finding.closest) == ("unknown-language", meant)


@pytest.mark.parametrize(
    "name", ["CC0-1.0", "ODbL-1.0", "PDDL-1.0", "etalab-2.0", "LicenseRef-Own", "GPL-2.0"]
)
def test_licences_of_the_list_are_not_refused(name: str) -> None:
    assert findings(META, 'license = "CC-BY-4.0"', f'license = "{name}"') == []


@pytest.mark.parametrize(
    ("name", "meant"), [("CC-BY-4", "CC-BY-4.0"), ("cc-by-4.0", "CC-BY-4.0"), ("MyOwn", None)]
)
def test_what_is_no_licence_is_reported(name: str, meant: str | None) -> None:
    [finding] = findings(META, 'license = "CC-BY-4.0"', f'license = "{name}"')
    assert (finding.code, finding.closest) == ("unknown-licence", meant)


@pytest.mark.parametrize(
    ("country", "latitude", "longitude", "inside"),
    [
        ("IRQ", 33.34, 44.40, True),
        ("IRQ", 44.40, 33.34, False),
        ("FJI", -16.8, 180.0, True),
        ("FJI", -16.8, -179.9, True),
        ("USA", 52.9, 172.9, True),
        ("NZL", -43.9, -176.5, True),
        ("NZL", 43.9, 176.5, False),
    ],
)
def test_a_country_holds_its_towns_across_the_180th_meridian_too(
    country: str, latitude: float, longitude: float, inside: bool
) -> None:
    assert extents()[country].holds(latitude, longitude) is inside


def test_every_box_holds_its_own_corners() -> None:
    for extent in extents().values():
        for latitude in (extent.south, extent.north + MARGIN):
            assert extent.holds(latitude, extent.west)
            assert extent.holds(latitude, extent.east)
            assert not extent.holds(extent.north + 2 * MARGIN, extent.west)

"""Tables of event data as programs publish them: GDELT 1 and 2, ICEWS, POLECAT. One row is one event.

Columns are those of the profiles that `standoff check` uses (`schema/profiles`); POLECAT's are named here. The
formats have no words: rows are matched by document, ICEWS by sentence.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from standoff import schema
from standoff.exchange import building, cells, values
from standoff.exchange.documents import Documents
from standoff.exchange.records import Intake, Party, Place, Record, mark_duplicates
from standoff.findings import UsageError

Row = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Layout:
    """Column names: field → its names in a header.

    `header`: files are published with one. `ordered`: a file without has just these columns in this order.
    """

    columns: Mapping[str, tuple[str, ...]]
    header: bool = True
    ordered: bool = True

    def where(self, cells: Sequence[str]) -> dict[str, int]:
        """Return the column of each field in a header; empty if the cells are no header."""
        titles = {title.strip().casefold(): i for i, title in reversed(list(enumerate(cells)))}
        return {
            name: titles[title.casefold()]
            for name, known in self.columns.items()
            for title in reversed(known)
            if title.casefold() in titles
        }


def layout(name: str) -> Layout:
    """Return the layout of a shipped profile."""
    profile = tomllib.loads((schema.folder() / "profiles" / f"{name}.toml").read_text(encoding="utf-8"))
    columns = {column["name"]: _titles(column["source"]) for column in profile["columns"]}
    return Layout(columns, header=profile.get("file", {}).get("header", True) is True)


def _titles(source: str | list[str]) -> tuple[str, ...]:
    return (source,) if isinstance(source, str) else tuple(source)


POLECAT = Layout(
    {
        "event_id": ("Event ID",),
        "date": ("Event Date",),
        "type": ("Event Type",),
        "mode": ("Event Mode",),
        "actor": ("Actor Name",),
        "actor_country": ("Actor Country",),
        "actor_sector": ("Primary Actor Sector",),
        "target": ("Recipient Name",),
        "target_country": ("Recipient Country",),
        "target_sector": ("Primary Recipient Sector",),
        "story_id": ("Story ID",),
        "place": ("Placename",),
        "country": ("Country",),
        "geonames": ("GeoNames ID",),
    },
    ordered=False,
)


def _rows(path: Path, shape: Layout, intake: Intake) -> Iterator[tuple[int, Row]]:
    """Yield the rows by field; a row of too few or too many cells is unparsable."""
    where: dict[str, int] = {}
    width = legacy = 0
    for number, row, why in cells.rows(path, _separator(path, shape), legacy=True):
        if row is None:
            intake.unparsable(number, why)
            continue
        legacy += bool(why)
        if not where:
            width = len(row)
            if len(where := shape.where(row)) > 1:
                continue
            where, width = {name: i for i, name in enumerate(shape.columns)}, len(shape.columns)
            if not shape.ordered:
                raise UsageError(
                    f"{path}:{number}: the first line must name the columns, such as {_example(shape)}"
                )
        if len(row) != width:
            intake.unparsable(number, f"expected {width} cells, found {len(row)}")
            continue
        yield number, {name: building.given(row[i]) for name, i in where.items()}
    if legacy:
        intake.note(f"{legacy} lines are not UTF-8 and were read as {values.LEGACY.upper()}.")


def _example(shape: Layout) -> str:
    return ", ".join(known[0] for known in list(shape.columns.values())[:3])


def _separator(path: Path, shape: Layout) -> str:
    """Return the separator of a file by its first line: there it gives names of columns, or as many cells as there are columns."""
    first = next((text for _, text, _ in values.lines(path, legacy=True) if text), "")
    return (
        cells.separator(first, lambda row: len(shape.where(row)) > 1)
        or cells.separator(first, lambda row: len(row) == len(shape.columns))
        or "\t"
    )


def _read(
    path: Path,
    documents: Documents,
    *,
    name: str,
    shape: Callable[[], Layout],
    make: Callable[[Row, int, Documents, Intake], Record],
) -> Intake:
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file of {name} rows")
    intake = Intake(str(path), name)
    for number, row in _rows(path, shape(), intake):
        intake.take(make(row, number, documents, intake))
    mark_duplicates(intake)
    return intake


def _gdelt(row: Row, number: int, documents: Documents, intake: Intake) -> Record:
    faults: list[str] = []
    place = Place(
        name=row.get("action_geo_name"),
        id=row.get("action_geo_feature"),
        country=row.get("action_geo_country"),
    )
    return Record(
        line=number,
        id=row.get("event_id"),
        document=row.get("url"),
        document_id=building.known_document(row.get("url"), documents, intake, number, faults),
        level="document",
        action=_whole_code(row.get("action")),
        actors=building.coded(row.get("actor_code"), row.get("actor_name"), row.get("actor_country")),
        targets=building.coded(row.get("target_code"), row.get("target_name"), row.get("target_country")),
        date=building.date(row.get("date"), intake, number, faults),
        places=(place,) if place != Place() else (),
        faults=tuple(faults),
    )


def _whole_code(code: str | None) -> str | None:
    """Return a code with the zero that it lost as a number: these tables have at least three digits, 010 for 10."""
    return f"0{code}" if code and len(code) == 2 and code.isdigit() else code


def _icews(row: Row, number: int, documents: Documents, intake: Intake) -> Record:
    faults: list[str] = []
    sentence = row.get("sentence")
    at = int(sentence) if sentence and sentence.isascii() and sentence.isdigit() else None
    if sentence and at is None:
        faults.append(intake.report("bad-field", number, f'sentence "{sentence}" is not a number'))
    return Record(
        line=number,
        id=row.get("event_id"),
        document=row.get("story_id"),
        document_id=building.known_document(row.get("story_id"), documents, intake, number, faults),
        level="sentence" if at is not None else "document",
        sentence=at,
        action=_whole_code(row.get("action")),
        actors=building.coded(None, row.get("actor"), row.get("actor_country")),
        targets=building.coded(None, row.get("target"), row.get("target_country")),
        date=building.date(row.get("date"), intake, number, faults),
        places=(Place(name=row.get("city"), country=row.get("country")),) if row.get("city") else (),
        faults=tuple(faults),
    )


def _polecat(row: Row, number: int, documents: Documents, intake: Intake) -> Record:
    faults: list[str] = []
    story = row.get("story_id") or row.get("event_id")
    story = building.story_of(story, documents) or story
    return Record(
        line=number,
        id=row.get("event_id"),
        document=story,
        document_id=building.known_document(story, documents, intake, number, faults),
        level="document",
        action=plover_action(row.get("type"), (row.get("mode") or "").split(";")[0]),
        scheme="plover",
        actors=_sector(row, "actor"),
        targets=_sector(row, "target"),
        date=building.date(row.get("date"), intake, number, faults),
        places=(Place(row.get("place"), geonames=row.get("geonames"), country=row.get("country")),)
        if row.get("place")
        else (),
        faults=tuple(faults),
    )


def plover_action(kind: str | None, mode: str | None) -> str | None:
    """Return type and mode as one code: ASSAULT:aerial."""
    kind, mode = building.given(kind), building.given(mode)
    return None if kind is None else f"{kind.upper()}:{mode}" if mode else kind.upper()


def _sector(row: Row, side: str) -> tuple[Party, ...]:
    """Return the party of country and sector codes; POLECAT may name several countries, joined by ";"."""
    country = building.country_code((row.get(f"{side}_country") or "").split(";")[0].strip())
    sector = (row.get(f"{side}_sector") or "").split(";")[0].strip()
    code = country + sector if country and len(sector) == 3 else country
    return building.coded(code, row.get(side), country)


read_gdelt2 = partial(_read, name="gdelt2", shape=partial(layout, "gdelt2"), make=_gdelt)
read_gdelt1 = partial(_read, name="gdelt1", shape=partial(layout, "gdelt1"), make=_gdelt)
read_icews = partial(_read, name="icews", shape=partial(layout, "icews"), make=_icews)
read_polecat = partial(_read, name="polecat", shape=lambda: POLECAT, make=_polecat)

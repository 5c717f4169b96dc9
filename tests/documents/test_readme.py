"""The README: its figures show what is in the tables, its examples run."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.documents import figures, readme
from standoff.release.compile import compile_tables
from standoff.source.corpus import read_corpus

ROOT = Path(__file__).parents[2]
CORPUS = Path(__file__).parents[1] / "corpus"
README = (ROOT / "README.md").read_text("utf-8")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def tables():
    return compile_tables(read_corpus(CORPUS / "dataset"))


def titles(svg, kind):
    return [
        element.find(f"{SVG}title").text
        for element in ET.fromstring(svg).iter(f"{SVG}{kind}")
        if len(element)
    ]


# The figures


def test_the_timeline_counts_every_dated_event_once(tables):
    events = tables["events"]
    dated = events.drop_nulls(["date_earliest", "date_latest"])
    svg = figures.timeline(tables["dyads"])
    bars = [e for e in ET.fromstring(svg).iter(f"{SVG}rect") if len(e)]
    scale = [float(t.text) for t in ET.fromstring(svg).iter(f"{SVG}text") if t.get("text-anchor") == "end"]
    height = sum(float(bar.get("height")) for bar in bars) * max(scale) / 192
    assert height == pytest.approx(dated.height, rel=0.01)
    assert f"{events.height} events, {dated.height} with a closed date" in svg


def test_open_dates_are_drawn_where_they_may_lie(tables):
    """An event with one end is possible in every period from or up to it; nothing looks like a time without events."""
    dyads = tables["dyads"].head(1).with_columns(weight=1.0)
    closed = dyads.with_columns(date_earliest=pl.date(2023, 5, 1), date_latest=pl.date(2023, 5, 5))
    until = dyads.with_columns(
        dyad_id=pl.lit("open"),
        event_id=pl.lit("open"),
        date_earliest=pl.lit(None, pl.Date),
        date_latest=pl.date(2023, 5, 3),
    )
    svg = figures.timeline(pl.concat([closed, until]))
    drawn = [title for title in titles(svg, "line") if "open date" in title]
    assert len(drawn) == 3
    assert all("up to 1.0 events with an open date" in title for title in drawn)
    assert not [title for title in titles(figures.timeline(closed), "line") if "open date" in title]


def test_the_matrix_sums_the_weight_of_every_pair(tables):
    pairs = tables["dyads"].drop_nulls(["actor_top", "target_top"])
    svg = figures.who_to_whom(tables["dyads"], tables["actors"])
    shown = [float(re.search(r": (\d+\.\d), ", title)[1]) for title in titles(svg, "circle")]
    assert sum(shown) == pytest.approx(pairs["weight"].sum(), abs=0.05 * len(shown))
    few = figures.who_to_whom(tables["dyads"], tables["actors"], most=2)
    shown = [float(re.search(r": (\d+\.\d), ", title)[1]) for title in titles(few, "circle")]
    assert f"{pairs['weight'].sum() - sum(shown):.0f} events are with others." in few


def test_an_organ_counts_for_its_state(tables):
    svg = figures.who_to_whom(tables["dyads"], tables["actors"])
    assert any(title.startswith("Boreland → Australis: ") for title in titles(svg, "circle"))
    assert "Ånström" not in svg


def test_the_figures_need_nothing_and_run_nothing(tables):
    for svg in readme.pictures(tables).values():
        names = {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()}
        assert names <= {"svg", "title", "desc", "style", "text", "line", "rect", "circle"}
        assert not re.search(r"(?:href|src|url\(|@import|on\w+=)", svg)
        assert "prefers-color-scheme: dark" in svg


@given(st.randoms(use_true_random=False))
@settings(max_examples=settings.default.max_examples)
def test_the_order_of_rows_changes_nothing(tables, random):
    def shuffled(frame):
        order = list(range(frame.height))
        random.shuffle(order)
        return frame[order]

    assert readme.pictures({name: shuffled(f) for name, f in tables.items()}) == readme.pictures(tables)


def test_names_cannot_break_out_of_the_figure(tables):
    actors = tables["actors"].with_columns(actor_name=pl.lit("</text><script>&"))
    svg = figures.who_to_whom(tables["dyads"], actors)
    assert "<script" not in svg
    ET.fromstring(svg)


def test_without_events_there_is_an_empty_figure(tables):
    empty = {name: frame.clear() for name, frame in tables.items()}
    for svg in readme.pictures(empty).values():
        ET.fromstring(svg)


@pytest.mark.parametrize(
    ("days", "unit"), [(1, "day"), (60, "day"), (61, "month"), (1800, "month"), (4000, "year")]
)
def test_the_bins_are_as_fine_as_can_be_read(tables, days, unit):
    start = pl.date(2001, 1, 1)
    dyads = (
        tables["dyads"]
        .head(1)
        .with_columns(date_earliest=start, date_latest=start + pl.duration(days=days - 1))
    )
    assert f"Number of events by {unit} and quad class" in figures.timeline(dyads)


# The page


def test_the_page_begins_with_the_two_commands():
    commands = re.findall(r"^make (\w+)", README, re.MULTILINE)
    assert commands[:2] == ["release", "test"]
    assert README.index("make test") < 250


def test_the_page_names_a_release_that_can_be_had():
    named = set(re.findall(r"releases/(v[^/]+)/", README))
    assert len(named) == 1
    assert ".dev" not in named.pop()

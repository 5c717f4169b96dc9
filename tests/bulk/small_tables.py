"""A small table of events, a short profile, a line of GDELT, and short ways to check them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from standoff.bulk import profile_files
from standoff.bulk.request import Request
from standoff.bulk.run import check_tables
from standoff.findings import Report

GOOD: dict[str, list[Any]] = {
    "id": ["a", "b", "c"],
    "date": ["2020-01-01", "2020-01-02", "2020-02-29"],
    "actor": ["USA", "IRN", "ISR"],
    "action": ["010", "190", "042"],
    "target": ["IRN", "USA", None],
}
HEADER = ",".join(GOOD)
ROW_A, ROW_B = "a,2020-01-01,USA,010,IRN\n", "b,2020-01-01,USA,010,IRN\n"
PROFILE = """
title = "a table of mine"
key = ["key"]
[[columns]]
name = "key"
"""


def table(**changed: list[Any]) -> pl.DataFrame:
    return pl.DataFrame({**GOOD, **changed})


def check(*paths: Path, **asked: Any) -> Report:
    return check_tables(Request(paths, **asked))


def only(report: Report) -> Any:
    """The one finding that is more than a note."""
    (finding,) = [finding for finding in report.findings if finding.severity != "note"]
    return finding


def gdelt_line(profile: str, **changed: str) -> str:
    """A line of GDELT as it is published."""
    cells = dict.fromkeys((c.name for c in profile_files.load_profile(profile).columns), "")
    cells |= {
        "event_id": "410412347",
        "date": "20150218",
        "month": "201502",
        "year": "2015",
        "date_fraction": "2015.1315",
    }
    cells |= {
        "actor_name": "IRAN",
        "target_geo_type": "0",
        "action_geo_type": "0",
        "actor_code": "IRNGOV",
        "actor_country": "IRN",
        "actor_type1": "GOV",
        "actor_geo_name": "Tehran, Tehran, Iran",
        "actor_geo_country": "IR",
        "actor_geo_adm1": "IR26",
        "actor_geo_feature": "10074674",
        "is_root_event": "1",
        "action": "042",
        "action_base": "042",
    }
    cells |= {
        "root": "04",
        "quad_class": "1",
        "goldstein": "1.9",
        "mentions": "6",
        "sources": "1",
        "articles": "6",
    }
    cells |= {"tone": "2.63", "actor_geo_type": "4", "actor_latitude": "35.75", "actor_longitude": "51.5148"}
    cells |= {"added": "20150218" if profile == "gdelt1" else "20150218230000", "url": "http://example.org/a"}
    return "\t".join({**cells, **changed}.values()) + "\n"

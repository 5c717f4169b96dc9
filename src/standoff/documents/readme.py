"""The generated parts of README.md: how much there is, five rows of it, where to load it from, and the two figures."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from standoff import markdown
from standoff.documents import figures
from standoff.model.versions import Version

ELSEWHERE = """\
```r
events <- arrow::read_parquet("RELEASE/events.parquet")
events <- readr::read_csv("RELEASE/events.csv") # finds the right classes; read.csv turns 010 into 10
```

```sql
-- DuckDB
SELECT actor_id, target_id, action, date_earliest FROM 'RELEASE/dyads.parquet' WHERE quad_class = 4;
```

In a spreadsheet, open `RELEASE/NAME.xlsx`; if you open a CSV file instead, the code `010` turns into 10.
"""


def parts(name: str, version: Version, tables: Mapping[str, pl.DataFrame], scheme: str) -> dict[str, str]:
    """Return each generated part by its name; `version` is the release of the dataset `name` to be loaded.

    `scheme` is the title of the action scheme.
    """
    return {
        "numbers": _numbers(tables, scheme),
        "rows": _rows(tables["events"]),
        "elsewhere": ELSEWHERE.replace("RELEASE", f"releases/v{version}").replace("NAME", name),
    }


def pictures(tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Return the figures as SVG by the name of their file."""
    return {
        "timeline.svg": figures.timeline(tables["dyads"]),
        "who-to-whom.svg": figures.who_to_whom(tables["dyads"], tables["actors"]),
    }


def _numbers(tables: Mapping[str, pl.DataFrame], scheme: str) -> str:
    counted = {name: f"{frame.height:,}" for name, frame in tables.items()}
    return (
        f"So far: **{counted['events']} events** and {counted['negatives']} passages that only look like events, in "
        f"{counted['documents']} documents; {counted['dyads']} directed pairs of actor and target; "
        f"{counted['actors']} actors; the {counted['actions']} codes of {scheme}."
    )


def _rows(events: pl.DataFrame) -> str:
    """The first event of each document that has an actor and a target: chosen by place, not by beauty."""
    sided = events.filter(pl.col("actors").is_not_null() & pl.col("targets").is_not_null())
    first = sided.sort("document_id", "trigger_start").group_by("document_id", maintain_order=True).first()
    columns = ["event_id", "date", "actors", "action", "action_label", "targets", "trigger", "status"]
    shown = (
        first.head(5)
        .with_columns(pl.format("`{}`", name).alias(name) for name in ("event_id", "action"))
        .select(columns)
    )
    return markdown.table([f"`{name}`" for name in columns], shown.rows())

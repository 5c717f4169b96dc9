"""The generated parts of CODEBOOK.md: the fields people write, the tables of a release, and the codes in use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from standoff import markdown, schema
from standoff.codes import shipped
from standoff.codes.scheme import Scheme
from standoff.model.actors import split_code
from standoff.tables import Column, Table, tables_for

FROM_DATA = ("closed-lists", "actions-in-use", "elements-in-use")
"""The parts that change with the dataset; the others are made from the schemas."""


def schema_parts(scheme: Scheme | None = None, vocabulary: schema.Vocabulary = schema.CORE) -> dict[str, str]:
    """Return the parts that are made from the schemas, by name, for a dataset of this scheme and vocabulary."""
    described = tables_for(scheme or shipped.scheme(), vocabulary)
    return {"fields": "\n\n".join(_fields(vocabulary)), "tables": "\n\n".join(_tables(described))}


def data_parts(
    tables: Mapping[str, pl.DataFrame],
    scheme: Scheme | None = None,
    vocabulary: schema.Vocabulary = schema.CORE,
) -> dict[str, str]:
    """Return the parts that are made from the tables of the release that the codebook describes, by name."""
    scheme = scheme or shipped.scheme()
    return {
        "closed-lists": _closed_lists(tables, tables_for(scheme, vocabulary)),
        "actions-in-use": _actions(tables, scheme),
        "elements-in-use": _elements(tables, scheme),
    }


# --- What people write


def _fields(vocabulary: schema.Vocabulary) -> Iterator[str]:
    annotation, actors = (schema.json_schema(name, vocabulary) for name in ("annotation", "actors"))
    place = schema.json_schema("places")["properties"]["places"]["items"]
    actor = actors["properties"]["actors"]["items"]
    for title, node in (
        ("`document`", annotation["properties"]["document"]),
        ("`document.published`", annotation["properties"]["document"]["properties"]["published"]),
        ("`document.copies`, each", annotation["properties"]["document"]["properties"]["copies"]["items"]),
        ("`events`, each", annotation["$defs"]["event"]),
        ("`actor` and `target`, each entry", annotation["$defs"]["party"]),
        ("`attribution`, each entry", annotation["$defs"]["source"]),
        ("`where`, each place", annotation["$defs"]["location"]),
        ("`links`, each", annotation["$defs"]["link"]),
        ("`negatives`, each", annotation["$defs"]["negative"]),
        ("`would_be` of a negative", annotation["$defs"]["would_be"]),
        ("`actors.yaml`, each actor", actor),
        ("`affiliations` of an actor, each", actor["properties"]["affiliations"]["items"]),
        ("`places.yaml`, each place", place),
        ("`coordinates` of a place", place["properties"]["coordinates"]),
    ):
        yield f"#### {title}"
        yield markdown.table(
            ["field", "needed", "what to write"],
            [
                [f"`{name}`", "yes" if name in node["required"] else None, _described(field, annotation)]
                for name, field in node["properties"].items()
            ],
        )


def _described(field: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """A field's description, its own or that of what it refers to, and the closed list of its values."""
    text: str = field.get("description") or ""
    if not text and "$ref" in field:
        return _described(root["$defs"][field["$ref"].rpartition("/")[2]], root)
    return text + (f" One of: {', '.join(field['enum'])}." if "enum" in field else "")


# --- What is released


def _tables(described: Mapping[str, Table]) -> Iterator[str]:
    for name, table in described.items():
        yield f"#### `{name}`"
        yield f"{table.description} Key: {', '.join(f'`{key}`' for key in table.key)}."
        yield markdown.table(
            ["column", "type", "may be null", "meaning"],
            [[f"`{c.name}`", c.kind, "yes" if c.optional else None, _meaning(c)] for c in table.columns],
        )


def _meaning(column: Column) -> str:
    return column.description + (f" Refers to `{column.references}`." if column.references else "")


def _closed_lists(tables: Mapping[str, pl.DataFrame], described: Mapping[str, Table]) -> str:
    """Every column with a closed list, and how many rows have each of its values."""
    rows = [
        [
            f"`{name}.{column.name}`",
            " · ".join(
                f"`{value}` {tables[name].filter(pl.col(column.name) == value).height}"
                for value in column.values
            ),
        ]
        for name, table in described.items()
        for column in table.columns
        if column.values
    ]
    return markdown.table(["column", "values, each with its number of rows"], rows)


def _actions(tables: Mapping[str, pl.DataFrame], scheme: Scheme) -> str:
    events, dyads = (Counter(tables[name]["action"].to_list()) for name in ("events", "dyads"))
    actions = scheme.actions
    used = sorted({*events, *dyads})
    total = f"{len(used)} of the {len(actions)} codes are in use, under {len({actions[c].root for c in used})} roots."
    rows = [[f"`{c}`", actions[c].label, events[c], dyads[c], actions[c].usage] for c in used]
    return (
        f"{total}\n\n{markdown.table(['code', 'label', 'events', 'dyads', 'rule between neighbours'], rows)}"
    )


def _elements(tables: Mapping[str, pl.DataFrame], scheme: Scheme) -> str:
    """The elements of actor codes in use, counted over the affiliations in the registry and over participants."""
    listed, seen = (
        Counter(e for code in tables[name]["actor_code"].drop_nulls() for e in split_code(code))
        for name in ("affiliations", "participants")
    )
    rows = []
    for codes in scheme.actor_lists.values():
        for code, entry in codes.items():
            if code in listed:
                basis = "assigned here" if entry.get("basis") == "assigned" else None
                rows.append([f"`{code}`", codes.kind, entry[codes.label], basis, listed[code], seen[code]])
    return markdown.table(["element", "kind", "name", "basis", "in the registry", "in events"], rows)

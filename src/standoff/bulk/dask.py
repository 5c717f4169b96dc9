"""The checks on Dask: each partition through the same expressions, keys and references by Dask's shuffle.

from standoff.bulk import dask
dask.failures(frame, profile)       # a Dask DataFrame of key, rule, values: one row for each failure
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from standoff.bulk import batches
from standoff.bulk.cluster import DUPLICATE, UNKNOWN, Counted, Request
from standoff.bulk.values import present_columns
from standoff.findings import Report, UsageError
from standoff.tables.profiles import Binding, Profile

_BETWEEN = "\x1f"


def failures(frame: Any, profile: Profile, references: Mapping[str, Any] | None = None) -> Any:
    """Return key, rule and values of every failure among the rows of a Dask DataFrame; nothing is run yet.

    The frame's columns have the profile's source names. `references` are other tables by name.
    """
    import dask.dataframe as dd  # type: ignore[import-not-found, unused-ignore]

    columns = {c.name: c for c in present_columns(_types(frame), profile)}
    parts = [frame.map_partitions(_check, profile, meta=_meta(list(batches.FAILURE)))]
    if batches.plan_of(profile, _types(frame)).keyed:
        parts.append(_repeated(frame, profile))
    for column in columns.values():
        table, _, name = (column.references or "").partition(".")
        if references and table in references:
            parts.append(_unknown(frame, column, profile, references[table], name))
    return dd.concat(parts, interleave_partitions=True)


def _types(frame: Any) -> dict[str, Any]:
    """The polars types of the columns, as far as Dask knows them before it reads."""
    return batches.types_of(_arrow(frame._meta_nonempty))


def _arrow(part: Any) -> Any:
    import pyarrow as pa

    return pa.Table.from_pandas(part, preserve_index=False)


def _meta(names: Sequence[str]) -> Any:
    import pandas as pd  # type: ignore[import-untyped, unused-ignore]

    return pd.DataFrame({name: pd.Series(dtype="string[pyarrow]") for name in names})


def _pandas(table: Any, names: Sequence[str]) -> Any:
    return table.to_pandas().astype(dict.fromkeys(names, "string[pyarrow]"))


def _check(part: Any, profile: Profile) -> Any:
    return _pandas(batches.failures_in(_arrow(part), profile), list(batches.FAILURE))


def _places(profile: Profile) -> list[str]:
    """What the parts of the key are called here: a column of the table may have any name, such as "n"."""
    return [f"part {place}" for place in range(len(profile.key))]


def _typed_keys(part: Any, profile: Profile) -> Any:
    names = _places(profile)
    return _pandas(batches.keys_in(_arrow(part), profile).rename_columns(names), names)


def _repeated(frame: Any, profile: Profile) -> Any:
    """One failure for each row whose key stands more than once; a key of which a part is missing is none."""
    names = _places(profile)
    keys = frame.map_partitions(_typed_keys, profile, meta=_meta(names)).dropna()
    counted = keys.groupby(names).size(split_out=frame.npartitions).rename("n").reset_index()
    return counted[counted["n"] > 1].map_partitions(_each, names, meta=_meta(list(batches.FAILURE)))


def _each(counted: Any, names: list[str]) -> Any:
    """One row for each occurrence, as all failures are counted."""
    each = counted.loc[counted.index.repeat(counted["n"])]
    text = (
        each[names[0]].str.cat([each[name] for name in names[1:]], sep=" ")
        if len(names) > 1
        else each[names[0]]
    )
    found = {"key": text, "rule": DUPLICATE, "values": None}
    return (
        _meta(list(found))
        .reindex(range(len(each)))
        .assign(**{name: text.to_numpy() if name == "key" else value for name, value in found.items()})
        .astype("string[pyarrow]")
    )


def _unknown(frame: Any, column: Binding, profile: Profile, other: Any, name: str) -> Any:
    """One failure for each row that refers to a row that the other table has not."""
    meta = _meta(list(batches.FAILURE))
    pointing = frame.map_partitions(_pointing, column, profile, meta=meta).dropna(subset=["values"])
    known = other[[name]].astype("string[pyarrow]").rename(columns={name: "values"})
    known = known.drop_duplicates(subset=["values"]).assign(known=True)
    joined = pointing.merge(known, on="values", how="left")
    return joined[joined["known"].isna()][list(batches.FAILURE)]


def _pointing(part: Any, column: Binding, profile: Profile) -> Any:
    text = None
    if profile.key:
        keys = _typed_keys(part, profile)
        first, *others = _places(profile)
        text = keys[first].str.cat([keys[name] for name in others], sep=" ")
    result = _meta(list(batches.FAILURE)).reindex(range(len(part)))
    values = part[column.source].astype("string[pyarrow]").to_numpy()
    return result.assign(
        key=None if text is None else text.to_numpy(), rule=f"{UNKNOWN}:{column.name}", values=values
    ).astype("string[pyarrow]")


def check(request: Request) -> Report:
    """Check tables at addresses that Dask can read, and return the report.

    Runs on the cluster whose scheduler DASK_SCHEDULER_ADDRESS names, otherwise on this machine's threads.
    """
    request.refuse_text()
    try:
        import dask.dataframe  # noqa: F401
    except ImportError as error:
        raise UsageError(
            '--engine dask needs Dask: python -m pip install "dask[dataframe,distributed]"'
        ) from error
    started = time.perf_counter()
    stated = request.stated()
    try:
        frame = _read(request.uris)
        profile = stated or request.guessed(frame.columns)
        others = request.other_tables(profile, lambda uri: _read([uri]), _given)
        found = failures(frame, profile, others)
        with _client():
            counts, rows = _count(found, frame)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"Dask could not read or check it: {str(error).strip().splitlines()[0][:300]}"
        ) from error
    return request.report(profile, _types(frame), rows, counts, started)


def _count(found: Any, frame: Any) -> tuple[list[Counted], int]:
    import dask  # type: ignore[import-not-found, unused-ignore]

    # The least failure of each rule stands for the others: key and values as one text, so that they belong together.
    both = found["key"].fillna("") + _BETWEEN + found["values"].fillna("")
    grouped = found.assign(both=both).groupby("rule")["both"]
    sizes, least, rows = dask.compute(grouped.size(), grouped.min(), frame.shape[0])
    counted = []
    for rule, failing in sizes.items():
        key, _, values = least[rule].partition(_BETWEEN)
        counted.append(Counted(rule, int(failing), key or None, values or None))
    return counted, int(rows)


def _client() -> Any:
    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    if not address:
        return nullcontext()
    from distributed import Client  # type: ignore[import-not-found, unused-ignore]

    return Client(address)


def _read(uris: Any) -> Any:
    import dask.dataframe as dd

    return dd.read_parquet(list(uris), dtype_backend="pyarrow")


def _given(keys: Any) -> Any:
    """Keys that our reader took from a text file."""
    import dask.dataframe as dd

    return dd.from_pandas(_pandas(keys.to_arrow(), keys.columns), npartitions=1)

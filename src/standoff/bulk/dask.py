"""The checks on Dask: files in its tasks (`bulk.cluster`), and DataFrames by their partitions.

    from standoff.bulk import dask
    dask.failures(frame, profile)       # a Dask DataFrame of key, rule, values: one row for each failure

Each partition goes through the same expressions as everywhere, keys and references through Dask's shuffle.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from standoff.bulk import batches
from standoff.bulk.engines import Common, Item, Result
from standoff.findings import UsageError
from standoff.tables.profiles import Binding, Profile


def failures(frame: Any, profile: Profile, references: Mapping[str, Any] | None = None) -> Any:
    """Return key, rule and values of every failure among the rows of a Dask DataFrame; nothing is run yet.

    The frame's columns have the profile's source names. `references` are other tables by name.
    """
    import dask.dataframe as dd  # type: ignore[import-not-found, unused-ignore]

    types = _types(frame)
    plan = batches.plan_of(profile, types)
    by_name = {column.name: column for column in plan.columns}
    key = [by_name[name] for name in profile.key if name in by_name]
    parts = [frame.map_partitions(_check, profile, meta=_meta(list(batches.FAILURE)))]
    if plan.keyed:
        parts.append(_repeated(frame, key))
    for column, table, referred in batches.referring(profile, types):
        if references and table in references:
            parts.append(_unknown(frame, column, key, references[table], referred))
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


def _texts(part: Any, columns: Sequence[Binding]) -> Any:
    """The values of columns as text; two spellings of a number are one text."""
    return _pandas(batches.values_in(_arrow(part), columns), batches.places(columns))


def _repeated(frame: Any, key: Sequence[Binding]) -> Any:
    """Return one failure for each row whose key occurs more than once. Keys with a missing part are not compared."""
    names = batches.places(key)
    keys = frame.map_partitions(_texts, key, meta=_meta(names)).dropna()
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
    found = {"key": text, "rule": batches.DUPLICATE, "values": None}
    return (
        _meta(list(found))
        .reindex(range(len(each)))
        .assign(**{name: text.to_numpy() if name == "key" else value for name, value in found.items()})
        .astype("string[pyarrow]")
    )


def _unknown(frame: Any, column: Binding, key: Sequence[Binding], other: Any, referred: Binding) -> Any:
    """One failure for each row that refers to a row that the other table has not."""
    meta = _meta(list(batches.FAILURE))
    pointing = frame.map_partitions(_pointing, column, key, meta=meta).dropna(subset=["values"])
    known = other.map_partitions(_texts, [referred], meta=_meta(batches.places([referred])))
    known = known.rename(columns={"part 0": "values"}).drop_duplicates(subset=["values"]).assign(known=True)
    joined = pointing.merge(known, on="values", how="left")
    return joined[joined["known"].isna()][list(batches.FAILURE)]


def _pointing(part: Any, column: Binding, key: Sequence[Binding]) -> Any:
    values, *parts = (texts for _, texts in _texts(part, [column, *key]).items())
    text = parts[0].str.cat(parts[1:], sep=" ") if parts else None
    result = _meta(list(batches.FAILURE)).reindex(range(len(part)))
    return result.assign(
        key=None if text is None else text.to_numpy(),
        rule=f"{batches.UNKNOWN}:{column.name}",
        values=values.to_numpy(),
    ).astype("string[pyarrow]")


class Tasks:
    """Runs tasks on Dask; the engine of `bulk.cluster`.

    They run on the cluster whose scheduler DASK_SCHEDULER_ADDRESS names, otherwise on this machine's threads.
    """

    def __init__(self) -> None:
        try:
            import dask  # type: ignore[import-not-found, unused-ignore]  # noqa: F401
        except ImportError as error:
            raise UsageError(
                '--engine dask needs Dask: python -m pip install "dask[dataframe,distributed]"'
            ) from error

    def run(
        self, task: Callable[[Item, Common], Result], items: Sequence[Item], common: Common
    ) -> list[Result]:
        """Return `task(item, common)` of each item, in order."""
        import dask

        # Not traversed: Dask would take dataclasses apart.
        shared, call = dask.delayed(common, traverse=False), dask.delayed(task, traverse=False)
        with _client():
            try:
                return list(
                    dask.compute(*(call(dask.delayed(item, traverse=False), shared) for item in items))
                )
            except Exception as error:
                if type(error).__module__.startswith("distributed"):  # such as workers that were lost
                    raise UsageError(f"Dask could not run it: {str(error).splitlines()[0][:300]}") from error
                raise


def _client() -> Any:
    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    if not address:
        return nullcontext()
    from distributed import Client  # type: ignore[import-not-found, unused-ignore]

    try:
        return Client(address)
    except OSError as error:
        raise UsageError(f"DASK_SCHEDULER_ADDRESS={address}: there is no scheduler: {error}") from error

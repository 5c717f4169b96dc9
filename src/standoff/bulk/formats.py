"""Which files are tables, by their names. Apart from the rest so that asking costs nothing."""

from __future__ import annotations

import os
from fnmatch import fnmatch
from pathlib import Path, PurePath

from standoff.findings import UsageError

FORMATS = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".feather": "ipc",
    ".arrow": "ipc",
    ".ipc": "ipc",
    ".arrows": "ipc",
}
PACKED = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2", ".zip": "zip"}
ENDINGS = (
    f"{', '.join(FORMATS)}; also compressed ({', '.join(PACKED)}). Text with another ending, such as .txt, is read if its "
    "columns are those of a known format, or with --profile"
)
_SPREADSHEET = 'Save it from the spreadsheet as "CSV UTF-8"'
_ARROW = "Write it as Parquet"
_PACKED = "Unpack it, or pack it again as .gz"
OTHERS = {
    ".xlsx": _SPREADSHEET,
    ".xlsm": _SPREADSHEET,
    ".xls": _SPREADSHEET,
    ".ods": _SPREADSHEET,
    ".numbers": _SPREADSHEET,
    ".dta": "In Stata: export delimited using table.csv",
    ".sav": "Save it from SPSS as CSV in UTF-8",
    ".rds": 'In R: write.csv(table, "table.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")',
    ".rdata": 'In R: write.csv(table, "table.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")',
    ".xz": _PACKED,
    ".7z": _PACKED,
    ".rar": _PACKED,
    ".tar": _PACKED,
    ".tgz": _PACKED,
    ".orc": _ARROW,
    ".avro": _ARROW,
}
"""What to do about files that hold tables in other formats, by their endings."""


_NO_TABLES = frozenset(
    (
        ".yaml", ".yml", ".toml", ".md", ".rst", ".html", ".htm", ".xml", ".pdf", ".py", ".r", ".rmd", ".ipynb", ".do", ".sql",
        ".sh", ".js", ".css", ".log", ".bib", ".tex", ".doc", ".docx", ".png", ".jpg", ".jpeg", ".gif", ".svg",
        ".gpkg", ".shp", ".db", ".sqlite", ".duckdb", ".pickle", ".pkl", ".npy", ".h5",
    )
)  # fmt: skip
"""Endings of files that hold no table as text."""

MOST_OTHERS = 20_000
"""The most folders and other files that are looked at in the folder of a table, unless it has more tables than that."""


def format_of(path: PurePath) -> str | None:
    """Return parquet, ipc, csv, jsonl or json by the name's ending, whatever it is packed in; None for other files."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return FORMATS.get(suffixes[-1]) if suffixes else None


def may_be_text(path: PurePath) -> bool:
    """Whether a file may hold a table as text by its name's ending, packed or not, though the ending does not say so."""
    name = path.with_suffix("") if path.suffix.lower() in PACKED else path
    return name.suffix.lower() not in {*FORMATS, *OTHERS, *_NO_TABLES}


def readable_as(path: PurePath) -> str:
    """Return which tables can be read, and how a file that is none of them becomes one."""
    usual = "Save the table as CSV in UTF-8, or give the file the ending of its format"
    if path.suffix and may_be_text(path):
        usual = "Say with --profile which format the text has, or give it the ending .csv or .tsv"
    return f"{OTHERS.get(path.suffix.lower(), usual)}. Tables that can be read end in {ENDINGS}"


def refuse_streams(path: Path) -> None:
    """UsageError for standard input, a pipe or a device, since a table is read more than once."""
    if str(path) == "-" and not path.exists():
        what = "standard input"
    elif path.exists() and not path.is_file() and not path.is_dir():
        what = f"{path} (a pipe or device)"
    else:
        return
    raise UsageError(f"{what} cannot be checked: a table is read more than once. Save it as a file")


def parts_in(folder: Path) -> list[Path]:
    """Return the table files in a folder and below, in the order of their names; none in or under names with . or _ first.

    UsageError where the folder holds so much else that it is not the folder of a table.
    """
    found: list[Path] = []
    others = 0
    visited: set[str] = set()
    for place, folders, files in os.walk(folder, followlinks=True):
        if (real := os.path.realpath(place)) in visited:  # a link to a folder that was gone through
            folders.clear()
            continue
        visited.add(real)
        folders[:] = [name for name in folders if is_part(PurePath(name))]
        folders.sort(key=lambda name: (Path(place, name).is_symlink(), name))
        paths = [Path(place, name) for name in files if is_part(PurePath(name))]
        # A link to a file that is not there is a part too: of one that is missing.
        tables = [path for path in paths if format_of(path)]
        found += tables
        others += len(folders) + len(paths) - len(tables)
        if others > max(MOST_OTHERS, len(found)):
            raise UsageError(
                f"{folder} holds more than {MOST_OTHERS:,} folders and files that are not tables: name the folder of one "
                f'table, or a pattern such as "{folder / "**" / "*.csv"}"'
            )
    return sorted(found)


def is_part(path: PurePath) -> bool:
    """Whether a file of this path in a folder is a part of its tables, by the names above it and its own."""
    return not any(name.startswith((".", "_")) for name in path.parts)


def matching(pattern: Path) -> list[Path]:
    """Return the paths that match a pattern, whose stars may stand for folders too (``**`` for any depth)."""
    parts = (*pattern.parts, "*") if pattern.name == "**" else pattern.parts
    first = next(place for place, part in enumerate(parts) if any(mark in part for mark in "*?["))
    root = Path(*parts[:first]) if first else Path()
    return sorted(root.glob(str(Path(*parts[first:]))))


def takes_in(path: Path, file: Path) -> bool:
    """Whether `path`, a folder or a pattern, would take in a table file of that name, were it there."""
    lies = file.resolve()
    if path.is_dir():
        return lies.is_relative_to(path.resolve()) and is_part(lies.relative_to(path.resolve()))
    return not path.exists() and _matches(lies, Path.cwd() / path)


def _matches(file: Path, pattern: Path) -> bool:
    """Whether a path matches a pattern, part by part; ``**`` stands for any number of folders."""
    names, marks = list(file.parts), list(pattern.parts)

    def fits(name: int, mark: int) -> bool:
        if mark == len(marks):
            return name == len(names)
        if marks[mark] == "**":
            return any(fits(later, mark + 1) for later in range(name, len(names) + 1))
        return name < len(names) and fnmatch(names[name], marks[mark]) and fits(name + 1, mark + 1)

    return fits(0, 0)

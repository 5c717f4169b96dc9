"""Which files are tables, by their names. Apart from the rest so that asking costs nothing."""

from __future__ import annotations

from pathlib import Path, PurePath

FORMATS = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
PACKED = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2", ".zip": "zip"}
ENDINGS = f"{', '.join(FORMATS)}; also packed ({', '.join(PACKED)})"


def format_of(path: PurePath) -> str | None:
    """Return parquet, csv or jsonl by the name's ending, whatever it is packed in; None for other files."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return FORMATS.get(suffixes[-1]) if suffixes else None


def parts_in(folder: Path) -> list[Path]:
    """Return the table files in a folder and below, in the order of their names; none in or under names with . or _ first."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
        and path.is_file()
        and format_of(path)
    ]

"""Many files are one table: packed, plain or stored, the findings are those of the rows, and the places are right."""

import gzip
import io
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.bulk import opening, reading, records, streams
from standoff.bulk.outputs import Outputs
from standoff.bulk.request import Request
from standoff.bulk.run import check_tables

PROFILE = """title = "t"
key = ["id"]
[file]
quote = {quote}
[[columns]]
name = "id"
type = "int64"
[[columns]]
name = "word"
values = ["a", "b", "with\\nbreak"]
[[columns]]
name = "number"
type = "float64"
"""
ROWS = st.tuples(
    st.integers(0, 30),
    st.sampled_from(["a", "b", "z", "with\nbreak", ""]),
    st.sampled_from(["1.5", "2", "", "x"]),
)


def zipped(text: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("t.csv", text)
    return out.getvalue()


WAYS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "plain": (".csv", bytes),
    "gzip": (".csv.gz", gzip.compress),
    "zip": (".csv.zip", zipped),
}


def checked(folder: Path, files: list[bytes], way: str, quote: str) -> tuple[object, ...]:
    """Findings, failures and good rows of a table in these files."""
    ending, pack = WAYS[way]
    table = folder / way
    table.mkdir()
    for number, text in enumerate(files):
        (table / f"{number:03}{ending}").write_bytes(pack(text))
    (folder / "p.toml").write_text(PROFILE.format(quote=quote), encoding="utf-8")
    good, bad, failures = (folder / f"{way}.{what}.parquet" for what in ("good", "bad", "failures"))
    report = check_tables(
        Request([table], profile=str(folder / "p.toml"), outputs=Outputs(good, bad, failures))
    )
    found = [
        (f.code, Path(f.path).name.split(".")[0], f.line, f.data.get("failing")) for f in report.findings
    ]
    written = [pl.read_parquet(path).rows() for path in (good, bad, failures) if path.exists()]
    return found, report.records, written


@settings(max_examples=settings.default.max_examples // 2)
@given(
    st.lists(st.lists(ROWS, max_size=6), min_size=1, max_size=4),
    st.sampled_from(["zip", "gzip"]),
    st.sampled_from(["true", '"lines"']),
    st.sampled_from([1, 40, 1 << 20]),
    st.integers(0, 3),
)
def test_the_verdict_does_not_depend_on_who_unpacks_and_cuts(
    tmp_path_factory: pytest.TempPathFactory,
    parts: list[list[tuple[int, str, str]]],
    way: str,
    quote: str,
    size: int,
    blank: int,
) -> None:
    folder = tmp_path_factory.mktemp("t")
    files = []
    for rows in parts:
        frame = pl.DataFrame(
            rows, schema={"id": pl.Int64, "word": pl.String, "number": pl.String}, orient="row"
        )
        files.append((frame.write_csv() + "\n" * blank).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "AT_A_TIME", size)
        patch.setattr(records, "BLOCK", max(size, 16))
        patch.setattr(streams, "WHOLE", size)
        direct = checked(folder, files, "plain", quote)
        assert checked(folder, files, way, quote) == direct


@pytest.mark.parametrize("kind", ["zip", "csv", "parquet"])
def test_many_files_are_few_open_files_and_few_copies(kind: str, tmp_path: Path) -> None:
    """Findings name the file and the line, and nothing is unpacked into the folder of the output."""
    table = tmp_path / "t"
    table.mkdir()
    for number in range(150):
        frame = pl.DataFrame(
            {"id": [2 * number, 2 * number + 1], "word": ["a", "z" if number == 77 else "b"]}
        )
        if kind == "parquet":
            frame.write_parquet(table / f"{number:03}.parquet")
        else:
            text = frame.write_csv().encode()
            name = f"{number:03}.csv" + (".zip" if kind == "zip" else "")
            (table / name).write_bytes(zipped(text) if kind == "zip" else text)
    (tmp_path / "p.toml").write_text(PROFILE.format(quote="true"), encoding="utf-8")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/proc/self/fd").iterdir())) + 80, hard))
    try:
        report = check_tables(Request([table], profile=str(tmp_path / "p.toml")))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    [finding] = report.findings
    assert (finding.code, Path(finding.path).name[:3]) == ("value-not-listed", "077")
    assert finding.line == (1 if kind == "parquet" else 3)
    assert report.records == 300


def test_a_damaged_archive_among_many_files_is_a_finding_about_it(tmp_path: Path) -> None:
    whole = zipped(b"id,word\n1,a\n")
    for number in range(opening.FEW + 2):
        (tmp_path / f"{number}.csv.zip").write_bytes(whole.replace(b"1,a", b"%d,a" % number))
    (tmp_path / "3.csv.zip").write_bytes(whole[:-40])
    (tmp_path / "p.toml").write_text(PROFILE.format(quote="true"), encoding="utf-8")
    report = check_tables(Request([tmp_path / "*.zip"], profile=str(tmp_path / "p.toml")))
    [finding] = [f for f in report.findings if f.code == "table-unreadable"]
    assert Path(finding.path).name == "3.csv.zip"


def test_a_packed_file_in_another_encoding_is_read(tmp_path: Path) -> None:
    profile = PROFILE.format(quote='"lines"\nencoding = "latin-1"').replace('"b"', '"é"')
    (tmp_path / "p.toml").write_text(profile, encoding="utf-8")
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress("id,word\n1,é\n2,ü\n".encode("latin-1")))
    [finding] = check_tables(Request([tmp_path / "t.csv.gz"], profile=str(tmp_path / "p.toml"))).findings
    assert (finding.code, finding.line, finding.data["failing"]) == ("value-not-listed", 3, 1)


@settings(max_examples=settings.default.max_examples // 2)
@given(
    st.lists(st.lists(ROWS, max_size=6), min_size=2, max_size=6),
    st.integers(1, 12),
    st.sampled_from([1, 3, 100]),
)
def test_small_parquet_files_are_read_together_as_they_are_read_apart(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[tuple[int, str, str]]], rows: int, files: int
) -> None:
    folder = tmp_path_factory.mktemp("t")
    table = folder / "t"
    table.mkdir()
    schema = {"id": pl.Int64, "word": pl.String, "number": pl.String}
    for number, part in enumerate(parts):
        pl.DataFrame(part, schema=schema, orient="row").write_parquet(table / f"{number:03}.parquet")
    (folder / "p.toml").write_text(PROFILE.format(quote="true"), encoding="utf-8")

    def verdict(small: int) -> tuple[object, ...]:
        outputs = [folder / f"{small}.{what}.parquet" for what in ("good", "bad", "failures")]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading, "SMALL_ROWS", small)
            patch.setattr(reading, "GATHERED_ROWS", rows)
            patch.setattr(reading, "GATHERED_FILES", files)
            report = check_tables(Request([table], profile=str(folder / "p.toml"), outputs=Outputs(*outputs)))
        written = [pl.read_parquet(path).rows() for path in outputs if path.exists()]
        return report.findings, report.records, written

    assert verdict(1000) == verdict(0)

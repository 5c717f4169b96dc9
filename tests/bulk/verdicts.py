"""Whether what `standoff check` said of a case is one of the verdicts that the case allows.

Each folder of `cases/` is a case: the input files and `case.toml`. Its keys: `about` says what is in the file and what
must come of it, `args` are the command's arguments, `rows` is the number of rows that must be accounted for, and each
``[[any_of]]`` is a verdict that would do: `exit`, `clean`, `found`, `found_any`, `not_found`, `records`, `line`, `words` (of
each list one word occurs), `not_words`, `severe` (notes do not count for the words) and `[[any_of.table]]` (a table that
was written). All contents are invented.
"""

import polars as pl


def text_of(finding):
    return " ".join(finding[key] or "" for key in ("message", "remedy", "closest"))


def value_of(value):
    return "" if value is None else str(value)


def many(value):
    return value if isinstance(value, list) else [value]


def faults_of_table(folder, wanted):
    """Yield what is wrong with a table that was written."""
    path = folder / wanted["path"]
    if not path.exists():
        yield f"{wanted['path']} is not there"
        return
    frame = pl.read_parquet(path)
    if "rows" in wanted and frame.height not in many(wanted["rows"]):
        yield f"{wanted['path']} has {frame.height} rows instead of {wanted['rows']}"
    for name in wanted.get("columns", []):
        if name not in frame.columns:
            yield f"{wanted['path']} lacks the column {name}"
    for cell in wanted.get("cells", []):
        names = [*cell["row"], cell["column"]]
        if not set(names) <= set(frame.columns):
            yield f"{wanted['path']} lacks one of {names}"
            continue
        rows = [
            row
            for row in frame.iter_rows(named=True)
            if all(value_of(row[name]) == value for name, value in cell["row"].items())
        ]
        found = [value_of(row[cell["column"]]) for row in rows]
        allowed = many(cell["value"])
        if not found or any(each not in allowed for each in found):
            yield f"{cell['column']} of {cell['row']} is {found or 'not there'} instead of {allowed}"


def faults_of_verdict(wanted, status, report, errors, folder):
    """Yield how the outcome differs from one verdict."""
    findings = report["findings"] if report else []
    codes = {finding["code"] for finding in findings}
    if "exit" in wanted and status not in many(wanted["exit"]):
        yield f"exit {status} instead of {wanted['exit']}"
    if wanted.get("clean"):
        bad = sorted({f["code"] for f in findings if f["severity"] != "note"})
        if bad or report is None:
            yield f"findings where none are due: {bad}" if report else "no report"
    for code in wanted.get("found", []):
        if code not in codes:
            yield f"{code} not found"
    if "found_any" in wanted and not codes & set(wanted["found_any"]):
        yield f"none of {wanted['found_any']} found"
    for code in wanted.get("not_found", []):
        if code in codes:
            yield f"{code} found"
    if "records" in wanted:
        records = report["summary"]["records"] if report else None
        if records not in many(wanted["records"]):
            yield f"{records} records instead of {wanted['records']}"
    if "line" in wanted and not {finding["line"] for finding in findings} & set(many(wanted["line"])):
        yield f"no finding at line {wanted['line']}"
    # Where a code was asked for, its own finding must say it.
    about = [f for f in findings if f["code"] in wanted["found"]] if wanted.get("found") else findings
    if wanted.get("severe"):
        about = [f for f in about if f["severity"] != "note"]
    told = [*map(text_of, about), errors]
    for group in wanted.get("words", []):
        if not any(word.casefold() in text.casefold() for word in group for text in told):
            yield f"nothing says any of {group}"
    for group in wanted.get("not_words", []):
        if any(word.casefold() in text.casefold() for word in group for text in told):
            yield f"something says one of {group}"
    for table in wanted.get("table", []):
        yield from faults_of_table(folder, table)


def faults_always(case, status, report, errors, folder):
    """Yield what may never happen, whatever the verdict."""
    if status not in (0, 1, 2) or "Traceback" in errors:
        yield f"exit {status}, standoff broke: {errors.strip()[-150:]}"
    elif status in (0, 1) and report is None:
        yield f"exit {status} without a report"
    rows = case.get("rows")
    if rows is None or report is None:
        return
    records = report["summary"]["records"]
    if status == 0 and records != rows:
        yield f"exit 0 with {records} records, the table has {rows} rows"
    args = case["args"]
    written = [output["rows"] for output in report["outputs"]]
    if status == 0 and "--out" in args and written and written[0] != rows:
        yield f"exit 0 with {written[0]} rows in --out, the table has {rows}"
    if "--split" in args and len(written) >= 2 and None not in written[:2] and sum(written[:2]) != rows:
        yield f"--split wrote {written[0]} and {written[1]} rows, the table has {rows}"

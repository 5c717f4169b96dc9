"""Small tables with the kinds of trouble that event data have in the wild, and the verdict that is due.

`verdicts.py` says what a case may state.
"""

import json
import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from standoff.cli import main

sys.path.insert(0, str(Path(__file__).parent))
from verdicts import faults_always, faults_of_verdict

CASES = sorted(path.parent for path in (Path(__file__).parent / "cases").glob("*/case.toml"))


@pytest.mark.parametrize("case", CASES, ids=[path.name for path in CASES])
def test_the_verdict_is_one_that_the_case_allows(case, tmp_path, monkeypatch, capsys):
    stated = tomllib.loads((case / "case.toml").read_text("utf-8"))
    folder = tmp_path / "case"
    shutil.copytree(case, folder, ignore=shutil.ignore_patterns("case.toml"))
    monkeypatch.chdir(folder)
    status = main([*stated["args"], "--format", "json"])
    out, errors = capsys.readouterr()
    report = json.loads(out) if out.strip() else None
    assert list(faults_always(stated, status, report, errors, folder)) == []
    missed = [
        list(faults_of_verdict(verdict, status, report, errors, folder)) for verdict in stated["any_of"]
    ]
    assert [] in missed

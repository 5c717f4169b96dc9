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
ENGINES = {"spark": "pyspark", "dask": "dask.dataframe"}


@pytest.mark.parametrize("case", CASES, ids=[path.name for path in CASES])
def test_the_verdict_is_one_that_the_case_allows(case, tmp_path, monkeypatch, capsys):
    stated = tomllib.loads((case / "case.toml").read_text("utf-8"))
    if engine := stated.get("needs"):
        pytest.importorskip(ENGINES[engine], reason=f"run by .ci/cluster, where {engine} is installed")
    folder = tmp_path / "case"
    shutil.copytree(case, folder, ignore=shutil.ignore_patterns("case.toml"))
    monkeypatch.chdir(folder)

    def run(args):
        status = main([*args, "--format", "json"])
        out, errors = capsys.readouterr()
        return status, json.loads(out) if out.strip() else None, errors

    status, report, errors = run(stated["args"])
    assert list(faults_always(stated, status, report, errors, folder)) == []
    missed = [
        list(faults_of_verdict(verdict, status, report, errors, folder)) for verdict in stated["any_of"]
    ]
    assert [] in missed
    if stated.get("same_as_local"):
        assert stated["args"][-2] == "--engine"
        here_status, here, _ = run(stated["args"][:-2])
        assert (status, report["findings"]) == (here_status, here["findings"])

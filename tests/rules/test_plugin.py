"""Rules of other packages: found by their entry point, run, listed and explained like ours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from standoff.findings import PackageFault
from standoff.rules import catalogue
from standoff.rules.pages import EXAMPLES
from standoff.testing import findings_with

PLUGIN = Path(__file__).parents[1] / "plugin"


def standoff(*arguments: str, packages: Path = PLUGIN) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(packages), os.environ.get("PYTHONPATH", "")])
    }
    return subprocess.run(
        [sys.executable, "-m", "standoff", *arguments],
        capture_output=True, text=True, env=environment, cwd=EXAMPLES, timeout=60, check=False,
    )  # fmt: skip


def test_the_rule_of_another_package_is_listed_and_explained_and_ours_stay() -> None:
    listed = {rule["code"]: rule for rule in json.loads(standoff("rules", "--json").stdout)}
    assert listed.keys() == {*catalogue.own_rules(), "no-threats"}
    assert listed["no-threats"]["scope"] == "event"
    assert standoff("explain", "no-threats").stdout.startswith("# no-threats\n\nThe event is a threat")


def test_the_rule_of_another_package_runs_and_says_where_its_page_is(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "corpus")
    dataset = tmp_path / "corpus" / "dataset"
    file = dataset / "events" / "d901.yaml"
    file.write_text(file.read_text("utf-8").replace('action: "194"', 'action: "130"', 1), "utf-8")
    done = standoff("check", "--format=json", f"--report=sarif={tmp_path / 'r.sarif'}", str(dataset))
    report = json.loads(done.stdout)
    [found] = [f for f in report["findings"] if f["code"] == "no-threats" and f["path"].endswith("d901.yaml")]
    assert found["severity"] == "warning"
    assert found["page"] == "https://newsroom.example/rules/no-threats"
    assert found["data"] == {"field": "events[1].action", "value": "130", "expected": ["any other root"]}
    sarif = json.loads((tmp_path / "r.sarif").read_text("utf-8"))
    [rule] = [each for each in sarif["runs"][0]["tool"]["driver"]["rules"] if each["id"] == "no-threats"]
    assert rule["helpUri"] == "https://newsroom.example/rules/no-threats"


@pytest.mark.parametrize(
    ("module", "says"),
    [
        ("raise KeyError('x')", "KeyError: 'x'"),
        ("from standoff.rules.event import missing_actor", None),
        (
            "from standoff.rules.rule import FILE, make_rule\nR = (make_rule('quote-cut', FILE, 'A.\\n\\nB.', print),)",
            "two rules have the code quote-cut",
        ),
    ],
)
def test_a_package_whose_rules_cannot_be_used_is_named(module: str, says: str | None, tmp_path: Path) -> None:
    info = tmp_path / "odd-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[standoff.rules]\nodd = odd_rules\n")
    (tmp_path / "odd_rules.py").write_text(module)
    done = standoff("explain", "missing-actor", packages=tmp_path)
    if says is None:
        assert done.returncode == 0
    else:
        assert done.returncode == 2
        assert "the rules of the installed package odd (odd_rules) cannot be used" in done.stderr
        assert says in done.stderr
        assert "Traceback" not in done.stderr


def test_a_rule_can_be_tested_without_being_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(PLUGIN)
    from newsroom import rules

    found = findings_with({}, rules=catalogue.rules_in(rules))
    assert {finding.code for finding in found} == {"no-threats"}


def test_the_exception_is_public() -> None:
    import standoff

    assert standoff.PackageFault is PackageFault

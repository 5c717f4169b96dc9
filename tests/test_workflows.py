"""The workflows, the action and the hooks: what a pull request may never reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from standoff.cli import check

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTION = ROOT / "action.yml"


def load(path: Path) -> dict[Any, Any]:
    value: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return value


def steps(path: Path) -> Iterator[dict[str, Any]]:
    value = load(path)
    yield from value["runs"]["steps"] if "runs" in value else []
    for job in value.get("jobs", {}).values():
        yield from job["steps"]


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION], ids=lambda path: path.name)
def test_actions_are_pinned_and_scripts_take_input_by_environment_only(path: Path) -> None:
    found = list(steps(path))
    assert found
    for step in found:
        if "uses" in step:
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"])
        if "run" in step:
            assert "${{" not in step["run"]
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_jobs_begin_with_no_rights_and_end_in_time(path: Path) -> None:
    value = load(path)
    assert value["permissions"] == {}
    triggers = value[True]  # YAML 1.1 reads the key "on" as true
    assert "pull_request_target" not in triggers
    assert "workflow_run" not in triggers
    for job in value["jobs"].values():
        assert job["timeout-minutes"] <= 60
        if "pull_request" in triggers:
            assert job["permissions"] == {"contents": "read"}


def test_the_contributors_data_meets_the_base_branchs_code_only() -> None:
    (job,) = load(ROOT / ".github/workflows/data.yml")["jobs"].values()
    base, head = (s["with"] for s in job["steps"] if s.get("uses", "").startswith("actions/checkout@"))
    assert base["ref"] == "${{ github.event.pull_request.base.sha }}"
    assert head["sparse-checkout"].split() == ["/dataset/", "/seeds/"]
    scripts = "\n".join(step.get("run", "") for step in job["steps"])
    assert set(re.findall(r"\S*/bin/\S+", scripts)) == {
        "base/.venv/bin/standoff",
        "../base/.venv/bin/standoff",
    }
    assert re.findall(r"\b(?:python|pip|make|source)\b.*", scripts) == ["make -C base .venv/build.stamp"]


def test_the_action_offers_what_check_takes() -> None:
    inputs = load(ACTION)["inputs"]
    assert set(inputs) == {"path", "version", "format", "fail-on", "args"}
    assert inputs["format"]["default"] in check.FORMATS
    for name in check.FORMATS:
        assert name in inputs["format"]["description"]


@pytest.mark.parametrize(
    ("hook", "path", "runs"),
    [
        ("standoff-check", "dataset/events/d003.yaml", True),
        ("standoff-check", "data/dataset/retired.csv", True),
        ("standoff-check", "seeds/003_x.txt", True),
        ("standoff-check", "src/standoff/cli/check.py", False),
        ("standoff-fmt", "dataset/actors.yaml", True),
        ("standoff-fmt", "dataset/passes/a1/d003.yaml", True),
        ("standoff-fmt", "dataset/dataset.toml", False),
        ("standoff-fmt", ".github/workflows/ci.yml", False),
    ],
)
def test_the_hooks_run_for_the_files_they_are_about(hook: str, path: str, runs: bool) -> None:
    (found,) = (
        h for h in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")) if h["id"] == hook
    )
    assert (re.search(found["files"], path) is not None) is runs


def test_what_publishes_starts_from_a_tag_only_and_runs_nothing_of_the_repository() -> None:
    value = load(ROOT / ".github/workflows/publish.yml")
    assert list(value[True]) == ["push"]
    assert list(value[True]["push"]) == ["tags"]
    may_write = {name: job for name, job in value["jobs"].items() if "write" in job["permissions"].values()}
    assert list(may_write) == ["attest", "github", "index"]
    for job in may_write.values():
        assert job["needs"]
        used = [step.get("uses", "").partition("@")[0] for step in job["steps"]]
        assert "actions/checkout" not in used
        assert not any("cache" in name for name in used)

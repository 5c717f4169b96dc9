"""The workflows, the action and the hooks: what a pull request may never reach."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
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
    assert set(inputs) == {"path", "format", "fail-on", "args"}
    assert inputs["format"]["default"] in check.FORMATS
    for name in check.FORMATS:
        assert name in inputs["format"]["description"]


def test_python_imports_nothing_from_the_working_directory() -> None:
    """`python -m`, `-c` and `-` put the working directory first on the path; -I does not.

    Two lines are exempt, because they run the code of this repository on purpose: the tests and the benchmarks.
    """
    scripts = [ROOT / "Makefile", ACTION, *WORKFLOWS, *(ROOT / ".ci").glob("[!.]*"), ROOT / "locks" / "renew"]
    for path in scripts:
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
            if not line.lstrip().startswith("#") and not re.search(r"-m (pytest|benchmarks\.run)\b", line):
                assert not re.search(r"python3?[)}\"']* +-+(?:[mc]\b| |$)", line), f"{path.name}: {line}"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A checkout with modules that leave a trace when they are imported."""
    checkout = tmp_path / "checkout"
    trace = f"open({str(tmp_path / 'trace')!r}, 'a').write(__name__ + '\\n')\n"
    for name in ("venv", "types", "ensurepip", "standoff", "yaml", "multiprocessing", "sitecustomize", "os"):
        (checkout / name).parent.mkdir(exist_ok=True)
        (checkout / f"{name}.py").write_text(trace, encoding="utf-8")
    for package in ("pip", "hatchling"):
        (checkout / package).mkdir()
        for module in ("__init__", "__main__"):
            (checkout / package / f"{module}.py").write_text(trace, encoding="utf-8")
    return checkout


def emulate(script: str, checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script of a step as GitHub's runner does: bash, in the checkout."""
    (checkout.parent / "runner").mkdir(exist_ok=True)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=checkout,
        env={
            "PATH": f"{Path(sys.base_prefix) / 'bin'}:/usr/bin:/bin",
            "HOME": str(checkout.parent),
            "RUNNER_TEMP": str(checkout.parent / "runner"),
            "GITHUB_OUTPUT": str(checkout.parent / "output"),
            "PIP_NO_INDEX": "1",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
    )


SHOW_ARGUMENTS = "import sys; print(*sys.argv[1:], sep=chr(10))"


def stand_in(folder: Path) -> Path:
    """The source of an action that installs from no index: a package named standoff that shows its arguments."""
    (folder / "locks").mkdir(parents=True)
    (folder / "locks" / "build.txt").write_text("", encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "standoff"\nversion = "0"\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        encoding="utf-8",
    )
    (folder / "backend.py").write_text(
        "import zipfile, os\n"
        "def build_wheel(folder, config_settings=None, metadata_directory=None):\n"
        "    name, info = 'standoff-0-py3-none-any.whl', 'standoff-0.dist-info/'\n"
        "    with zipfile.ZipFile(os.path.join(folder, name), 'w') as wheel:\n"
        "        wheel.writestr('standoff/__init__.py', '')\n"
        f"        wheel.writestr('standoff/__main__.py', {SHOW_ARGUMENTS!r})\n"
        "        wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: standoff\\nVersion: 0\\n')\n"
        "        wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')\n"
        "        wheel.writestr(info + 'RECORD', '')\n"
        "    return name\n",
        encoding="utf-8",
    )
    return folder


def check_step(hostile: Path) -> None:
    """Run the second step of the action, with a standoff that shows its arguments; nothing of the checkout may run."""
    _, run = (step["run"] for step in steps(ACTION))
    checked = emulate(
        run, hostile, CHECK_PATHS="dataset a*", FORMAT="github", FAIL_ON="error", ARGS="--notes"
    )
    assert checked.returncode == 0, checked.stderr
    outputs = dict(line.split("=") for line in (hostile.parent / "output").read_text("utf-8").splitlines())
    assert checked.stdout.splitlines() == [
        *("check", "--format", "github", "--fail-on", "error"),
        *("--report", f"sarif={outputs['sarif']}", "--report", f"junit={outputs['junit']}"),
        *("--notes", "--", "dataset", "a*"),
    ]
    assert not Path(outputs["sarif"]).is_relative_to(hostile)
    assert not (hostile.parent / "trace").exists()


def test_the_action_checks_without_code_of_the_checkout(hostile: Path) -> None:
    environment = hostile.parent / "runner" / "standoff"
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", environment], check=True)
    [packages] = environment.glob("lib/python*/site-packages")
    (packages / "standoff").mkdir()
    (packages / "standoff" / "__main__.py").write_text(SHOW_ARGUMENTS, encoding="utf-8")
    check_step(hostile)


@pytest.mark.slow
def test_the_action_installs_and_checks_without_code_of_the_checkout(hostile: Path) -> None:
    install, _ = (step["run"] for step in steps(ACTION))
    source = stand_in(hostile.parent / "action")
    installed = emulate(install, hostile, SOURCE=str(source))
    assert installed.returncode == 0, installed.stderr
    check_step(hostile)


@pytest.mark.parametrize(
    "script", ["python3 -m venv x", "python3 -m pip --version", "python3 -c 'import types, yaml'"]
)
def test_the_emulation_shows_what_would_be_run(hostile: Path, script: str) -> None:
    emulate(script, hostile)
    assert (hostile.parent / "trace").read_text(encoding="utf-8")


def test_the_action_installs_by_hashes_only() -> None:
    install = next(steps(ACTION))["run"]
    commands = [line for line in install.splitlines() if '"${pip[@]}"' in line]
    assert len(commands) == 2
    for command in commands:
        assert "--require-hashes" in command or "--no-deps --no-build-isolation --no-index" in command


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


def test_the_site_is_published_from_main_only_by_a_job_that_runs_nothing_of_the_repository() -> None:
    value = load(ROOT / ".github/workflows/site.yml")
    assert value[True] == {"push": {"branches": ["main"]}}
    may_write = {name: job for name, job in value["jobs"].items() if "write" in job["permissions"].values()}
    assert list(may_write) == ["publish"]
    [step] = may_write["publish"]["steps"]
    assert step["uses"].startswith("actions/deploy-pages@")


@pytest.mark.slow
def test_a_hostile_pull_request_is_summed_up_and_none_of_it_is_run(tmp_path: Path) -> None:
    """Every step of the workflow is run as it is, on a head whose folders hold modules that leave a trace."""
    work, summary = tmp_path / "work", tmp_path / "summary"
    base, head = work / "base", work / "head"
    for name in ("dataset", "seeds", "schema", "docs", "releases"):
        shutil.copytree(ROOT / name, base / name, ignore=shutil.ignore_patterns("*.xlsx", "*.html"))
    for name in ("LICENSE-DATA", "CODEBOOK.md", "DATASHEET.md", "AGREEMENT.md", "agreement.json"):
        shutil.copy(ROOT / name, base / name)
    (base / ".venv" / "bin").mkdir(parents=True)
    (base / ".venv" / "bin" / "standoff").symlink_to(Path(sys.executable).parent / "standoff")
    trace = f"open({str(tmp_path / 'trace')!r}, 'a').write('run')\n"
    for name in ("dataset", "seeds"):
        shutil.copytree(ROOT / name, head / name)
        for folder in (head / name, head / "dataset" / "events", head):
            for module in ("venv", "types", "sitecustomize", "usercustomize", "yaml", "standoff", "conftest"):
                (folder / f"{module}.py").write_text(trace, encoding="utf-8")
            (folder / "a.pth").write_text(f"import os; {trace}", encoding="utf-8")
            (folder / "pip").mkdir(exist_ok=True)
            (folder / "pip" / "__main__.py").write_text(trace, encoding="utf-8")
    file = head / "dataset" / "events" / "d003.yaml"
    note = "</pre><h1>x</h1> `id` ::error::x \\u001b[31m"
    text = file.read_text(encoding="utf-8")
    before, start, after = text.partition('    note: "Neither telephone nor place is told')
    assert start
    file.write_text(f'{before}    note: "{note}"\n{after.partition(chr(10))[2]}', encoding="utf-8")
    done = {
        step["name"]: emulate(
            step["run"], work / step.get("working-directory", "."), GITHUB_STEP_SUMMARY=str(summary)
        )
        for step in steps(ROOT / ".github/workflows/data.yml")
        if "run" in step and "make" not in step["run"]
    }
    assert not (tmp_path / "trace").exists()
    assert [name for name, each in done.items() if each.returncode] == [
        *("Check", "Canonical form", "What changes in the released tables"),
    ]
    shown = summary.read_text(encoding="utf-8")
    assert "stray-file" in shown
    assert "[trigger: conferred]" in shown
    assert "</pre><h1>" not in shown
    assert "\x1b" not in shown + "".join(each.stdout for each in done.values())
    assert not any(
        line.startswith("::error::x") for each in done.values() for line in each.stdout.splitlines()
    )


@pytest.mark.parametrize(("status", "fails"), [(0, False), (1, False), (2, True), (3, True), (4, True)])
def test_a_change_that_no_version_allows_fails_the_pull_request(
    tmp_path: Path, status: int, fails: bool
) -> None:
    """The step is run as it is, with a program in place of standoff that exits as `standoff diff` does."""
    workflow = ROOT / ".github/workflows/data.yml"
    (script,) = (step["run"] for step in steps(workflow) if "standoff diff" in step.get("run", ""))
    program = tmp_path / "work" / "base" / ".venv" / "bin" / "standoff"
    program.parent.mkdir(parents=True)
    program.write_text(
        f'#!/bin/sh\n[ "$1" = build ] || {{ echo "what changed"; exit {status}; }}\n', encoding="utf-8"
    )
    program.chmod(0o755)
    done = emulate(script, tmp_path / "work", GITHUB_STEP_SUMMARY=str(tmp_path / "summary"))
    assert (done.returncode != 0) is fails, done.stderr
    assert (tmp_path / "summary").read_text(encoding="utf-8") == "what changed\n"
    assert ("::error::" in done.stdout) is (status == 4)


@pytest.mark.parametrize(
    "path",
    [path for path in sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")) if path.name != "config.yml"],
    ids=lambda path: path.name,
)
def test_issue_forms_have_what_github_asks_for(path: Path) -> None:
    form = load(path)
    assert {"name", "description", "body"} <= form.keys()
    assert len({field["id"] for field in form["body"]}) == len(form["body"])
    for field in form["body"]:
        assert field["type"] in {"input", "textarea", "dropdown"}
        assert field["attributes"]["label"]
        assert ("options" in field["attributes"]) is (field["type"] == "dropdown")

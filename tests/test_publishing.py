"""What a lab publishes: its releases as a package that pip installs, and what the workflow does when a tag is pushed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml

import standoff
from environments import environment, pip_installs
from standoff import project
from standoff.findings import CheckFailed, UsageError
from standoff.release.build import build

ROOT = Path(__file__).parents[1]
ANSWERS = {
    "name": "border-notes",
    "title": 'Notes "at the border"',
    "author": "Lab Ünal",
    "released": "2026-01-31",
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a package, a release that was cut, and a development build."""
    folder = tmp_path_factory.mktemp("lab") / "border-notes"
    project.create(folder, project.Answers(**ANSWERS, package="yes", install="standoff[build]"))
    about = folder / "dataset" / "dataset.toml"
    about.write_text(about.read_text().replace("0.1.0.dev1", "0.1.0"))
    with pytest.raises(CheckFailed, match="6 errors") as refused:
        build(folder / "dataset", folder / "releases")
    assert {finding.code for finding in refused.value.findings} == {"placeholder-left"}
    for page in (about, *folder.glob("*.md")):
        page.write_text(page.read_text().replace("Replace this", "This"))
    build(folder / "dataset", folder / "releases")
    shutil.copytree(folder / "releases" / "v0.1.0", folder / "releases" / "v0.2.0.dev1")
    return folder


@pytest.fixture(scope="module")
def wheel(lab: Path) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation"],
        cwd=lab,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = (lab / "dist").glob("*.whl")
    return built


def test_the_package_holds_the_releases_that_were_cut_and_no_document(lab: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
        metadata = archive.read("border_notes-0.1.0.dist-info/METADATA").decode()
    release = lab / "releases" / "v0.1.0"
    files = (path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file())
    assert sorted(names) == sorted(
        [
            "border_notes/__init__.py",
            "border_notes/releases/SHA256SUMS",
            *(f"border_notes/releases/v0.1.0/{name}" for name in files),
        ]
    )
    assert "License-Expression: CC-BY-4.0" in metadata
    with tarfile.open(next((lab / "dist").glob("*.tar.gz"))) as sources:
        assert not [name for name in sources.getnames() if "/documents/" in name or ".dev" in name]


@pytest.mark.slow
def test_pip_installs_what_the_package_holds(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if not name.endswith("RECORD")}
    assert held <= pip_installs(wheel, tmp_path)


@pytest.mark.slow
def test_it_is_found_by_name_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    python = environment(tmp_path, wheel)
    [packages] = tmp_path.glob("lib/python*/site-packages")
    (packages / "standoff.pth").write_text(str(ROOT / "src"))

    def run(*arguments: str) -> str:
        clean = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("PYTHON", "STANDOFF", "COV"))
        }
        done = subprocess.run(
            [python, *arguments], capture_output=True, text=True, env=clean, cwd="/", check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    code = "import standoff, sys; print(standoff.load('events', source={0!r})['event_id'].to_list(), {1!r} in sys.modules)"
    for name in ("border-notes", "border_notes"):
        assert run("-c", code.format(name, "border_notes")) == "['d001-e01', 'd001-e02'] False\n"
    [_, listed] = json.loads(run("-m", "standoff", "datasets", "--json"))
    assert (listed["name"], listed["versions"], listed["problem"]) == ("border-notes", ["0.1.0"], None)


@pytest.mark.parametrize("name", ["json", "import", "email"])
def test_a_name_that_python_uses_is_refused_for_a_package(name: str) -> None:
    with pytest.raises(UsageError, match="Python has a module or word of that name"):
        project.Answers(**{**ANSWERS, "name": name}, package="yes")
    assert project.Answers(**{**ANSWERS, "name": name}).module == name


def run_workflow(lab: Path, tag: str) -> subprocess.CompletedProcess[str]:
    """Run the scripts of the publishing workflow after the installation, with a `gh` that writes down what it is given."""
    commands = lab.parent / "bin"
    commands.mkdir(exist_ok=True)
    for name, script in {
        "gh": f'printf "%s\\n" "$@" > {lab.parent}/gh',
        "standoff": f'exec "{sys.executable}" -m standoff "$@"',
    }.items():
        (commands / name).write_text(f"#!/bin/sh\n{script}\n")
        (commands / name).chmod(0o755)
    workflow = yaml.safe_load((lab / ".github" / "workflows" / "publish.yml").read_text())
    [job] = workflow["jobs"].values()
    scripts = [
        step["run"] for step in job["steps"] if "run" in step and "STANDOFF" not in step.get("env", {})
    ]
    assert all("${{" not in script for script in scripts)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", "\n".join(scripts)],
        cwd=lab,
        env={**os.environ, "PATH": f"{commands}:{os.environ['PATH']}", "TAG": tag},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_tag_makes_a_release_with_checksums_and_a_zenodo_record(lab: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(lab, tmp_path / "lab"))
    (copy / "pyproject.toml").unlink()  # a wheel needs what this environment cannot fetch
    shutil.rmtree(copy / "dist", ignore_errors=True)
    before = {path: path.read_bytes() for path in copy.glob("releases/v0.1.0/*")}
    done = run_workflow(copy, "v0.1.0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {path: path.read_bytes() for path in before} == before, "the committed release is reproduced"
    given = (tmp_path / "gh").read_text().split("\n")
    assert given[:4] == ["release", "create", "v0.1.0", "--verify-tag"]
    names = ["SHA256SUMS", "border-notes-v0.1.0.tar.gz", "zenodo.json"]
    assert given[-4:-1] == [f"dist/{name}" for name in names]
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=copy / "dist", check=True)
    assert json.loads((copy / "dist" / "zenodo.json").read_text())["creators"] == [{"name": "Lab Ünal"}]
    card = (copy / "releases" / "v0.1.0" / "README.md").read_text()
    head = yaml.safe_load(card.split("---")[1])
    assert "events" in {each["config_name"] for each in head["configs"]}


def test_a_tag_of_another_version_publishes_nothing(lab: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(lab, tmp_path / "lab"))
    done = run_workflow(copy, "v0.2.0")
    assert done.returncode != 0
    assert "is not that of the tag v0.2.0" in done.stdout
    assert not (tmp_path / "gh").exists()


@pytest.mark.parametrize(
    ("source", "installs"),
    [
        ({}, None),
        ({"install": "standoff[build]"}, "standoff[build]"),
        (
            {"action": f"owner/repo/check@{'0123456789' * 4}"},
            f"standoff[build] @ git+https://github.com/owner/repo@{'0123456789' * 4}",
        ),
    ],
)
def test_the_workflow_publishes_only_with_a_place_to_get_standoff_from(
    source: dict[str, str], installs: str | None
) -> None:
    text = project.render("publish.yml", "publish.yml", project.Answers(**ANSWERS, **source))
    [job] = yaml.safe_load(text)["jobs"].values()
    found = [step["env"]["STANDOFF"] for step in job["steps"] if "STANDOFF" in step.get("env", {})]
    assert found == ([installs] if installs else [])
    assert ("nothing is published yet" in text) == (installs is None)


@pytest.mark.usefixtures("without_workbook")
def test_a_release_carries_its_documents_only_if_the_dataset_says_so(tmp_path: Path) -> None:
    project.create(tmp_path, project.Answers(**ANSWERS, genre="government"))
    about = tmp_path / "dataset" / "dataset.toml"
    without = build(about.parent, tmp_path / "releases").folder
    assert not (without / "documents").exists()
    package = json.loads((without / "datapackage.json").read_text())
    assert package["contents"]["genre"] == ["government"]
    card = (without / "README.md").read_text()
    assert "- Includes text: no\n- Genre: government\n- Events made by: person\n" in card
    assert "annotations_creators:\n  - expert-generated\n" in card
    assert "the texts themselves are not part of the release" in card

    about.write_text(
        about.read_text().replace("includes_text = false", "includes_text = true").replace("dev1", "dev2")
    )
    release = build(about.parent, tmp_path / "releases").folder
    [document] = (tmp_path / "documents").iterdir()
    assert (release / "documents" / "d001.txt").read_bytes() == document.read_bytes()
    assert "  documents/d001.txt\n" in (release / "SHA256SUMS").read_text()
    assert "the texts themselves are in the folder `documents`" in (release / "README.md").read_text()
    words = standoff.Release(release).hydrate("events", documents=release / "documents")
    assert words["trigger"].to_list() == ["negotiated", "promised"]
    for path in release.glob("[a-d]*.parquet"):
        path.unlink()  # what the others hold is said in their CSV files too
    assert standoff.check(release).counts == {}

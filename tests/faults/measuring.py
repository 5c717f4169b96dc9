"""What check says about each fault: whether it is caught, where, and with how many findings."""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from faults import documents, events, form, own_texts, registries, words, yaml
from faults.dataset import PROJECT, Dataset, Fault
from standoff.findings import Finding
from standoff.rules.runner import run
from standoff.source.corpus import read_corpus


@dataclass(frozen=True)
class Result:
    """What check says about one fault: the new findings, worst first."""

    fault: Fault
    findings: tuple[Finding, ...]

    @property
    def caught(self) -> bool:
        """Whether there is a finding at all."""
        return bool(self.findings)

    @property
    def placed(self) -> bool:
        """Whether a finding is in the file and the lines of the fault."""
        files, lines = {self.fault.file, *self.fault.others}, self.fault.lines
        if lines is None:
            return self.caught
        return any(f.path in files and lines[0] <= f.line <= lines[1] for f in self.findings)

    @property
    def single(self) -> bool:
        """Whether there is one finding and no more."""
        return len(self.findings) == 1


def faults(dataset: Dataset | None = None) -> Iterator[Fault]:
    """Yield every single fault, in a fixed order."""
    dataset = dataset or Dataset()
    for module in (form, yaml, words, events, documents, registries, own_texts):
        for function in module.KINDS:
            yield from function(dataset)


def measure(chosen: Iterable[Fault], dataset: Dataset | None = None) -> Iterator[Result]:
    """Yield what check finds for each of these faults, notes that are not about it left out."""
    dataset = dataset or Dataset()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, content in dataset.files.items():
            _write(folder / name, content)
        shutil.copytree(PROJECT / "seeds", folder / "seeds")
        shutil.copytree(
            PROJECT / "releases", folder / "releases", ignore=shutil.ignore_patterns("*.parquet", "*.xlsx")
        )
        for name in tomllib.loads(dataset.files["dataset/dataset.toml"])["dataset"]["include"]:
            _write(folder / name, "x")

        def check() -> list[Finding]:
            return [
                f for f in run(read_corpus(folder / "dataset", base=folder)).findings if f.severity != "note"
            ]

        assert check() == [], "the dataset as it is has no findings"
        originals = {**dataset.files, **{f"seeds/{name}": text for name, text in dataset.seeds.items()}}
        for fault in chosen:
            changed = {fault.file: fault.content, **fault.others}
            for name, content in changed.items():
                _write(folder / name, content)
            yield Result(fault, tuple(check()))
            for name in changed:
                _write(folder / name, originals.get(name))


def _write(path: Path, content: str | bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))


def shares(results: Iterable[Result]) -> dict[str, float]:
    """The shares of faults caught, of those caught placed, and of those caught single; and the number of faults."""
    done = list(results)
    caught = [each for each in done if each.caught]
    return {
        "faults": len(done),
        "caught": len(caught) / len(done),
        "placed": sum(each.placed for each in caught) / len(caught),
        "single": sum(each.single for each in caught) / len(caught),
    }

"""For tests of rules: break one thing in a small corpus without faults and see what check finds.

>>> from standoff import testing
>>> [f.code for f in testing.findings("dataset/events/d900.yaml", 'trigger: "denied"', 'trigger: "denies"')]
['quote-not-found']
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from standoff.findings import Finding
from standoff.rules.catalogue import all_rules, in_order
from standoff.rules.pages import EXAMPLES
from standoff.rules.rule import Rule
from standoff.rules.runner import run
from standoff.source.corpus import read_corpus

__all__ = ["EXAMPLES", "findings", "findings_with"]


def findings(file: str, right: str, wrong: str, *, rules: Iterable[Rule] | None = None) -> list[Finding]:
    """Return what check finds in the example corpus after `right`, which occurs once in `file`, became `wrong`.

    `file` is a path in the corpus, such as ``dataset/events/d900.yaml``; `EXAMPLES` is its folder. `rules` are those
    to run besides the rules of the installation. Raises ValueError if `right` does not occur exactly once.
    """
    text = (EXAMPLES / file).read_text("utf-8")
    if (times := text.count(right)) != 1:
        raise ValueError(f"{right!r} occurs {times} times in {file}; it must occur once")
    return findings_with({file: text.replace(right, wrong)}, rules=rules)


def findings_with(
    files: Mapping[str, str | bytes | None], *, rules: Iterable[Rule] | None = None
) -> list[Finding]:
    """Return what check finds in the example corpus with these files put in place of its own, or added to it.

    Keys are paths in the corpus. A value of None removes the file. `rules` are those to run besides the rules of
    the installation.
    """
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "corpus"
        shutil.copytree(EXAMPLES, folder)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content.encode() if isinstance(content, str) else content)
        known = None if rules is None else in_order([*all_rules().values(), *rules])
        return run(read_corpus(folder / "dataset", base=folder), rules=known).findings

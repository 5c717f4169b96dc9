"""`standoff agree`: how far independent passes agree."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standoff.cli.common import CLEAN, corpus_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    agree = commands.add_parser(
        "agree",
        help="compute how far two independent passes agree",
        description="Compare two passes of the same documents: which records both readers made, and how far they "
        "agree on codes and relations (F1 and Krippendorff's alpha, with bootstrap intervals over "
        "records and over documents). `released` stands for the released records.",
        epilog="Examples: standoff agree · standoff agree --format markdown · standoff agree a1 released",
    )
    agree.add_argument(
        "passes",
        nargs="*",
        metavar="PASS",
        help="two folders in dataset/passes, or one and released (default: the comparisons that dataset.toml names, "
        "else the first two passes by name)",
    )
    agree.add_argument(
        "--dataset", type=Path, default=Path(), metavar="FOLDER", help="where the dataset is (default: here)"
    )
    agree.add_argument("--format", choices=("text", "markdown", "json"), default="text", help="default: text")
    agree.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff.agreement import measures, report
    from standoff.findings import CheckFailed, UsageError
    from standoff.rules import runner

    if len(options.passes) not in (0, 2):
        raise UsageError("name two passes, or none")
    corpus = corpus_in(options.dataset)
    relevant = {file.shown for file in (*corpus.passes, *corpus.files, corpus.meta, corpus.actors)}
    errors = [f for f in runner.run(corpus).findings if f.severity == "error" and f.path in relevant]
    if errors:
        raise CheckFailed(errors)
    render = {"text": report.as_text, "markdown": report.as_markdown, "json": report.as_json}
    if options.passes:
        compared = [measures.compare(corpus, *options.passes)]
    else:
        compared = measures.comparisons(corpus) or [measures.compare(corpus)]
    sys.stdout.write(render[options.format](compared))
    return CLEAN

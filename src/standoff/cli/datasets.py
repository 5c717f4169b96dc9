"""`standoff datasets`: the datasets that can be loaded by name."""

from __future__ import annotations

import argparse
import sys

from standoff.cli.common import CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    datasets = commands.add_parser(
        "datasets",
        help="list the installed datasets",
        description="List the datasets in installed packages, with their versions and where they are. "
        'In Python, standoff.load("events", source=NAME) reads one.',
    )
    datasets.add_argument("--json", action="store_true", help="as JSON")
    datasets.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    import json

    from standoff.findings import StandoffError
    from standoff.loaders import sources, store
    from standoff.terminal import printable

    listed = []
    for name, folder in {"standoff": store.home(), **sources.installed()}.items():
        try:
            versions, problem = list(sources.versions(None if name == "standoff" else folder)), None
        except StandoffError as error:
            versions, problem = [], str(error)
        listed.append({"name": name, "versions": versions, "folder": str(folder), "problem": problem})
    if options.json:
        sys.stdout.write(json.dumps(listed, indent=2) + "\n")
        return CLEAN
    for each in listed:
        found = each["problem"] or ", ".join(each["versions"] or ["no release"])
        print(printable(f"{each['name']}  {found}  ({each['folder']})"))
    return CLEAN

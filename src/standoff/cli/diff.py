"""`standoff diff`: what changed between two releases, and the least version that the change needs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standoff.cli.common import CLEAN, FINDINGS, REFUSED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    diff = commands.add_parser(
        "diff",
        help="say what changed between two releases, and which version the change needs",
        description="Compare two releases row by row and cell by cell. Exit status 0: the new version is high "
        "enough for the changes; 1: it is too low; 4: no version allows the changes, because an id "
        "vanished or was reused; 2: one of the two is not a release.",
        epilog="Examples: standoff diff 0.1.0 0.2.0 · standoff diff releases/v0.1.0 my-release --format markdown",
    )
    diff.add_argument("old", metavar="OLD", help="folder of a release, or its version")
    diff.add_argument("new", metavar="NEW", help="folder of a release, or its version")
    diff.add_argument(
        "--releases",
        type=Path,
        default=Path("releases"),
        metavar="FOLDER",
        help="folder of the releases that are named by version (default: releases)",
    )
    diff.add_argument(
        "--format",
        choices=("text", "markdown", "json", "csv"),
        default="text",
        help="form of the output (default: text)",
    )
    diff.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff.release import changes
    from standoff.release.diff import diff, read_release
    from standoff.release.stored import with_stored

    folders = [_folder(name, options.releases) for name in (options.old, options.new)]
    old, new = (with_stored(read_release(folder), folder) for folder in folders)
    result = diff(old, new)
    sys.stdout.write(changes.FORMATS[options.format](result))
    if result.step == "refused":
        return REFUSED
    return CLEAN if changes.is_allowed(result) else FINDINGS


def _folder(name: str, releases: Path) -> Path:
    """Return the folder of the release that `name` stands for: under `releases`, a path, or a version that is fetched."""
    from standoff.findings import UsageError
    from standoff.loaders import sources
    from standoff.loaders.download import NotFetched

    by_version = releases / f"v{name.removeprefix('v')}"
    for folder in (by_version, Path(name)):
        if folder.is_dir():
            return folder
    if name.removeprefix("v") in sources.versions():
        try:
            files = sources.find(name)
            for file in files.sums:
                if file.endswith((".csv", ".parquet")) or file == "datapackage.json":
                    files.file(file)
        except NotFetched as error:
            raise NotFetched(f"{error}; or name a folder that has the release by --releases") from error
        return files.folder
    known = ", ".join(sorted(path.name[1:] for path in releases.glob("v*") if path.is_dir())) or "none"
    raise UsageError(
        f"{name} is neither a folder nor a release under {releases} (there: {known}), and this installation does not know "
        f"the version (known: {', '.join(sources.versions()) or 'none'}); --releases names another folder"
    )

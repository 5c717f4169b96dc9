"""`standoff codes`: look up action codes and the elements of actor codes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standoff.cli.common import CLEAN, FINDINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from standoff.cli.common import Commands
    from standoff.codes.scheme import Action, Scheme

WIDTH = 100


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    codes = commands.add_parser(
        "codes",
        help="look up action codes and the elements of actor codes",
        description="Look up codes of the dataset's action scheme: those that begin with a word, or whose label, "
        "definition or advice contains it; if none does, those with words of similar meaning. Without a word, the roots are listed. Exit status 1: no code was found.",
        epilog="Examples: standoff codes strike · standoff codes 14 · standoff codes police · "
        "standoff codes --scheme cameo --without plover",
    )
    codes.add_argument(
        "words", nargs="*", metavar="WORD", help="the beginning of a code, or words to look for"
    )
    codes.add_argument(
        "--scheme", metavar="NAME", help="a shipped scheme (default: that of the dataset here)"
    )
    codes.add_argument(
        "--without",
        metavar="SCHEME",
        help="list the codes that have no counterpart in this scheme, by the crosswalk",
    )
    codes.add_argument(
        "--dataset", type=Path, default=Path(), metavar="FOLDER", help="where the dataset is (default: here)"
    )
    codes.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff.terminal import printable

    scheme = _scheme(options)
    if options.without:
        lines = list(_without(scheme, options.without))
    elif options.words:
        lines = list(_found(scheme, " ".join(options.words)))
    else:
        lines = list(_roots(scheme))
    sys.stdout.writelines(printable(line) + "\n" for line in lines)
    if lines:
        return CLEAN
    near = scheme.actions.nearest(" ".join(options.words)) if options.words else []
    hint = f"; alike: {', '.join(near)}" if near else ""
    print(f"standoff codes: no code of {scheme.title} was found{hint}", file=sys.stderr)
    return FINDINGS


def _scheme(options: argparse.Namespace) -> Scheme:
    from standoff.codes import shipped
    from standoff.findings import UsageError
    from standoff.source.root import find_root

    if options.scheme is None and (root := find_root(options.dataset)):
        from standoff.source.codes import scheme_of

        return scheme_of(root)
    try:
        return shipped.scheme(options.scheme or shipped.DEFAULT)
    except KeyError as error:
        raise UsageError(str(error.args[0])) from None


def _roots(scheme: Scheme) -> Iterator[str]:
    yield f"{scheme.title}: {len(scheme.actions)} action codes. The roots:"
    yield ""
    roots = [action for action in scheme.actions.values() if action.parent is None]
    width = max(len(root.code) for root in roots)
    yield from (f"  {root.code:{width}}  {root.label}" for root in roots)
    yield ""
    for codes in scheme.actor_lists.values():
        yield f"Actor codes are built from {len(codes)} {codes.title}."
    yield "standoff codes WORD shows the codes in which a word occurs."


def _found(scheme: Scheme, sought: str) -> Iterator[str]:
    """The element with this code, the actions that the words find, then elements with the words in their texts."""
    from standoff.codes import lookup

    exact: list[str] = []
    others: list[str] = []
    for is_code, codes, code, label in lookup.elements(scheme, sought):
        shown = f"{code}  {label} ({codes.kind}; an element of actor codes)"
        (exact if is_code else others).append(shown)
    found = lookup.actions(scheme, sought)
    if not found and not exact and (found := lookup.alike(scheme, sought)):
        print(f'no action has "{sought}"; these have words of similar meaning:', file=sys.stderr)
    yield from exact
    for action in found:
        yield from _action(scheme, action)
    yield from others


def _action(scheme: Scheme, action: Action) -> Iterator[str]:
    from textwrap import wrap

    yield f"{action.code}  {action.label}"
    for text in (action.definition, action.usage):
        yield from wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ")
    needed = [
        name
        for name, required in (("actor", action.actor_required), ("target", action.target_required))
        if required
    ]
    facts = [f"needs {' and '.join(needed)}"] if needed else ["needs neither actor nor target"]
    if action.reciprocal:
        facts.append("can be reciprocal")
    if action.quad_class is not None:
        facts.append(scheme.quad_class_values.get(action.quad_class, f"class {action.quad_class}"))
    facts += [f"{name} {value:g}" for name, value in action.scales.items() if value is not None]
    yield f"    [{'; '.join(facts)}]"


def _without(scheme: Scheme, other: str) -> Iterator[str]:
    """The codes for which the crosswalk to the other scheme has nothing."""
    from standoff.findings import UsageError

    columns = scheme.crosswalks.get(other)
    if columns is None:
        known = ", ".join(scheme.crosswalks) or "none"
        raise UsageError(f'{scheme.title} has no crosswalk to "{other}"; it has: {known}')
    for action in scheme.actions.values():
        if not any(action.crosswalk.get(column) for column in columns.values()):
            yield f"{action.code}  {action.label}"

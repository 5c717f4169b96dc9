"""Slips in the notation of the files."""

from __future__ import annotations

from collections.abc import Iterator

from faults.dataset import Dataset, Fault


def yaml_slip(d: Dataset) -> Iterator[Fault]:
    for source, at, _ in d.some("events", n=3):
        for key in ("evidence", "trigger", "date"):
            raw = source.raw((*at, key))
            yield source.put(f"{key} lacks its end quote", (*at, key), raw[:-1])
            yield source.put(f"{key} lacks its first quote", (*at, key), raw[1:])
        place = source.places.of((*at, "trigger"), key=True)
        start = source.offset(place.line, 1)
        for name, change in (
            ("one blank less", lambda t: t[1:]), ("one blank more", lambda t: " " + t), ("a tab", lambda t: "\t" + t.lstrip(" ")),
            ("no colon", lambda t: t.replace("trigger:", "trigger", 1)), ("no blank after the colon", lambda t: t.replace("trigger: ", "trigger:", 1)),
            ("an equals sign", lambda t: t.replace("trigger: ", "trigger= ", 1)), ("a tab after the colon", lambda t: t.replace("trigger: ", "trigger:\t", 1)),
        ):  # fmt: skip
            text = source.text[:start] + change(source.text[start:])
            yield Fault(f"{name} before or after a key", source.name, text, (place.line, place.line))
        raw = source.raw((*at, "target"))
        if raw != "[]":
            yield source.put("a list lacks its end bracket", (*at, "target"), raw[:-1])
            yield source.put("a list lacks its first bracket", (*at, "target"), raw[1:])
        raw = source.raw((*at, "actor", 0)) if source.get((*at, "actor", 0)) else ""
        if raw:
            yield source.put("a record lacks its end brace", (*at, "actor", 0), raw[:-1])
            yield source.put("a record lacks a comma", (*at, "actor", 0), raw.replace(", quote", " quote", 1))
            yield source.put("a record lacks a colon", (*at, "actor", 0), raw.replace("quote: ", "quote ", 1))
        line, last = source.record(at)
        start = source.offset(line, 1)
        text = source.text[:start] + source.text[start:].replace("  - id", "    id", 1)
        yield Fault("a record lacks its dash", source.name, text, (line, last))
        text = source.text[:start] + source.text[start:].replace("  - id", "  -id", 1)
        yield Fault("no blank after a dash", source.name, text, (line, line))
        text = source.text[:start] + source.text[start:].replace("  - id", " - id", 1)
        yield Fault("a dash too far to the left", source.name, text, (line, line))
    for source, at, event in d.some("events", n=2):
        yield source.put("curly quotes", (*at, "trigger"), f"“{event['trigger']}”")
        yield source.put("a quote inside", (*at, "trigger"), f'"{event["trigger"]}" x"')
        yield source.put("an anchor", (*at, "trigger"), f"&a {source.raw((*at, 'trigger'))}")
        yield source.put("an alias", (*at, "trigger"), "*a")
        yield source.put("a tag", (*at, "trigger"), f"!!str {source.raw((*at, 'trigger'))}")
        yield source.put("a colon without quotes", (*at, "evidence"), f"x: {event['evidence']}")
        yield source.put(
            "a wrong escape", (*at, "note") if "note" in event else (*at, "trigger"), '"C:\\path"'
        )
        for name, char in (
            ("a zero byte", "\0"),
            ("a zero-width mark", "\ufeff"),
            ("a direction mark", "\u202e"),
            ("a control character", "\x07"),
        ):
            raw = source.raw((*at, "trigger"))
            yield source.put(name, (*at, "trigger"), raw[:3] + char + raw[3:])
        line = source.record(at)[0]
        rows = source.text.split("\n")
        for mark in ("<<<<<<< HEAD", "=======", ">>>>>>> topic"):
            text = "\n".join([*rows[: line - 1], mark, *rows[line - 1 :]])
            yield Fault("a mark of git", source.name, text, (line, line))
        text = "\n".join([*rows[: line - 1], "---", *rows[line - 1 :]])
        yield Fault("two documents", source.name, text, (line, line + 1))
    source = d.events[0]
    yield Fault("a byte order mark", source.name, "\ufeff" + source.text, (1, 1))
    yield Fault(
        "Latin-1", source.name, source.text.replace("’", "'").encode("latin-1", "replace") + b"# \xe9\n", None
    )
    yield Fault("an empty file", source.name, "", (1, 1))
    yield Fault("cut in the middle", source.name, source.text[: len(source.text) // 2], None)
    for at, _ in d.entries(n=2):
        raw = d.actors.raw((*at, "name"))
        yield d.actors.put("name lacks its end quote", (*at, "name"), raw[:-1])


KINDS = (yaml_slip,)

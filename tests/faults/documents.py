"""Faults in what a file says about its document, and in its negatives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from faults.dataset import Dataset, Fault, Source, q
from standoff.model.places import Path as At

# ---- documents -----------------------------------------------------------------------------------------------


def document(d: Dataset) -> Iterator[Fault]:
    for source in d.events[1:4]:
        about = source.value["document"]
        at: At = ("document",)
        whole = source.record(at)

        def put(name: str, key: str, raw: str, source: Source = source) -> Fault:
            return source.put(name, ("document", key), raw)

        yield put("another hash", "sha256", q("0" * 64))
        yield put("half a hash", "sha256", q(about["sha256"][:32]))
        yield put("a hash in capitals", "sha256", q(about["sha256"].upper()))
        yield put("a document that is not there", "file", "nowhere.txt")
        yield put("a document of another folder", "file", "../seeds/" + about["file"])
        yield put("the id of another file", "id", "d009")
        yield put("a language in words", "language", "English")
        yield put("a blank title", "title", '" "')
        yield put("a padded title", "title", q(about["title"] + " "))
        yield put("a placeholder", "rights", "TODO")
        yield put("a formula", "publisher", '"=SUM(A1)"')
        yield put("a zero-width title", "title", q("\u200b"))
        yield put("letters of another encoding", "title", q("Iranâ€™s attack"))
        year, month, number = about["published"]["date"][-11:].strip("[].").split("-")
        for name, text in (
            ("published a year later", f"{int(year) + 1}-{month}-{number}"), ("published a year earlier", f"{int(year) - 1}-{month}-{number}"),
            ("published a month later", f"{year}-{int(month) % 12 + 1:02}-{number}"), ("published a day later", f"{year}-{month}-{int(number) % 28 + 1:02}"),
            ("published on no day", f"{year}-{month}-41"), ("published in words", "yesterday"),
        ):  # fmt: skip
            yield source.put(name, ("document", "published", "date"), q(text), whole)
        yield source.put("a basis that is not allowed", ("document", "published", "basis"), "byline")
        yield Fault(
            "a file named otherwise",
            source.name,
            None,
            None,
            {source.name.replace("d00", "d01"): source.text},
        )
        yield Fault(
            "a file of another ending",
            source.name,
            None,
            None,
            {source.name.replace(".yaml", ".yml"): source.text},
        )
        yield Fault("a file that is gone", source.name, None, None)
        copy = source.text.replace(about["id"], "d011")
        yield Fault("a document annotated twice", "dataset/events/d011.yaml", copy, None)
        yield Fault("a document whose text was changed", f"seeds/{about['file']}", d.seed(source) + " ", None)
        yield Fault(
            "a document with other line ends",
            f"seeds/{about['file']}",
            d.seed(source).replace("\n", "\r\n")
            if "\r\n" not in d.seed(source)
            else d.seed(source).replace("\r\n", "\n"),
            None,
        )
    for source in d.events:
        copies = source.value["document"].get("copies") or ()
        for i, copy_ in enumerate(copies[:1]):
            yield source.put(
                "an address with a blank",
                ("document", "copies", i, "url"),
                q(copy_["url"].replace("/news", "/ news", 1) + " x"),
            )
            yield source.put("an address without a host", ("document", "copies", i, "url"), q("https://"))


# ---- negatives -----------------------------------------------------------------------------------------------


def negative(d: Dataset) -> Iterator[Fault]:
    for source in d.events[:4]:
        negatives, events = source.value["negatives"], source.value["events"]
        second, first = ("negatives", 1), negatives[0]
        whole = source.record(second)
        if "mark" in negatives[1]:
            continue
        for kind, other in (
            ("two negatives on the same words", first),
            ("a negative on the trigger of an event", events[0]),
        ):
            if isinstance(other["evidence"], str) and isinstance(other["trigger"], str):
                text = source.put("", (*second, "evidence"), q(other["evidence"])).content
                assert isinstance(text, str)
                put = Source(source.name, text).put(kind, (*second, "trigger"), q(other["trigger"]))
                yield replace(put, lines=whole)
    for source, at, _ in d.some("negatives", lambda e: "mark" in e):
        yield source.put("a mark that is not there", (*at, "mark"), q("ostensibly"), source.record(at))


KINDS = (
    document,
    negative,
)

"""Hypothesis strategies for datasets that are right, and ways to put one fault into them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from standoff import project
from standoff.codes import shipped
from standoff.model.gazetteer import RELATIONS

# Letters, accents, emoji and other writing; no white space, and nothing that YAML must escape.
ODD = st.text(
    st.sampled_from("aeZ9é’“”—…\u0301🤝🏽👨\u200d👩🇧🇻\u0645\u0639中\u00a3𝕏'#:,-&*!|>%@`{}[]"), max_size=6
)
_SUSPECT = "[\u00c2\u00c3\u00e2\u00d0\u0370-\u03ff\u0400-\u04ff]+ *"
PLAIN = st.text(st.characters(codec="utf-8", categories=("L", "N", "Zs", "P")), max_size=20).map(
    lambda text: re.sub(" {2,}", " ", re.sub(_SUSPECT, " ", text)).rstrip()
)
"""What people write themselves: letters, digits and marks, wide and hard blanks among them; not padded.

Nothing that looks like letters in the wrong encoding, and no Greek or Cyrillic letter, which must not touch a Latin one.
"""

ACTORS = {
    "albia": ("PCN", "state"),
    "albia-army": ("PCNMIL", "military"),
    "borduria": ("NFK", "state"),
    "borduria-government": ("NFKGOV", "government"),
    "cascara": ("SPM", "state"),
}
PLACES = {"albia-city": "city", "bordu-bay": "water", "cascara-coast": "area"}


@dataclass
class Dataset:
    """A dataset as values: documents' texts by file name, annotations by document id, the registry."""

    texts: dict[str, str]
    annotations: dict[str, dict[str, Any]]
    actors: dict[str, Any]
    places: dict[str, Any]

    def write(self, folder: Path) -> Path:
        """Write it below `folder`, as JSON, which is YAML; return the dataset folder."""
        dataset = folder / "dataset"
        (dataset / "events").mkdir(parents=True)
        (folder / "seeds").mkdir()
        for name, text in self.texts.items():
            (folder / "seeds" / name).write_bytes(text.encode())
        for name, value in self.annotations.items():
            (dataset / "events" / f"{name}.yaml").write_text(dump(value), "utf-8", newline="")
        (dataset / "actors.yaml").write_text(dump(self.actors), "utf-8", newline="")
        (dataset / "places.yaml").write_text(dump(self.places), "utf-8", newline="")
        (dataset / "dataset.toml").write_text(
            '[dataset]\nname = "x"\ntitle = "X"\nversion = "0.1.0"\nreleased = "2026-01-02"\nlicense = "CC0-1.0"\n'
            'description = "X."\nkeywords = ["x"]\n[[authors]]\nname = "X"\n'
            '[[annotators]]\nid = "a1"\nkind = "person"\nname = "X"\ntask = "X."\n'
        )
        return dataset


def dump(value: object) -> str:
    """The value as JSON, which is YAML too."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    """Datasets without a fault: one to three documents of up to four events and three negatives each."""
    texts, annotations = {}, {}
    used: set[str] = set()
    for number in range(draw(st.integers(1, 3))):
        document_id = f"d{number:03}"
        sentences, events, negatives = [], [], []
        published = draw(st.dates(date(2000, 1, 10), date(2026, 1, 1)))
        for i in range(draw(st.integers(1, 4))):
            event, sentence = draw(_events(document_id, i, published))
            if any(link["relation"] != "speaks_of" for link in event.get("links", ())):
                # Parts lie within their wholes, and answers come after what they answer.
                event.pop("shape", None)
                event |= {
                    key: events[-1][key] for key in ("date", "date_basis", "shape") if key in events[-1]
                }
            if (
                "count_min" in event and "shape" in event
            ):  # one act throughout, or two or more within the time
                event["count_min"] = 1 if event["shape"] == "throughout" else max(2, event["count_min"])
            events.append(event)
            sentences.append(sentence)
            used |= {p["id"] for key in ("actor", "target") for p in event[key]}
        for i in range(draw(st.integers(0, 3))):
            odd = draw(ODD)
            sentences.append(f"Perhaps n{number}{i}{odd}z will come.")
            negatives.append(
                {
                    "id": f"{document_id}-n{i + 1:02}",
                    "evidence": f"Perhaps n{number}{i}{odd}z will come",
                    "trigger": f"n{number}{i}{odd}z will come",
                    "reason": draw(st.sampled_from(("hypothetical", "future", "belief"))),
                    "would_be": {"action": draw(st.sampled_from(sorted(shipped.scheme().actions)))},
                }
            )
        separator = draw(st.sampled_from((" ", "\n", "\r\n", "\n\n", " \r\n \r\n")))
        text = separator.join([f"{document_id}.", *draw(st.permutations(sentences))])  # no text twice
        texts[f"{number:03}_x.txt"] = text
        annotations[document_id] = {
            "edition": 2,
            "document": {
                "id": document_id,
                "file": f"{number:03}_x.txt",
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
                "title": f"[T{draw(PLAIN)}]",
                "publisher": "unknown",
                "language": draw(st.sampled_from(("en", "ar", "zh-Hant"))),
                "rights": "R" + draw(PLAIN),
                "published": {"date": published.isoformat(), "basis": "header"},
            },
            "events": events,
            "negatives": negatives,
        }
    if len(annotations) > 1 and draw(st.booleans()):
        for value in annotations.values():
            last = value["document"]["published"]["date"]
            value["events"][0] |= {"incident": "i-same", "date": f"[..{last}]", "date_basis": "document"}
            value["events"][0].pop("shape", None)
    actors = {
        "actors": [
            {
                "id": actor_id,
                "name": actor_id.title(),
                "kind": kind,
                "country": code[:3],
                "affiliations": [{"code": code, "basis": "composed"}],
            }
            for actor_id, (code, kind) in ACTORS.items()
            if actor_id in used
        ]
    }
    named = {
        item["place"]
        for value in annotations.values()
        for event in value["events"]
        for item in event.get("where", ())
    }
    places = [{"id": i, "name": i.title(), "kind": kind} for i, kind in PLACES.items() if i in named]
    return Dataset(texts, annotations, actors, {"places": places})


@st.composite
def _events(draw: st.DrawFn, document_id: str, i: int, published: date) -> tuple[dict[str, Any], str]:
    actor, target = draw(st.permutations(list(ACTORS)))[:2]
    actions = shipped.scheme().actions
    headings = {code for code in actions if f"{code}0" in actions}
    code = draw(st.sampled_from(sorted(actions.keys() - actions.computed.keys() - headings)))
    who, act, whom = (f"{letter}{i}{draw(ODD)}{letter}" for letter in "wat")
    sentence = f"{who} {act} {whom}."
    day = published - timedelta(days=draw(st.integers(0, 3000)))
    later = min(published, day + timedelta(days=draw(st.integers(1, 400))))
    when, basis = draw(
        st.sampled_from(
            [
                (day.isoformat(), "explicit"),
                (day.isoformat()[:4], "relative")
                if day.year < published.year
                else (max(day, published - timedelta(days=90)).isoformat(), "relative"),  # "last month"
                (f"{day}/{later}" if later > day else f"[..{published}]", "explicit"),
                (f"[{day}..{later}]" if later > day else f"../{published}", "relative"),
                (f"[..{published}]", "document"),
                (f"../{published}", "document"),
                (f"[..{day}]", "inferred"),
            ]
        )
    )
    event: dict[str, Any] = {
        "id": f"{document_id}-e{i + 1:02}",
        "evidence": f"{who} {act} {whom}",
        "trigger": act,
        "actor": [{"id": actor, "quote": who}],
        "target": [
            {"id": target, "quote": whom} if draw(st.booleans()) else {"id": target, "implicit": True}
        ],
        "action": code,
        "date": when,
        "date_basis": basis,
        "status": draw(st.sampled_from(("asserted", "hedged", "contested"))),
        "note": "N" + draw(PLAIN),
    }
    if event["status"] == "contested" or draw(st.booleans()):
        event["attribution"] = [{"id": "unnamed", "quote": whom}]
    listed = shipped.scheme().actions[code]
    if listed.joint or (listed.reciprocal and draw(st.booleans())):
        event["reciprocal"] = True
    if draw(st.booleans()):
        event["count_min"] = draw(st.integers(1, 1000))
    if i and draw(st.booleans()):
        relation = draw(
            st.sampled_from(("in_response_to", "part_of", *(("speaks_of",) if listed.speech else ())))
        )
        event["links"] = [{"relation": relation, "event": f"{document_id}-e{i:02}", "quote": act}]
    if "/" in when and ".." not in when:
        event["shape"] = draw(st.sampled_from(("throughout", "several")))
    if draw(st.booleans()):
        event["where"] = [
            {
                "place": draw(st.sampled_from(sorted(PLACES))),
                "quote": whom,
                "relation": draw(st.sampled_from(RELATIONS)),
            }
        ]
    return event, sentence


# ---- one fault -----------------------------------------------------------------------------------------------

Mutation = Callable[[Dataset, dict[str, Any], str], Any]
"""Puts a fault into one record of a dataset; the third argument is the id of the document, where it has one."""


def _set(key: str, value: Any) -> Mutation:
    return lambda dataset, event, document: event.__setitem__(key, value)


def _party(role: str, key: str, value: Any) -> Mutation:
    return lambda dataset, event, document: event[role][0].__setitem__(key, value)


def _misspell(key: str) -> Mutation:
    return lambda dataset, event, document: event.__setitem__(key[:-1] + "_", event.pop(key))


def _drop(key: str) -> Mutation:
    return lambda dataset, event, document: event.pop(key)


def _contest(dataset: Dataset, event: dict[str, Any], document: str) -> None:
    event["status"] = "contested"
    event.pop("attribution", None)


def _same_party(dataset: Dataset, event: dict[str, Any], document: str) -> None:
    event.pop("reciprocal", None)
    event["target"][0]["id"] = event["actor"][0]["id"]


def _day_after(dataset: Dataset, event: dict[str, Any], document: str) -> None:
    published = date.fromisoformat(dataset.annotations[document]["document"]["published"]["date"])
    event |= {"date": (published + timedelta(days=1)).isoformat(), "date_basis": "explicit"}


def _duplicate(dataset: Dataset, event: dict[str, Any], document: str) -> None:
    events = dataset.annotations[document]["events"]
    events.insert(events.index(event), json.loads(json.dumps(event)))


def _cut_evidence(dataset: Dataset, event: dict[str, Any], document: str) -> None:
    event["evidence"] = event["evidence"].split()[0]


def _negative_on_trigger(dataset: Dataset, event: dict[str, Any], document: str) -> None:
    negatives = dataset.annotations[document]["negatives"]
    negatives[:] = [
        {
            "id": f"{document}-n09",
            "evidence": event["evidence"],
            "trigger": event["trigger"],
            "reason": "state",
            "would_be": {"action": "010"},
        }
    ]


REQUIRED = ("id", "evidence", "trigger", "actor", "target", "action", "date", "date_basis", "status")

EVENT_MUTATIONS: dict[str, Mutation] = {
    **{f"drop {key}": _drop(key) for key in REQUIRED},
    **{f"misspell the key {key}": _misspell(key) for key in REQUIRED},
    **{f"make {key} null": _set(key, None) for key in REQUIRED},
    **{f"make {key} a number": _set(key, 7) for key in REQUIRED},
    **{f"make {key} a record": _set(key, {"x": "y"}) for key in REQUIRED},
    **{f"make {key} empty": _set(key, "") for key in REQUIRED},
    "quote other words": _set("trigger", "words that are not there"),
    "change a letter": lambda dataset, event, document: event.update(evidence="§" + event["evidence"][1:]),
    "pad the trigger": lambda dataset, event, document: event.update(trigger=event["trigger"] + " "),
    "cut the evidence": _cut_evidence,
    "swap trigger and evidence": lambda dataset, event, document: event.update(
        trigger=event["evidence"] + ".", evidence=event["trigger"]
    ),
    "misspell the actor": _party("actor", "id", "albya"),
    "misspell the target": _party("target", "id", "no-such-target"),
    "leave the actor unnamed": _party("actor", "id", "unnamed"),
    "actor as target": _same_party,
    "unknown action": _set("action", "999"),
    "lose a zero": _set("action", "1"),
    "a date in words": _set("date", "last Monday"),
    "an impossible day": _set("date", "2001-02-30"),
    "a reversed period": _set("date", "2001-02-20/2001-02-10"),
    "a day after publication": _day_after,
    "vague to the day": lambda dataset, event, document: event.update(date="1999-01-01", date_basis="vague"),
    "bounded by the document, with a beginning": lambda dataset, event, document: event.update(
        date="1999-01-01", date_basis="document"
    ),
    "misspell the status": _set("status", "claimed"),
    "contested by nobody": _contest,
    "count below one": _set("count_min", 0),
    "half an act": _set("count_min", 1.5),
    "reciprocal attack": lambda dataset, event, document: event.update(action="180", reciprocal=True),
    "link to nowhere": _set("links", [{"relation": "part_of", "event": "d999-e01", "quote": "w"}]),
    "link to itself": lambda dataset, event, document: event.update(
        links=[{"relation": "part_of", "event": event["id"], "quote": event["trigger"]}]
    ),
    "an incident of its own": _set("incident", "i-alone"),
    "duplicate the record": _duplicate,
    "id of another document": _set("id", "d998-e01"),
    "malformed id": lambda dataset, event, document: event.update(id=event["id"].upper()),
    "a formula": _set("note", "=1+1"),
    "a hidden character": _set("note", "x\u200fy"),
    "a mention that is not there": _set("mentions", ["words that are not there"]),
    "an unknown key": _set("colour", "red"),
    "an unknown place": _set("where", [{"place": "nowhere", "quote": "w", "relation": "at"}]),
    "a place of other words": _set(
        "where", [{"place": "albia-city", "quote": "words that are not there", "relation": "at"}]
    ),
    "an unknown relation to a place": lambda dataset, event, document: event.update(
        where=[{"place": "albia-city", "quote": event["trigger"], "relation": "behind"}]
    ),
    "a link without words": lambda dataset, event, document: event.update(
        links=[{"relation": "part_of", "event": document + "-e01"}]
    ),
    "a shape on one day": lambda dataset, event, document: event.update(
        date="1999-01-01", date_basis="explicit", shape="several"
    ),
    "an interval without a shape": lambda dataset, event, document: (
        event.pop("shape", None),
        event.update(date="1999-01-01/1999-02-01", date_basis="explicit"),
    ),
    "a shape of its own": _set("shape", "sometimes"),
    "a negative on the trigger": _negative_on_trigger,
}

DOCUMENT_MUTATIONS: dict[str, Mutation] = {
    **{
        f"drop {key}": _drop(key)
        for key in ("id", "file", "sha256", "title", "publisher", "language", "rights", "published")
    },
    "another hash": _set("sha256", "0" * 64),
    "a file above": lambda dataset, document, _: document.update(file="../" + document["file"]),
    "a file that is not there": _set("file", "nothing.txt"),
    "another id": _set("id", "d997"),
    "an open date": _set("published", {"date": "[..2020-01-01]", "basis": "header"}),
    "inferred without a reason": _set("published", {"date": "2020-01-01", "basis": "inferred"}),
    "a formula for a title": _set("title", "@SUM"),
}

ACTOR_MUTATIONS: dict[str, Mutation] = {
    **{f"drop {key}": _drop(key) for key in ("id", "name", "kind", "affiliations")},
    "unknown kind": _set("kind", "planet"),
    "unknown country": _set("country", "QQQ"),
    "unknown element": _party("affiliations", "code", "PCNQQQ"),
    "half an element": _party("affiliations", "code", "PCNMI"),
    "unknown parent": _party("affiliations", "parent", "atlantis"),
    "its own parent": lambda dataset, actor, _: actor["affiliations"][0].update(parent=actor["id"]),
    "a period that ends first": lambda dataset, actor, _: actor["affiliations"][0].update(
        {"from": "2001", "until": "2000"}
    ),
    "two codes at a time": lambda dataset, actor, _: actor["affiliations"].append(actor["affiliations"][0]),
    "duplicate the entry": lambda dataset, actor, _: dataset.actors["actors"].insert(0, dict(actor)),
    "reserved id": _set("id", "unnamed"),
}


def begin(folder: Path, answers: project.Answers) -> Path:
    """Write what `standoff init` writes, with its placeholders replaced; return the folder."""
    project.create(folder, answers)
    for page in (folder / "dataset" / "dataset.toml", *folder.glob("*.md")):
        page.write_text(page.read_text("utf-8").replace("Replace this", "This"), "utf-8")
    return folder

"""Classes made late are those that the standard library makes."""

from __future__ import annotations

import copy
import dataclasses
import operator
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.findings import Report
from standoff.model.classes import dataclass, field, replace

OPTIONS = st.fixed_dictionaries(
    {}, optional={name: st.booleans() for name in ("frozen", "slots", "eq", "order")}
).filter(lambda options: options.get("eq", True) or not options.get("order"))
STATED = st.lists(
    st.sampled_from(
        [{}, {"default": 1}, {"default": None, "repr": False}, {"default_factory": list}, {"default_factory": dict, "compare": False}]
    ),
    max_size=4,
).map(lambda each: sorted(each, key=bool))  # fmt: skip
VALUES = st.integers(0, 2) | st.text("ab", max_size=1) | st.none() | st.just(float("nan"))
ARGUMENTS = st.tuples(
    st.lists(VALUES, max_size=5), st.dictionaries(st.sampled_from("abcde"), VALUES, max_size=2)
)
CHANGES: tuple[Callable[[Any], Any], ...] = (
    lambda each: each.a,
    lambda each: setattr(each, "a", 1),
    lambda each: delattr(each, "a"),
    lambda each: setattr(each, "z", 1),
)


def outcome(act: Callable[..., Any], *values: Any, **named: Any) -> Any:
    """What a call gives: its result, or the type and message of what it raises."""
    try:
        return act(*values, **named)
    except (TypeError, AttributeError, ValueError) as error:
        return type(error), str(error)


def both(stated: list[dict[str, Any]], options: dict[str, bool]) -> list[Any]:
    """Return a class with the fields a, b, c …, made by the standard library and made by us."""
    made: list[Any] = []
    makers: list[tuple[Any, Any]] = [(dataclasses.dataclass, dataclasses.field), (dataclass, field)]
    assert makers[0] != makers[1]
    for decorate, describe in makers:
        body: dict[str, Any] = {"__annotations__": dict.fromkeys("abcd"[: len(stated)], "Any")}
        body |= {name: describe(**each) for name, each in zip("abcd", stated, strict=False) if each}
        body |= {"__doc__": "A class.", "__qualname__": "Made", "__module__": __name__}
        made.append(decorate(**options)(type("Made", (), body)))
    return made


@given(STATED, OPTIONS, st.lists(ARGUMENTS, min_size=1, max_size=3))
def test_objects_are_those_of_the_standard_library(
    stated: list[dict[str, Any]], options: dict[str, bool], calls: list[tuple[list[Any], dict[str, Any]]]
) -> None:
    classes = both(stated, options)
    pairs = []
    for values, named in calls:
        theirs, ours = (outcome(cls, *values, **named) for cls in classes)
        if isinstance(theirs, tuple):  # too few or too many values
            assert ours == theirs
            continue
        assert repr(ours) == repr(theirs)
        assert str(dataclasses.asdict(ours)) == str(dataclasses.asdict(theirs))
        if options.get("slots"):
            assert not hasattr(ours, "__dict__")
        else:
            assert str(vars(ours)) == str(vars(theirs))
        if options.get("eq", True):
            assert outcome(hash, ours) == outcome(hash, theirs)
        for change in CHANGES:
            expected, found = (str(outcome(change, copy.copy(each))) for each in (theirs, ours))
            slip = (
                "super(type, obj)" in expected
            )  # of Python 3.11, about what is no field of a frozen class with slots
            assert found == expected or (slip and "FrozenInstanceError" in found)
        expected = str(outcome(dataclasses.replace, theirs, **named))
        assert str(outcome(replace, ours, **named)) == expected
        assert str(outcome(dataclasses.replace, ours, **named)) == expected
        pairs.append((theirs, ours))
    for compare in (operator.eq, operator.lt, operator.le, operator.gt, operator.ge):
        for one, ours in pairs:
            for other, our_other in pairs:
                assert outcome(compare, ours, our_other) == outcome(compare, one, other)


@given(STATED, OPTIONS)
def test_the_standard_library_knows_their_fields(
    stated: list[dict[str, Any]], options: dict[str, bool]
) -> None:
    theirs, ours = both(stated, options)
    assert dataclasses.is_dataclass(ours)
    described = [
        [(each.name, each.type, each.default, each.default_factory, each.repr, each.compare) for each in dataclasses.fields(cls)]
        for cls in (theirs, ours)
    ]  # fmt: skip
    assert described[0] == described[1]
    for name in ("__match_args__", "__doc__", "__qualname__", "__module__", "__slots__"):
        assert getattr(ours, name, None) == getattr(theirs, name, None)
    assert [hasattr(ours, name) for name in "abcd"] == [hasattr(theirs, name) for name in "abcd"]


@dataclass(frozen=True, slots=True)
class Frozen:
    """In this module, because pickle looks for it by its name."""

    a: Any
    b: Any = None


@dataclass
class Base:
    """With a field, a default and what is computed from both."""

    a: Any
    b: Any = 1

    def __post_init__(self) -> None:
        self.c = (self.a, self.b)


@dataclass
class Derived(Base):
    """With one field more, and another default."""

    b: Any = 2
    d: list[int] = field(default_factory=list)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_objects_survive_a_pickle_and_a_copy(protocol: int) -> None:
    one = Frozen(1, [2])
    for again in (pickle.loads(pickle.dumps(one, protocol)), copy.copy(one), copy.deepcopy(one)):
        assert again == one
        assert again is not one


def test_a_derived_class_has_the_fields_of_its_base_first() -> None:
    one = Derived(1)
    assert repr(one) == "Derived(a=1, b=2, d=[])"
    assert one.c == (1, 2)
    assert one.d is not Derived(1).d
    assert Base(1, 2) != one
    theirs = dataclasses.make_dataclass("Theirs", [("e", int, 0)], bases=(Base,))
    assert repr(theirs(1)) == "Theirs(a=1, b=1, e=0)"


def test_a_frozen_class_guards_its_fields_in_derived_classes_too() -> None:
    plain: Any = type("Plain", (Frozen,), {})(1)
    plain.more = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        plain.a = 2


def test_an_object_of_the_standard_library_is_replaced_too() -> None:
    made: Any = dataclasses.make_dataclass("Theirs", ["a", "b"])
    assert replace(made(1, 2), b=3) == made(1, 3)
    assert dataclasses.asdict(Report())["findings"] == []

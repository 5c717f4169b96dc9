"""`dataclass`, `field` and `replace` as in the standard library, for the classes that every start needs.

The standard library compiles up to nine functions for a class, and imports `inspect` for that. For the classes that a
check loads, this takes as long as the check of a small dataset. Here `__init__` is compiled when the first object is made,
and nothing else is compiled. Otherwise the classes are the same, and the functions of `dataclasses` take them; a test
compares the two. The options are those that these classes need.
"""

from __future__ import annotations

from operator import attrgetter, ge, gt, le, lt
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "field", "replace"]

_UNSTATED = object()
_FIELDS = "__standoff_fields__"


class _Field:
    """What is stated of a field besides its name and type."""

    __slots__ = ("compare", "default", "default_factory", "repr")

    def __init__(
        self,
        default: Any = _UNSTATED,
        default_factory: Any = _UNSTATED,
        repr: bool = True,  # noqa: A002 - the name that the standard library gives it
        compare: bool = True,
    ) -> None:
        self.default, self.default_factory, self.repr, self.compare = default, default_factory, repr, compare


def _dataclass(
    cls: Any = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True, order: bool = False
) -> Any:
    """Make a class a dataclass."""
    if cls is None:
        return lambda cls: _dataclass(cls, frozen=frozen, slots=slots, eq=eq, order=order)
    own = _annotations(cls)
    stated = {name: cls.__dict__.get(name, _UNSTATED) for name in own}
    described = {name: each if isinstance(each, _Field) else _Field(each) for name, each in stated.items()}
    if slots:
        cls = _with_slots(cls, own)
    for name, each in () if slots else described.items():
        if isinstance(stated[name], _Field):  # the class has the default itself, or nothing
            delattr(cls, name) if each.default is _UNSTATED else setattr(cls, name, each.default)
    fields: dict[str, _Field] = {**getattr(cls, _FIELDS, {}), **described}
    compared = _values_of([name for name, each in fields.items() if each.compare])
    methods: dict[str, Any] = {
        "__init__": _first_init(cls, fields, frozen),
        "__repr__": _representation([name for name, each in fields.items() if each.repr]),
    }
    if eq:
        methods["__eq__"] = _equality(compared)
        methods["__hash__"] = (lambda self: hash(compared(self))) if frozen else None
    if frozen and slots:
        values = _values_of([*fields])
        methods["__getstate__"] = lambda self: [*values(self)]
        methods["__setstate__"] = _restore
    methods = {name: method for name, method in methods.items() if name not in cls.__dict__}
    if order:
        methods |= {
            "__lt__": _comparison(lt, compared),
            "__le__": _comparison(le, compared),
            "__gt__": _comparison(gt, compared),
            "__ge__": _comparison(ge, compared),
        }
    if frozen:
        methods["__setattr__"] = _refusal(cls, fields, "assign to", object.__setattr__)
        methods["__delattr__"] = _refusal(cls, fields, "delete", object.__delattr__)
    methods |= {"__match_args__": tuple(fields), _FIELDS: fields}
    for name, value in methods.items():
        setattr(cls, name, value)
    twin = _Twin(cls, {"frozen": frozen, "eq": eq, "order": order})
    cls.__dataclass_fields__ = _OfTwin(twin, "__dataclass_fields__")
    cls.__dataclass_params__ = _OfTwin(twin, "__dataclass_params__")
    return cls


def _annotations(cls: Any) -> dict[str, Any]:
    """Return what the body of a class states of its fields."""
    found: dict[str, Any] = cls.__dict__.get("__annotations__", {})  # noqa: RUF063 - without `inspect`
    return found


def _with_slots(cls: Any, own: dict[str, Any]) -> Any:
    """Return the class again, with slots for its fields: they can be stated only when a class is made."""
    body = {name: value for name, value in cls.__dict__.items() if name not in own}
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    inherited = {name for base in cls.__mro__[1:] for name in base.__dict__.get("__slots__", ())}
    body["__slots__"] = tuple(name for name in own if name not in inherited)
    again = type(cls)(cls.__name__, cls.__bases__, body)
    again.__qualname__ = cls.__qualname__
    return again


def _values_of(names: list[str]) -> Any:
    """Return a function that returns the values of these fields as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _first_init(cls: Any, fields: dict[str, _Field], frozen: bool) -> Any:
    """Return the `__init__` of the first object, which puts the compiled one in its place."""

    def __init__(self: Any, *args: Any, **more: Any) -> None:  # noqa: N807
        if cls.__init__ is __init__:
            cls.__init__ = _init_of(cls, fields, frozen)
        cls.__init__(self, *args, **more)

    return __init__


def _init_of(cls: Any, fields: dict[str, _Field], frozen: bool) -> Any:
    """Compile the `__init__` of a class."""
    names: dict[str, Any] = {"_UNSTATED": _UNSTATED, "_set": object.__setattr__}
    parameters, lines = ["self"], []
    for name, each in fields.items():
        default, made = f"_default_{name}", f"_make_{name}"
        value = name
        if each.default_factory is not _UNSTATED:
            names[made] = each.default_factory
            parameters.append(f"{name}=_UNSTATED")
            value = f"{made}() if {name} is _UNSTATED else {name}"
        elif each.default is not _UNSTATED:
            names[default] = each.default
            parameters.append(f"{name}={default}")
        else:
            parameters.append(name)
        member: Any = getattr(cls, name, None)
        if not frozen:
            lines.append(f"self.{name} = {value}")
        elif type(member).__name__ == "member_descriptor":  # the slot; three times as fast as the general way
            names[f"_set_{name}"] = member.__set__
            lines.append(f"_set_{name}(self, {value})")
        else:
            lines.append(f"_set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n {'; '.join(lines) or 'pass'}", names)
    made_init = names["__init__"]
    made_init.__qualname__ = f"{cls.__qualname__}.__init__"
    made_init.__module__ = cls.__module__
    return made_init


def _representation(names: list[str]) -> Any:
    @recursive_repr()
    def __repr__(self: Any) -> str:  # noqa: N807
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _equality(compared: Any) -> Any:
    def __eq__(self: Any, other: object) -> Any:  # noqa: N807
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _comparison(operation: Any, compared: Any) -> Any:
    def compare(self: Any, other: object) -> Any:
        if other.__class__ is self.__class__:
            return operation(compared(self), compared(other))
        return NotImplemented

    return compare


def _refusal(cls: Any, fields: dict[str, _Field], what: str, otherwise: Any) -> Any:
    """Return a method that refuses to change a field, and does what is usual with other attributes of derived classes."""

    def refuse(self: Any, name: str, *value: Any) -> None:
        if type(self) is cls or name in fields:
            from dataclasses import FrozenInstanceError

            raise FrozenInstanceError(f"cannot {what} field {name!r}")
        otherwise(self, name, *value)

    return refuse


def _restore(self: Any, state: list[Any]) -> None:
    """Take the values out of a pickle."""
    for name, value in zip(getattr(self, _FIELDS), state, strict=True):
        object.__setattr__(self, name, value)


class _Twin:
    """The class as the standard library makes it, made when one of its functions is given ours."""

    def __init__(self, cls: Any, options: dict[str, Any]) -> None:
        self.cls, self.options = cls, options

    def make(self) -> Any:
        import dataclasses

        types = {
            name: kind for base in reversed(self.cls.__mro__) for name, kind in _annotations(base).items()
        }
        described = []
        for name, each in getattr(self.cls, _FIELDS).items():
            stated = {
                key: getattr(each, key) for key in _Field.__slots__ if getattr(each, key) is not _UNSTATED
            }
            described.append((name, types[name], dataclasses.field(**stated)))
        return dataclasses.make_dataclass(self.cls.__name__, described, **self.options)


class _OfTwin:
    """An attribute of a class that is read off its twin once."""

    def __init__(self, twin: _Twin, name: str) -> None:
        self.twin, self.name = twin, name

    def __get__(self, instance: Any, owner: Any) -> Any:
        made = self.twin.make()
        for name in ("__dataclass_fields__", "__dataclass_params__"):
            setattr(self.twin.cls, name, getattr(made, name))
        return getattr(made, self.name)


def _replace(instance: Any, /, **changes: Any) -> Any:
    """Return a copy of an object with other values in some of its fields."""
    if not hasattr(type(instance), _FIELDS):  # the standard library made its class
        import dataclasses

        return dataclasses.replace(instance, **changes)
    values = {name: getattr(instance, name) for name in getattr(type(instance), _FIELDS)}
    return type(instance)(**{**values, **changes})


if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    dataclass, field, replace = _dataclass, _Field, _replace

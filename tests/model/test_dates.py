"""Event dates: one spelling each, honest bounds, and nothing that another EDTF reader would refuse."""

from datetime import date, timedelta

import edtf
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from standoff.codes import languages
from standoff.model import dates
from standoff.model.dates import PRECISIONS, DateError, parse

days = st.dates(date(1000, 1, 1), date(2999, 12, 31))
points = st.tuples(days, st.sampled_from([10, 7, 4])).map(lambda drawn: drawn[0].isoformat()[: drawn[1]])


@st.composite
def edtf_texts(draw):
    """Text in one of the six forms; its ends are near each other half of the time."""
    a, b = draw(st.tuples(days, days) | days.flatmap(lambda d: st.tuples(st.just(d), near(d))))
    a, b = sorted([a, b])
    first, last = (d.isoformat()[: draw(st.sampled_from([10, 7, 4]))] for d in (a, b))
    text = draw(
        st.sampled_from(
            [
                first,
                f"{first}/{last}",
                f"[{a}..{b}]",
                f"../{last}",
                f"{first}/..",
                f"[..{last}]",
                f"[{first}..]",
            ]
            + [f"[{a.isoformat()[:n]}..{b.isoformat()[:n]}]" for n in (4, 7)]
        )
    )
    try:
        parse(text)
    except DateError:  # the ends fell on the same date, or a month ends before the day it begins with
        assume(False)
    return text


def near(day):
    return st.integers(0, 40).map(lambda n: min(day + timedelta(n), date(2999, 12, 31)))


event_dates = edtf_texts().map(parse)


@given(edtf_texts())
def test_a_date_is_written_as_it_was_read(text):
    assert dates.format(parse(text)) == text


@given(edtf_texts())
def test_any_reader_of_edtf_reads_our_dates_and_sees_the_same_bounds(text):
    theirs, ours = edtf.parse_edtf(text), parse(text)
    for bound, mine in (("lower_strict", ours.earliest), ("upper_strict", ours.latest)):
        if mine is not None:
            assert getattr(theirs, bound)()[:3] == mine.timetuple()[:3]


@given(event_dates)
def test_bounds_are_in_order_and_precision_follows_from_them(d):
    assert d.earliest is not None or d.latest is not None
    assert d.precision in PRECISIONS
    assert (d.precision == "open") == (d.days is None)
    if d.days is not None:
        assert d.earliest <= d.latest
        assert (d.days == 1) == (d.earliest == d.latest) == (d.precision == "day")


@given(st.text(max_size=30) | st.text("0123456789-/.[], ", max_size=25))
@example("2019-02-29")
@example("２０１９")
def test_any_text_is_a_date_or_an_error_that_says_so(text):
    try:
        found = parse(text).text
    except DateError as error:
        found = str(error)
    assert text in found


@pytest.mark.parametrize(
    ("text", "kind", "earliest", "latest", "precision"),
    [
        ("2019-05-16", "point", date(2019, 5, 16), date(2019, 5, 16), "day"),
        ("2020-02", "point", date(2020, 2, 1), date(2020, 2, 29), "month"),
        ("2020", "point", date(2020, 1, 1), date(2020, 12, 31), "year"),
        ("2019-05-07/2019-06-02", "interval", date(2019, 5, 7), date(2019, 6, 2), "month"),
        ("2019-05/2019-07", "interval", date(2019, 5, 1), date(2019, 7, 31), "year"),
        ("2019-05/2019-06-03", "interval", date(2019, 5, 1), date(2019, 6, 3), "year"),
        ("2018/2019", "interval", date(2018, 1, 1), date(2019, 12, 31), "longer"),
        ("[2019-05-06..2019-05-12]", "set", date(2019, 5, 6), date(2019, 5, 12), "week"),
        ("../2019-05", "interval", None, date(2019, 5, 31), "open"),
        ("2019-05-07/..", "interval", date(2019, 5, 7), None, "open"),
        ("[..2019-05-05]", "set", None, date(2019, 5, 5), "open"),
        ("[2019-05-05..]", "set", date(2019, 5, 5), None, "open"),
    ],
)
def test_each_form_means_what_the_annotation_guide_says(text, kind, earliest, latest, precision):
    d = parse(text)
    assert (d.kind, d.earliest, d.latest, d.precision) == (kind, earliest, latest, precision)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2023-5-1", 'did you mean "2023-05-01"'),
        ("2023/05/01", 'did you mean "2023-05-01"'),
        ("2023/05", 'did you mean "2023-05"'),
        ("2023–05–01", 'did you mean "2023-05-01"'),
        ("1 May 2023", 'did you mean "2023-05-01"'),
        ("May 1, 2023", 'did you mean "2023-05-01"'),
        ("2023-05-01T10:00Z", 'did you mean "2023-05-01"'),
        ("2023-05-01~", 'did you mean "2023-05-01"'),
        ("20230501", 'did you mean "2023-05-01"'),
        ("1 Jan 2023", 'did you mean "2023-01-01"'),
        ("1 Ja 2023", "write 2019-05-16, 2019-05, 2019, "),
        ("1 Foo 2023", "write 2019-05-16, 2019-05, 2019, "),
        ("2023-2-30", "write 2019-05-16, 2019-05, 2019, "),
        ("/2023-05-01", 'did you mean "../2023-05-01"'),
        ("2023-05-01/", 'did you mean "2023-05-01/.."'),
        ("2023-05-01..2023-05-07", r'did you mean "\[2023-05-01..2023-05-07\]"'),
        ("2023-05-01 to 2023-05-07", 'did you mean "2023-05-01/2023-05-07"'),
        ("[2019-05-06,2019-05-12]", r'did you mean "\[2019-05-06..2019-05-12\]"'),
        ("[2019-05-06/2019-05-12]", r'did you mean "\[2019-05-06..2019-05-12\]"'),
        ("(2019-05-06..2019-05-12]", r'did you mean "\[2019-05-06..2019-05-12\]"'),
        ("[2019-05-06..2019-05-12)", r'did you mean "\[2019-05-06..2019-05-12\]"'),
        ("[2019-05..2019-06-03]", r'write both ends alike: "\[2019-05-01..2019-06-03\]"'),
        ("2019-02-30", "2019-02 has 28 days"),
        ("2019-13-05", "no month 13; did you mean 2019-05-13"),
        ("2019-31-12", "no month 31; did you mean 2019-12-31"),
        ("2019-13-13", "no month 13$"),
        ("2019-31-02", "no month 31$"),
        ("2019-00-05", "no month 00$"),
        ("2019-13", "no month 13$"),
        ("2019-06-02/2019-05-07", 'ends before it begins; write "2019-05-07/2019-06-02"'),
        ("2019-05/2019-05-01", 'same date; write "2019-05-01"'),
        ("2019-05-07/2019-05-07", 'same date; write "2019-05-07"'),
        ("[2019-05..2019-05]", 'same date; write "2019-05"'),
        ("../..", "has no end"),
        ("last week", "write 2019-05-16, 2019-05, 2019, "),
        ("3019-05-16", "is not a date"),
    ],
)
def test_a_near_miss_is_told_how_to_write_it(text, hint):
    english = languages.language("en")
    assert english is not None
    with pytest.raises(DateError, match=hint):
        parse(text, english.read_date)


def test_what_is_too_long_for_a_date_is_shown_in_part():
    for text, shown in (("x" * 60, "x" * 60), ("x" * 61, "x" * 60 + "…")):
        with pytest.raises(DateError, match=f'^"{shown}" is not a date'):
            parse(text)


def test_a_date_that_yaml_has_turned_into_a_number_is_refused():
    with pytest.raises(DateError, match="text in quotes"):
        parse(2019)


@pytest.mark.parametrize(
    ("days", "ucdp", "acled"),
    [
        (1, 1, 1),
        (2, 2, 2),
        (6, 2, 2),
        (7, 3, 2),
        (8, 4, 3),
        (31, 4, 3),
        (32, 5, None),
        (366, 5, None),
        (367, None, None),
    ],
)
def test_precision_on_the_scales_of_other_datasets(days, ucdp, acled):
    first = date(2020, 1, 1)
    d = parse(f"[{first}..{first + timedelta(days - 1)}]" if days > 1 else str(first))
    assert (dates.ucdp_date_prec(d), dates.acled_time_precision(d)) == (ucdp, acled)


@given(event_dates)
def test_open_dates_have_no_place_on_the_scales_of_other_datasets(d):
    if d.days is None:
        assert dates.ucdp_date_prec(d) is dates.acled_time_precision(d) is None


@given(event_dates, event_dates)
def test_likeness_of_dates_is_symmetric_and_only_overlapping_dates_are_alike(a, b):
    assert dates.iou(a, b) == dates.iou(b, a)
    assert 0 <= dates.iou(a, b) <= 1
    assert dates.overlaps(a, b) == dates.overlaps(b, a)
    if dates.iou(a, b):
        assert dates.overlaps(a, b)
    elif a.days is not None and b.days is not None:
        assert not dates.overlaps(a, b)


@given(event_dates)
def test_a_date_is_like_itself(d):
    assert dates.iou(d, d) == 1
    assert dates.overlaps(d, d)


def test_two_dates():
    week, month, ever = parse("[2019-05-06..2019-05-12]"), parse("2019-05"), parse("[..2019-05-05]")
    assert dates.iou(week, month) == pytest.approx(7 / 31)
    assert dates.iou(ever, parse("[..2019-05-06]")) == pytest.approx(365 / 367)
    assert dates.overlaps(ever, parse("1900"))
    assert dates.iou(ever, parse("1900")) == 0
    assert not dates.overlaps(ever, week)

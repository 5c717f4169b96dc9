"""Names of weekdays and months by language, against the Unicode CLDR names where a list is written out here."""

from datetime import date, timedelta

import pytest

from standoff.codes import languages
from standoff.model import dates

TAGS = ["ar", "de", "en", "es", "fr", "id", "pt", "uk"]
MONDAY = date(2024, 1, 1)
# Monday and January to December as CLDR 44 has them, in the form that stands in a date.
CLDR = {
    "ar": ("الاثنين", "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
    "en": ("Monday", "January February March April May June July August September October November December"),
    "de": ("Montag", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    "id": ("Senin", "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"),
    "pt": (
        "segunda-feira",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    ),
    "es": (
        "lunes",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    ),
    "fr": ("lundi", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    "uk": (
        "понеділок",
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    ),
}


@pytest.mark.parametrize("tag", TAGS)
def test_a_language_names_seven_days_and_twelve_months_each_once(tag: str) -> None:
    language = languages.language(tag)
    assert language is not None
    assert (len(language.weekdays), len(language.months)) == (7, 12)
    for groups in (language.weekdays, language.months):
        forms = [form.casefold() for group in groups for form in group]
        assert len(forms) == len(set(forms))
        assert all(form == form.strip() and form for form in forms)


@pytest.mark.parametrize("tag", TAGS)
def test_the_names_are_those_of_cldr(tag: str) -> None:
    language = languages.language(tag)
    assert language is not None
    monday, months = CLDR[tag]
    assert monday in language.weekdays[0]
    for number, month in enumerate(months.split(), 1):
        assert language.read_date(f"7 {month} 2019") == f"2019-{number:02}-07"


def test_every_file_is_one_of_these() -> None:
    assert languages.tags() == set(TAGS)


@pytest.mark.parametrize("tag", TAGS)
def test_every_form_of_a_weekday_is_found_in_a_text(tag: str) -> None:
    language = languages.language(tag)
    assert language is not None
    for number, forms in enumerate(language.weekdays):
        for form in forms:
            assert language.weekdays_in(f"— {form}, 5") == {(form, number, True)}
            for word in language.before_weekday:
                assert language.weekdays_in(f"{word} {form}") == {(form, number, False)}
            for word in language.after_weekday:
                assert language.weekdays_in(f"{form} {word}") == {(form, number, False)}


@pytest.mark.parametrize(
    ("tag", "text", "day"),
    [
        ("en", "12 May 2019", "2019-05-12"),
        ("en", "May 12, 2019", "2019-05-12"),
        ("en", "3rd of Sept. 2019", "2019-09-03"),
        ("fr", "1er août 2019", "2019-08-01"),
        ("es", "12 de mayo de 2019", "2019-05-12"),
        ("uk", "12 травня 2019 року", "2019-05-12"),
        ("ar", "12 تشرين الثاني 2019", "2019-11-12"),
        ("ar", "١٢ مايو ٢٠١٩", "2019-05-12"),
        ("en", "12 Ma 2019", None),
        ("en", "12 2019", None),
        ("en", "12 Brumaire 2019", None),
        ("en", "120 May 2019", None),
    ],
)
def test_a_day_in_words_is_read_for_advice(tag: str, text: str, day: str | None) -> None:
    language = languages.language(tag)
    assert language is not None
    assert language.read_date(text) == day


def test_advice_follows_the_language_of_the_document() -> None:
    assert '"2019-08-01"' in languages.date_message("1er août 2019", "fr-CA")
    assert '"2019-08-01"' not in languages.date_message("1er août 2019", "en")
    assert dates.FORMS in languages.date_message("1er août 2019", "xx")
    assert '"2019-08-01"' in languages.date_message("2019/8/1", "xx")
    with pytest.raises(ValueError, match="is a date"):
        languages.date_message("2019-08-01", "en")


def test_a_language_that_is_not_described_has_no_names() -> None:
    assert languages.language("xx") is None
    assert languages.language("en-GB") == languages.language("EN") == languages.language(None)


def test_weekdays_are_in_the_order_of_the_week() -> None:
    english = languages.language("en")
    assert english is not None
    for i, (name, *_) in enumerate(english.weekdays):
        assert f"{MONDAY + timedelta(days=i):%A}" == name


@pytest.mark.parametrize(
    ("tag", "text", "found"),
    [
        ("fr", "Lundi, Alba a accusé Brenn.", {("lundi", 0, True)}),
        ("es", "Alba calló. Lunes: Brenn atacó.", {("lunes", 0, True)}),
        ("pt", "“Segunda-feira foi difícil”, disse Alba.", {("segunda-feira", 0, True)}),
        ("es", "Alba atacó Santo Domingo.", set()),
        ("id", "Alba diserang seminggu lalu.", set()),
    ],
)
def test_a_weekday_that_begins_a_sentence_is_one(
    tag: str, text: str, found: set[tuple[str, int, bool]]
) -> None:
    language = languages.language(tag)
    assert language is not None
    assert language.weekdays_in(text) == found


@pytest.mark.parametrize(
    ("tag", "text", "day"),
    [
        ("de", "Alba beschuldigte am 3. Juni 2024 Brenn.", date(2024, 6, 3)),
        ("pt", "no sábado, 7 de junho de 2025", date(2025, 6, 7)),
        ("id", "pada 12 Maret 2025", date(2025, 3, 12)),
    ],
)
def test_a_date_in_running_text_is_read(tag: str, text: str, day: date) -> None:
    language = languages.language(tag)
    assert language is not None
    [stated] = language.dates_in(text)
    assert (stated.year, stated.month, stated.day) == (day.year, day.month, day.day)

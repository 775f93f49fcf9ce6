"""The catalogue is complete, current and well set: a missing French sentence fails the build."""

import re
from gettext import GNUTranslations

import pytest

from evenload.words import catalogue
from evenload.words.formats import LANGUAGES
from evenload.words.voice import placeholders

# Words that are spelled alike in both languages.
ALIKE = frozenset(
    {
        "3 WISN",
        "Absence",
        "Absences",
        "Action",
        "Administration",
        "Arguments",
        "Base",
        "Base. {percent} {icon} {state}",
        "CSV",
        "Cause",
        "Classes",
        "Code",
        "Conversations",
        "Direct",
        "Direct, min",
        "Directives",
        "Disc.",
        "Discipline",
        "Disciplines",
        "Francophone",
        "Indirect",
        "Indirect, min",
        "Journal",
        "Menu",
        "Minutes",
        "Note",
        "Options",
        "PDF",
        "Pages",
        "Possible",
        "Provenance",
        "Source",
        "Supervision",
        "Version {number}",
        "XLSX",
        "{count} {class_label}",
        "{day}, {time}",
        "{direct} + {indirect} min",
        "{discipline} · {name}",
        "{discipline}, {area}, {language}",
        "{discipline}, {language}",
        "{discipline}, {language}, {area}",
        "{drive}, {name}",
        "{hours} = {percent}",
        "{hours}, {name}",
        "{item}, {figure}",
        "{language} ({level})",
        "{language}, {need}",
        "{language}, {often}",
        "{mean} ({n})",
        "{minutes} min",
        "{name} ({id}), {discipline}",
        "{name}, {discipline}",
        "{pool} ({hours})",
        "{pool} {count}, {cause}",
        "{pool}, {area}",
        "{pool}, {program}",
        "{program} · {period}",
        "{program} · {quarter}, {days}",
        "{proposed}; {decided}",
        "{report}, {language}, {often}",
        "{site}, {discipline}",
        "{title} · {period}",
        "{units}, {clients}, {hours}",
        "{units}, {clients}; {travel}",
        "{units}, {hours}",
        "{waiting} {oldest}",
        "–",
    }
)


@pytest.fixture(scope="module")
def template():
    return catalogue.extract(catalogue.messages())


@pytest.fixture(scope="module")
def french():
    return catalogue.read("fr")


def entries(french):
    """Entries with their French; what has none yet is the first test's matter."""
    return [entry for entry in french if entry.id and all(catalogue.strings_of(entry))]


def originals(entry):
    return entry.id if isinstance(entry.id, list | tuple) else (entry.id,)


def test_every_message_of_the_source_has_its_french(template, french):
    stored = {str(entry.id) for entry in french}
    missing = [str(entry.id) for entry in template if entry.id and str(entry.id) not in stored]
    assert not missing, "run python -m evenload.words.catalogue, then translate"
    assert not catalogue.untranslated(french)


def test_the_catalogue_holds_nothing_that_nobody_says(template, french):
    said = {str(entry.id) for entry in template}
    assert [str(entry.id) for entry in entries(french) if str(entry.id) not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_what_the_text_says(language):
    stored = catalogue.read(language)
    with catalogue.po_path(language).with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for entry in entries(stored):
        wanted = catalogue.strings_of(entry)
        if isinstance(entry.id, str):
            assert compiled.gettext(entry.id) == (wanted[0] or entry.id)
        else:
            one, many = entry.id
            assert [compiled.ngettext(one, many, n) for n in (1, 2)] == [text or id for text, id in zip(wanted, entry.id, strict=True)]


def test_french_fills_the_same_placeholders_as_english(french):
    for entry in entries(french):
        *_, plural = originals(entry)
        *singular, last = catalogue.strings_of(entry)
        assert placeholders(last) == placeholders(plural), last
        assert all(placeholders(text) <= placeholders(plural) for text in singular), singular


def test_french_stands_with_its_no_break_spaces(french):
    breaking = re.compile(r"[ \u202f]([:%$»]|h\b|h/)|« |[^\u00a0]»|«[^\u00a0]|[\d}](min|h|%)\b")
    assert [text for entry in entries(french) for text in catalogue.strings_of(entry) if breaking.search(text)] == []


def test_french_has_a_space_before_a_colon_and_none_before_other_signs(french):
    wrong = re.compile(r"[^\u00a0]:(?= |$)|[ \u00a0\u202f][;!?,.](?!\.|xls|ods)")
    assert [text for entry in entries(french) for text in catalogue.strings_of(entry) if wrong.search(text)] == []


def test_french_uses_no_mid_dot(french):
    assert [text for entry in entries(french) for text in catalogue.strings_of(entry) if re.search(r"\w·\w|\(e\)", text)] == []


def test_french_is_not_english(french):
    alike = {text for entry in entries(french) for text in catalogue.strings_of(entry) if text in originals(entry)}
    assert alike - ALIKE == set()


def test_french_ends_as_its_english_ends(french):
    abbreviated = ("sem.", "Diét.")
    for entry in entries(french):
        for text in catalogue.strings_of(entry):
            if text.endswith(abbreviated):
                continue
            assert text.endswith((".", "?")) == originals(entry)[0].endswith((".", "?")), text


def test_no_message_is_blamed_shouted_or_padded(template):
    for entry in template:
        for text in originals(entry) if entry.id else ():
            assert text == text.strip()
            assert "!" not in text.replace("{sheet}!{cell}", "")
            assert not re.search(r"\b(invalid|illegal|failed to)\b", text, re.IGNORECASE), text


def test_messages_are_read_from_calls_and_tables_but_only_as_literal_text():
    source = 'words.say("a" if x else "b"); say_n("one", "many", 3); message("c"); words.say(entry); Counted("d", "e", by="n")'
    found = [one.id for one in catalogue.messages_in(source, "x.py")]
    assert sorted(map(str, found)) == sorted(map(str, ["a", "b", ("one", "many"), "c", ("d", "e")]))
    with pytest.raises(catalogue.NotLiteralError, match=r"x\.py, line 1"):
        list(catalogue.messages_in('words.say(f"{a} h")', "x.py"))


def test_one_text_with_and_without_a_plural_is_refused():
    twice = [catalogue.Message("a", "", "x.py"), catalogue.Message("a", "b", "y.py")]
    with pytest.raises(ValueError, match="two plurals"):
        catalogue.extract(twice)

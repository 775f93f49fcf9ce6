import io
import re
from dataclasses import replace

import pytest
from printed_cases import HOSTILE_NAMES, PrintedCase, printed_case, with_hostile_names
from pypdf import PdfReader

from evenload.exchange.example import example_rows
from evenload.exchange.worksheet_pdf import gap_sheet_pdf, worksheet_pdf
from evenload.words import words_in

pytestmark = pytest.mark.slow  # reading PDF text back takes seconds

LETTER_POINTS = {(612, 792), (792, 612)}


@pytest.fixture(scope="module")
def printed() -> PrintedCase:
    return printed_case(practitioners=5, units=24)


def written(printed: PrintedCase, lang: str = "en") -> bytes:
    return worksheet_pdf(printed.capacity, printed.program, printed.rows, words_in(lang))


def text_of(content: bytes) -> str:
    pages = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(pages.replace("\u200b", "").split())


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_figures_stand_on_paper_in_each_language(printed: PrintedCase, lang: str) -> None:
    words = words_in(lang)

    text = text_of(written(printed, lang))

    for match in printed.capacity.match:
        assert plain(words.hours(match.supply_hours)) in text
        assert plain(words.number(match.fte_required or 0, 2)) in text
    for row in printed.capacity.capacities:
        assert plain(words.number(row.plannable_hours)) in text
        assert printed.rows.names_of_practitioners()[row.practitioner] in text
    for said in (words.say("Our hours carry"), words.say("Our clients need"), words.say("Assumptions"), words.say("Gap sheet")):
        assert plain(said) in text


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_file_is_tagged_and_says_its_language_and_standard(printed: PrintedCase, lang: str) -> None:
    reader = PdfReader(io.BytesIO(written(printed, lang)))

    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith(lang)
    assert reader.metadata is not None
    assert reader.metadata.title == words_in(lang).say("Planning worksheet")
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_every_page_is_letter_and_says_which_page_it_is(printed: PrintedCase) -> None:
    pages = PdfReader(io.BytesIO(written(printed))).pages

    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} <= LETTER_POINTS
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in " ".join(page.extract_text().split())


def test_the_own_font_is_embedded(printed: PrintedCase) -> None:
    reader = PdfReader(io.BytesIO(written(printed)))

    fonts = {str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()}

    assert fonts
    assert all(re.fullmatch(r"/[A-Z]{6}\+OpenSans.*", font) for font in fonts)


def test_names_stay_text_whatever_they_look_like() -> None:
    hostile = printed_case(with_hostile_names(example_rows(practitioners=10, units=24, seed=3)))

    text = text_of(written(hostile))

    for name in HOSTILE_NAMES:
        if name != "＝1":  # the font has no full-width signs
            assert plain(name) in text


def test_a_name_that_the_font_cannot_show_still_prints() -> None:
    rows = example_rows(practitioners=3, units=12, seed=3)
    foreign = replace(rows, program=replace(rows.program, name_en="李小龙 🎈 " + "x" * 300))
    case = printed_case(foreign)

    reader = PdfReader(io.BytesIO(gap_sheet_pdf(case.capacity, case.program, case.rows, words_in("en"))))

    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("setting", ["school", "community", "clinic", "hospital"])
def test_the_gap_sheet_is_one_page_in_every_setting(setting: str, lang: str) -> None:
    case = printed_case(practitioners=30, units=60, setting=setting)

    content = gap_sheet_pdf(case.capacity, case.program, case.rows, words_in(lang))

    assert len(PdfReader(io.BytesIO(content)).pages) == 1


def test_the_same_plan_gives_the_same_bytes(printed: PrintedCase) -> None:
    assert written(printed) == written(printed)

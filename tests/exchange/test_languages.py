"""Languages are known by code, by region and by name in both languages; a typing error is never taken for French."""

from __future__ import annotations

import pytest

from evenload.exchange.languages import language_code, nearest_language


@pytest.mark.parametrize("text", ["fr", "FR", "fr-CA", "fr_CA", "fra", "fre", "French", "français", "FRANÇAIS", "francais"])
def test_french_in_every_usual_form(text: str) -> None:
    assert language_code(text) == "fr"


@pytest.mark.parametrize(
    "text, code",
    [
        ("anglais", "en"),
        ("arabe", "ar"),
        ("Punjabi", "pa"),
        ("Mandarin", "zh"),
        ("Inuktitut", "iu"),
        ("ASL", "ase"),
        ("LSQ", "fcs"),
        ("ase", "ase"),
    ],
)
def test_other_languages_by_name(text: str, code: str) -> None:
    assert language_code(text) == code


@pytest.mark.parametrize("text", ["xx", "fe", "qqq", "und", "mul", "root", "", "f", "fr fr", "1"])
def test_what_is_no_language_is_unknown(text: str) -> None:
    assert language_code(text) is None


def test_the_nearest_language_is_offered_for_words_but_not_for_short_codes() -> None:
    assert nearest_language("Frensh") == "fr"
    assert nearest_language("espagnole") == "es"
    assert nearest_language("fe") is None

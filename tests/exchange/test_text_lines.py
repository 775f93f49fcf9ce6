from hypothesis import given
from hypothesis import strategies as st

from evenload.exchange.text_lines import lines_needed, width_of_longest_word


def test_a_short_text_takes_one_line_and_a_break_makes_two() -> None:
    assert lines_needed("Fatou Diallo", 20) == 1
    assert lines_needed("OT: Fatou Diallo\nSLP: Ben Chan", 20) == 2


def test_words_wrap_at_the_width_of_the_column() -> None:
    assert lines_needed("0000 0000 0000", 14) == 1
    assert lines_needed("0000 0000 0000", 9) == 2
    assert lines_needed("0000 0000 0000", 4) == 3


def test_a_word_longer_than_the_column_is_broken() -> None:
    assert lines_needed("0" * 25, 10) == 3


def test_an_accented_letter_is_as_wide_as_its_base() -> None:
    assert width_of_longest_word("École") == width_of_longest_word("Ecole")


@given(st.text(max_size=200), st.integers(1, 80))
def test_a_wider_column_never_needs_more_lines(text: str, width: int) -> None:
    assert 1 <= lines_needed(text, width + 5) <= lines_needed(text, width) + text.count(" ")

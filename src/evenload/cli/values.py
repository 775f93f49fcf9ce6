"""Values of options: read from text here, so that every problem is said in the reader's language, with option and value."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from evenload.cli.terminal import UsageProblem
from evenload.words import Words

Value = TypeVar("Value")


class Asked:
    """The options of one command: read one after the other, so that every problem is said at once."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def value(self, read: Callable[[], Value | None]) -> Value | None:
        """What `read` returns; None, and its problem kept for the end, where it refuses."""
        try:
            return read()
        except UsageProblem as problem:
            self._lines += problem.lines
            return None

    def check(self) -> None:
        """Raises UsageProblem with every problem there was."""
        if self._lines:
            raise UsageProblem(*self._lines)


def whole_number(words: Words, option: str, text: str | None, *, low: int, high: int = 10**9) -> int | None:
    """A whole number from `low` to `high`; None where the option is not given."""
    if text is None:
        return None
    number = int(text) if text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and len(text) < 12 else None
    if number is None or not low <= number <= high:
        sentence = words.say("Expected a whole number from {low} to {high}.", low=low, high=high)
        raise UsageProblem(f"{option}: {text}: {sentence}")
    return number


def seconds(words: Words, option: str, text: str | None) -> float | None:
    """Seconds above 0, a point or a comma before the decimals; None where the option is not given."""
    if text is None:
        return None
    number = _decimal(text)
    if number is None or not 0 < number <= 86_400:
        raise UsageProblem(f"{option}: {text}: {words.say('Expected seconds, a number above 0 and at most 86,400.')}")
    return float(number)


def day(words: Words, option: str, text: str | None) -> datetime.date | None:
    """A date written YYYY-MM-DD; None where the option is not given."""
    if text is None:
        return None
    try:
        found = datetime.date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or len(text) != 10:
        raise UsageProblem(f"{option}: {text}: {words.say('Expected a date written YYYY-MM-DD.')}")
    return found


def one_of(words: Words, option: str, text: str, choices: tuple[str, ...]) -> str:
    """One of a closed list, whatever its case."""
    if text.lower() not in choices:
        raise UsageProblem(f"{option}: {text}: {words.say('Expected one of {choices}.', choices=', '.join(choices))}")
    return text.lower()


def mix(words: Words, text: str | None) -> dict[str, Fraction]:
    """Shares by class from `CLASS=SHARE,…`; a percent sign and spaces are allowed, a share is a number with a point."""
    shares: dict[str, Fraction] = {}
    problems = []
    for part in (text or "").split(",") if text else []:
        name, _, share = part.rpartition("=")
        number = _decimal(share.strip().removesuffix("%").strip())
        if not name.strip() or number is None or name.strip() in shares:
            problems.append(f"--mix: {part.strip()}: {words.say('Expected CLASS=SHARE with each class once, for example low=50,high=50.')}")
        else:
            shares[name.strip()] = number
    if problems:
        raise UsageProblem(*problems)
    return shares


def _decimal(text: str) -> Fraction | None:
    """An ordinary decimal number; never a fraction, an exponent or a word such as nan."""
    whole, _, decimals = text.strip().replace(",", ".", 1).partition(".")
    digits = whole + decimals
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 15:
        return None
    return Fraction(f"{whole or '0'}.{decimals or '0'}")

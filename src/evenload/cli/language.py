"""Which language the terminal speaks: `--lang`, else EVENLOAD_LANG, LC_ALL, LANG, else English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LANGUAGES = ("en", "fr")
VARIABLES = ("EVENLOAD_LANG", "LC_ALL", "LANG")


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language asked for anywhere on the command line, even where the rest of it is wrong, so that help and problems use it."""
    for first, second in zip(arguments, (*arguments[1:], ""), strict=False):
        asked = second if first == "--lang" else first.removeprefix("--lang=") if first.startswith("--lang=") else ""
        if asked.lower() in LANGUAGES:
            return asked.lower()
    return _of_environment(environment)


def _of_environment(environment: Mapping[str, str]) -> str:
    """The first variable that is set decides; what is neither English nor French is answered in English."""
    stated = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    return "fr" if stated.lower().startswith("fr") else "en"

"""Finds English left on a French page: whole texts that are an English sentence of the catalogue and not its French one."""

from __future__ import annotations

import re
from functools import cache
from gettext import GNUTranslations
from typing import Final

from evenload.words.voice import DOMAIN, LOCALES

TEXTS: Final = """() => {
  const found = new Set()
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest('script, [lang=en]')) continue
    found.add(node.data)
  }
  for (const one of document.querySelectorAll('body *:not([lang=en])'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'data-title', 'data-offline', 'data-broken', 'data-refused'])
      if (one.hasAttribute(name)) found.add(one.getAttribute(name))
  found.add(document.title)
  return [...found].map(text => text.replace(/\\s+/g, ' ').trim()).filter(text => /[A-Za-z]{2}/.test(text))
}"""
"""what a page says, in a browser: texts and the attributes that are read out"""
WORD: Final = re.compile(r"[A-Za-zÀ-ÿ]{2,}")


def english_in(texts: list[str]) -> list[str]:
    """The texts that only an English sentence of the catalogue can have made."""
    sentences, patterns = _catalogue()
    left = [text for text in texts if text in sentences]
    return left + [text for text in texts if any(english.fullmatch(text) and not french.fullmatch(text) for english, french in patterns)]


@cache
def _catalogue() -> tuple[frozenset[str], tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]]:
    with (LOCALES / "fr" / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        kept = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    pairs = [(english[0] if isinstance(english, tuple) else english, french) for english, french in kept.items() if english]
    meant = {french for _, french in pairs}
    plain = frozenset(english for english, french in pairs if english != french and "{" not in english and english not in meant)
    filled = [
        (_pattern(english), _pattern(french)) for english, french in pairs if "{" in english and english != french and _says_enough(english)
    ]
    return plain, tuple(filled)


def _says_enough(sentence: str) -> bool:
    """Two words of its own at least: a pattern of less would match what people are called."""
    return len(WORD.findall(re.sub(r"\{\w+\}", " ", sentence))) >= 2


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile("(.+)".join(re.escape(part) for part in re.split(r"\{\w+\}", " ".join(sentence.split()))))

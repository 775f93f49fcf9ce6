"""The terminal of one run, as the options of a command leave it."""

from __future__ import annotations

from dataclasses import replace

import typer

from evenload.cli.language import LANGUAGES
from evenload.cli.terminal import Terminal
from evenload.cli.values import one_of
from evenload.words import words_in


def terminal_of(ctx: typer.Context, lang: str | None, quiet: bool) -> Terminal:
    """The run's terminal with this command's language and volume."""
    terminal: Terminal = ctx.find_root().obj
    if lang is not None:
        terminal = replace(terminal, words=words_in(one_of(terminal.words, "--lang", lang, LANGUAGES)))
    return replace(terminal, is_quiet=terminal.is_quiet or quiet)

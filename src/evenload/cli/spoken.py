"""Commands whose help and usage problems speak both languages. Typer reads the arguments; the words are ours."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from evenload.cli.terminal import UsageProblem
from evenload.words import Words

WIDEST = 100


class SpokenCommand(TyperCommand):
    """One command."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Usage, what the command does, its arguments and its options."""
        words = words_of(ctx)
        arguments = [param for param in self.params if param.param_type_name == "argument"]
        names = " ".join(_argument_name(param) for param in arguments)
        formatter.write(_usage(words, ctx.command_path, names))
        formatter.write(_paragraphs(words.say(self.help or "")))
        formatter.write(_section(words.say("Arguments:"), [(_argument_name(p), words.say(str(getattr(p, "help", "")))) for p in arguments]))
        formatter.write(_section(words.say("Options:"), _options(words, self, ctx)))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As Typer does it, but an argument too many is a problem in the reader's language."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if ctx.args:
            words = words_of(ctx)
            raise UsageProblem(*(words.say("{argument}: This argument is one too many.", argument=argument) for argument in ctx.args))
        return rest


class SpokenGroup(TyperGroup):
    """All commands together."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Usage, what Evenload does, its commands and the options that every command takes."""
        words = words_of(ctx)
        commands = [(name, words.say(self.commands[name].help or "").split("\n")[0]) for name in self.list_commands(ctx)]
        formatter.write(_usage(words, ctx.command_path, words.say("COMMAND")))
        formatter.write(_paragraphs(words.say(self.help or "")))
        formatter.write(_section(words.say("Commands:"), commands))
        formatter.write(_section(words.say("Options:"), _options(words, self, ctx)))
        formatter.write(_paragraphs(words.say("evenload COMMAND --help explains one command.")))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of that name; an unknown one is answered with the nearest name there is."""
        if args[0] not in self.commands:
            raise UsageProblem(_unknown(words_of(ctx), args[0], list(self.commands)))
        return super().resolve_command(ctx, args)


def words_of(ctx: Any) -> Words:
    """The language of a run."""
    words: Words = ctx.find_root().obj.words
    return words


def usage_problem(words: Words, error: TyperException) -> str:
    """What Typer found wrong with the arguments, as a sentence."""
    option = str(getattr(error, "option_name", ""))
    if type(error).__name__ == "NoSuchOption":
        return _unknown(words, option, list(getattr(error, "possibilities", None) or []))
    if type(error).__name__ == "MissingParameter":
        return words.say("{argument}: Expected this argument.", argument=_argument_name(getattr(error, "param", None)))
    if option:
        return words.say("{option}: Expected a value after this option, and one only.", option=option)
    return error.format_message()


def _unknown(words: Words, name: str, known: Sequence[str]) -> str:
    nearest = get_close_matches(name, known, n=1, cutoff=0.5) or list(known)[:1]
    is_option = name.startswith("-")
    if is_option and nearest:
        return words.say("{name}: There is no such option. Did you mean {nearest}?", name=name, nearest=nearest[0])
    if is_option:
        return words.say("{name}: There is no such option. evenload COMMAND --help lists those there are.", name=name)
    if get_close_matches(name, known, n=1, cutoff=0.5):
        return words.say("{name}: There is no such command. Did you mean {nearest}?", name=name, nearest=nearest[0])
    return words.say("{name}: There is no such command. Expected one of {commands}.", name=name, commands=", ".join(known))


def _argument_name(param: Any) -> str:
    return str(getattr(param, "metavar", None) or str(getattr(param, "name", "")).upper())


def _options(words: Words, command: Any, ctx: Any) -> list[tuple[str, str]]:
    rows = []
    for param in command.get_params(ctx):
        if param.param_type_name != "option" or param.hidden:
            continue
        names = ", ".join(param.opts)
        text = words.say("Show this help.") if param.name == "help" else words.say(str(getattr(param, "help", "")))
        rows.append((names if param.is_flag else f"{names} {param.metavar}", text))
    return rows


def _width() -> int:
    return max(40, min(WIDEST, shutil.get_terminal_size((80, 24)).columns))


def _usage(words: Words, path: str, names: str) -> str:
    return words.say("Usage: {command} [OPTIONS] {arguments}", command=path, arguments=names).rstrip() + "\n"


def _paragraphs(text: str) -> str:
    return "".join("\n" + textwrap.fill(paragraph, _width()) + "\n" for paragraph in text.split("\n"))


def _section(title: str, rows: Sequence[tuple[str, str]]) -> str:
    """A heading, and rows of name and text; the text is hung at one column, or below a long name."""
    if not rows:
        return ""
    column = min(26, max(len(name) for name, _ in rows) + 4)
    lines = [f"\n{title}"]
    for name, text in rows:
        wrapped = textwrap.wrap(text, _width() - column) or [""]
        first = f"  {name}".ljust(column)
        lines += [first + wrapped[0]] if len(first) <= column and len(name) + 3 <= column else [first, " " * column + wrapped[0]]
        lines += [" " * column + line for line in wrapped[1:]]
    return "\n".join(lines) + "\n"

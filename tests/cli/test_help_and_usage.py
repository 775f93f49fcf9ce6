"""Help, versions, languages, and what is wrong with a command line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from evenload import __version__
from evenload.cli.app import app
from evenload.cli.language import language_of

COMMANDS = (
    *("template", "example", "plan", "assign", "check", "explain", "demo"),
    *("serve", "work", "backup", "restore", "audit", "doctor"),
)


def test_every_command_of_the_contract_is_there_and_none_of_a_later_one() -> None:
    assert tuple(command.name for command in app.registered_commands) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(cli, command: str) -> None:
    english = cli(command, "--help")
    french = cli(command, "--help", "--lang", "fr")
    assert (english.code, french.code) == (0, 0)
    assert english.out.startswith(f"Usage: evenload {command}")
    assert french.out.startswith("Usage\u00a0: evenload")
    assert "Show this help." in english.out
    assert "Show this help." not in french.out
    assert max(len(line) for line in (english.out + french.out).splitlines()) <= 80


def test_help_without_a_command_lists_all_commands(cli) -> None:
    outcome = cli()
    assert outcome.code == 0
    assert all(f"\n  {command} " in outcome.out for command in COMMANDS)
    assert cli("--help").out == outcome.out


def test_the_version_is_said(cli) -> None:
    assert cli("--version").out == f"evenload {__version__}\n"


@pytest.mark.parametrize(
    "arguments, environment, language",
    [
        ([], {}, "en"),
        ([], {"LANG": "fr_CA.UTF-8"}, "fr"),
        ([], {"LANG": "fr_CA.UTF-8", "LC_ALL": "en_CA.UTF-8"}, "en"),
        ([], {"LANG": "en_CA.UTF-8", "EVENLOAD_LANG": "fr"}, "fr"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        (["plan", "--lang", "fr"], {"EVENLOAD_LANG": "en"}, "fr"),
        (["--lang=en", "plan"], {"EVENLOAD_LANG": "fr"}, "en"),
        (["--lang", "xx"], {"EVENLOAD_LANG": "fr"}, "fr"),
    ],
)
def test_the_language_is_the_option_s_else_the_environment_s_else_english(arguments, environment, language) -> None:
    assert language_of(arguments, environment) == language


@pytest.mark.parametrize(
    "arguments, problem",
    [
        (["plam"], "plam: There is no such command. Did you mean plan?"),
        (["plan"], "WORKBOOK: Expected this argument."),
        (["plan", "x.xlsx", "--jsn", "y"], "--jsn: There is no such option. Did you mean --json?"),
        (["plan", "x.xlsx", "--json"], "--json: Expected a value after this option, and one only."),
        (["plan", "x.xlsx", "more"], "more: This argument is one too many."),
        (["plan", "x.xlsx", "--lang", "de"], "--lang: de: Expected one of en, fr."),
        (["plan", "x.xlsx", "--mix", "low"], "--mix: low: Expected CLASS=SHARE with each class once, for example low=50,high=50."),
        (["assign", "x.xlsx", "--seed", "-1"], "--seed: -1: Expected a whole number from 0 to 1,000,000,000."),
        (["assign", "x.xlsx", "--seconds", "nan"], "--seconds: nan: Expected seconds, a number above 0 and at most 86,400."),
        (["assign", "x.xlsx", "--as-of", "2026-13-01"], "--as-of: 2026-13-01: Expected a date written YYYY-MM-DD."),
        (["example", "x.csv"], "x.csv: Expected a name that ends in .xlsx, or a folder."),
        (["example", "x.xlsx", "--setting", "ship"], "--setting: ship: Expected one of clinic, community, school, hospital."),
    ],
)
def test_wrong_usage_is_one_clear_line_and_exit_2(cli, arguments: list[str], problem: str) -> None:
    outcome = cli(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.problems == [problem]


def test_several_wrong_options_are_all_said_at_once(cli) -> None:
    outcome = cli("assign", "x.xlsx", "--seed", "x", "--seconds", "0", "--max-moves", "1.5", "--as-of", "soon")
    assert outcome.code == 2
    assert [line.split(":")[0] for line in outcome.problems] == ["--seed", "--seconds", "--max-moves", "--as-of"]


def test_usage_problems_are_said_in_french_too(cli) -> None:
    assert cli("plam", "--lang", "fr").problems != cli("plam").problems
    assert "plam" in cli("plam", EVENLOAD_LANG="fr").err


@pytest.mark.slow
def test_python_m_evenload_is_the_same_command_line() -> None:
    outcome = subprocess.run([sys.executable, "-m", "evenload", "plan"], capture_output=True, text=True, check=False)
    assert outcome.returncode == 2
    assert outcome.stdout == ""
    assert len(outcome.stderr.splitlines()) == 1


def test_signs_that_would_steer_a_terminal_are_spelled_out(cli) -> None:
    assert cli("plan", "\x1b[31mred\n.xlsx").problems == ["\\u001b[31mred\\u000a.xlsx: There is no such file or folder."]
    assert cli("plan", "x.xlsx", "--mix", "\x07").problems[0].startswith("--mix: \\u0007")

"""The house's own rules, where no other tool checks them (CONTRIBUTING.md)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import evenload
from evenload.planning import codes, prices
from evenload.words import words_in
from evenload.words.labels import LABELS

REPOSITORY = Path(__file__).resolve().parents[1]
SOURCE = REPOSITORY / "src" / "evenload"
SOURCE_FILES = sorted(SOURCE.rglob("*.py"))
THINKING_ROOMS = ("planning", "exchange")

FORBIDDEN_WORDS = {"data", "info", "handler", "process", "util", "utils", "helper", "helpers", "common", "manager", "misc"}
LONGEST_FILE_LINES = 400
LONGEST_FUNCTION_LINES = 60
MOST_POSITIONAL_ARGUMENTS = 4

# Each exemption bears its reason; the list stands in CONTRIBUTING.md too ("Present violations").
PRESENT_VIOLATIONS: dict[str, str] = {}

NAMES_THAT_DJANGO_LOOKS_FOR = {"DATA_UPLOAD_MAX_MEMORY_SIZE", "DATA_UPLOAD_MAX_NUMBER_FIELDS", "process_view"}


@cache
def syntax(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def shown(file: Path) -> str:
    return str(file.relative_to(REPOSITORY))


def words_in_name(name: str) -> set[str]:
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).split("_")
    return {part.lower() for part in parts if part}


@cache
def names_given(file: Path) -> frozenset[str]:
    """Every name that a file gives to something: itself, classes, functions, arguments, variables."""
    names = {file.stem}
    for node in ast.walk(syntax(file)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return frozenset(names)


def functions(file: Path) -> Iterator[ast.FunctionDef]:
    """Functions of a module and methods of its classes; what is nested in a function counts as part of it."""
    for node in syntax(file).body:
        yield from (one for one in (node, *getattr(node, "body", ())) if isinstance(one, ast.FunctionDef))


def public_definitions(file: Path) -> Iterator[ast.ClassDef | ast.FunctionDef]:
    """Public classes and functions of a module, and the public methods of its public classes."""
    for node in syntax(file).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (one for one in node.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"))


def written(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def documents() -> list[Path]:
    return sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md"), *(REPOSITORY / "benchmarks").rglob("*.md")])


def test_no_name_holds_a_word_that_says_nothing() -> None:
    found = sorted(
        {
            f"{shown(file)}: {name}"
            for file in SOURCE_FILES
            for name in names_given(file) - NAMES_THAT_DJANGO_LOOKS_FOR
            if words_in_name(name) & FORBIDDEN_WORDS
        }
    )

    assert [one for one in found if one not in PRESENT_VIOLATIONS] == []


def test_no_file_and_no_folder_bears_a_word_that_says_nothing() -> None:
    folders = ("src", "tests", "benchmarks")
    paths = [path for folder in folders for path in (REPOSITORY / folder).rglob("*") if "__pycache__" not in path.parts]

    assert [shown(path) for path in paths if words_in_name(path.stem) & FORBIDDEN_WORDS] == []


@pytest.mark.parametrize("room", THINKING_ROOMS)
def test_everything_public_in_the_thinking_rooms_says_what_it_is(room: str) -> None:
    files = sorted((SOURCE / room).rglob("*.py"))
    silent_modules = [shown(file) for file in files if not ast.get_docstring(syntax(file))]
    silent = [f"{shown(file)}: {one.name}" for file in files for one in public_definitions(file) if not ast.get_docstring(one)]

    assert files != []
    assert silent_modules == []
    assert [one for one in silent if one not in PRESENT_VIOLATIONS] == []


def test_no_file_is_too_long_to_be_held_in_mind() -> None:
    files = [file for folder in ("src", "tests", "benchmarks") for file in (REPOSITORY / folder).rglob("*.py")]
    written_by_hand = [file for file in files if "migrations" not in file.parts]
    lengths = {shown(file): len(file.read_text(encoding="utf-8").splitlines()) for file in written_by_hand}

    assert {file: lines for file, lines in lengths.items() if lines > LONGEST_FILE_LINES and file not in PRESENT_VIOLATIONS} == {}


def test_no_function_is_too_long_to_be_one_thought() -> None:
    lengths = {
        f"{shown(file)}: {one.name}": (one.end_lineno or one.lineno) - one.lineno + 1 for file in SOURCE_FILES for one in functions(file)
    }

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION_LINES and name not in PRESENT_VIOLATIONS} == {}


def test_no_public_function_takes_more_than_four_arguments_by_position() -> None:
    counts = {
        f"{shown(file)}: {one.name}": len([arg for arg in [*one.args.posonlyargs, *one.args.args] if arg.arg not in ("self", "cls")])
        for file in SOURCE_FILES
        # compiled functions take arrays, and Numba knows no keywords-only; the arguments of a command are its options
        if not {"optimise", "cli"} & set(file.parts)
        for one in public_definitions(file)
        if isinstance(one, ast.FunctionDef)
    }

    assert {name: n for name, n in counts.items() if n > MOST_POSITIONAL_ARGUMENTS and name not in PRESENT_VIOLATIONS} == {}


def test_every_exemption_is_told_to_the_reader_and_names_a_file() -> None:
    told = written("CONTRIBUTING.md")

    assert [one for one in PRESENT_VIOLATIONS if not (REPOSITORY / one.split(": ")[0]).exists()] == []
    assert [one for one in PRESENT_VIOLATIONS if one.split(": ")[-1] not in told] == []


def test_planning_loads_neither_arrays_nor_solvers() -> None:
    modules = [f"evenload.planning.{file.stem}" for file in (SOURCE / "planning").glob("*.py") if file.stem != "__init__"]
    program = f"import sys, {', '.join(modules)}; print(sorted({{'numpy', 'numba', 'highspy', 'django', 'sqlite3'}} & set(sys.modules)))"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize("file", sorted((REPOSITORY / "requirements").glob("*.txt")), ids=lambda file: file.name)
def test_requirements_are_hashed_and_name_no_address(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    entries = [one for one in re.split(r"\n(?=[a-z0-9])", text) if one.strip()]

    assert entries != []
    assert re.findall(r"(?i)://|--index|--find-links|--extra-index| @ ", text) == []
    assert [one.splitlines()[0] for one in entries if "==" not in one or "--hash=sha256:" not in one] == []


def test_every_runtime_dependency_is_locked() -> None:
    project = tomllib.loads(written("pyproject.toml"))["project"]
    locked = {line.split("==")[0] for line in written("requirements/base.txt").splitlines() if line[:1].isalnum()}

    stated = {re.split(r"[<>=!~\[ ]", one)[0].lower() for one in project["dependencies"]}

    assert stated - locked == set()


def test_every_command_of_the_makefile_is_explained_in_the_readme() -> None:
    commands = re.findall(r"^([a-z]+):.*## ", written("Makefile"), flags=re.MULTILINE)
    readme = written("README.md")

    assert {"demo", "test", "fast", "lint", "bench"} <= set(commands)
    assert [one for one in commands if f"`make {one}`" not in readme] == []


def test_the_changelog_begins_with_the_version_of_the_package() -> None:
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$", written("CHANGELOG.md"), flags=re.MULTILINE)

    assert released[0] == evenload.__version__


def glossary_rows() -> list[list[str]]:
    lines = [line for line in written("GLOSSARY.md").splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if row[0] != "in code" and set(row[0]) != {"-"}]


def test_every_word_of_the_glossary_has_both_languages_and_one_meaning() -> None:
    rows = glossary_rows()
    words = [row[0] for row in rows]

    assert [row for row in rows if len(row) != 4 or not all(row)] == []
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_every_code_of_the_core_stands_in_the_glossary() -> None:
    tables = [value for name, value in vars(codes).items() if name.isupper() and isinstance(value, tuple)]
    spoken = {code for table in tables for code in table if isinstance(code, str)} | set(prices.GOALS)

    assert sorted(spoken - {row[0] for row in glossary_rows()}) == []


@pytest.mark.parametrize("kind", ["discipline", "level", "site_kind", "outcome", "feedback", "day", "language_need"])
def test_the_glossary_and_the_product_speak_the_same_french(kind: str) -> None:
    french = words_in("fr")
    spoken = {code: french.say(text).casefold() for code, text in LABELS[kind].items()}

    assert {row[0]: row[2].casefold() for row in glossary_rows() if row[0] in spoken} == spoken


def test_every_type_of_planning_is_made_of_glossary_words() -> None:
    types = {node.name for file in (SOURCE / "planning").glob("*.py") for node in syntax(file).body if isinstance(node, ast.ClassDef)}
    known = {part for row in glossary_rows() for cell in row[:2] for part in re.findall(r"[a-z]+", cell.lower())}

    plurals = {f"{word}s" for word in known}

    unknown = {name: sorted(words_in_name(name) - known - plurals - PLAIN_WORDS) for name in types if not name.startswith("_")}

    assert {name: words for name, words in unknown.items() if words} == {}


PLAIN_WORDS = {
    *("facts", "error", "where", "known", "shared"),
    *("added", "changes", "exceed", "freed", "grows", "helpful", "impossible", "joins", "leaves", "moved", "removed"),
    *("count", "figures", "line", "measures", "row", "state", "view"),
}
"""Words of types that belong to no domain: grammar, and what every table has."""


def test_every_link_of_a_document_leads_somewhere() -> None:
    links = [(file, link) for file in documents() for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", file.read_text(encoding="utf-8"))]

    assert links != []
    assert [f"{shown(file)}: {link}" for file, link in links if "://" not in link and not (file.parent / link).exists()] == []


def test_every_path_that_a_document_names_exists() -> None:
    pattern = r"`((?:src|tests|docs|requirements|benchmarks|planning|exchange|words|cli)/[\w./-]*)`"
    named = [(file, path) for file in documents() for path in re.findall(pattern, file.read_text(encoding="utf-8"))]

    assert named != []
    assert (
        sorted({f"{shown(file)}: {path}" for file, path in named if not ((REPOSITORY / path).exists() or (SOURCE / path).exists())}) == []
    )


def test_every_decision_is_listed() -> None:
    folder = REPOSITORY / "docs" / "decisions"
    pages = sorted(page.name for page in folder.glob("[0-9]*.md"))
    listed = re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))

    assert pages == listed
    assert [page[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=False)
    if tracked.returncode != 0:
        pytest.skip("not a git repository")
    files = [REPOSITORY / name for name in tracked.stdout.decode().split("\0") if name]
    machine = [str(REPOSITORY).encode() + b"/", str(Path.home()).encode() + b"/"]

    found = [shown(file) for file in files if file.is_file() and any(path in file.read_bytes() for path in machine)]

    assert found == []


def test_every_line_of_code_in_the_walk_stands_in_the_file_named_above_it() -> None:
    page = written("docs/adding-a-rule.md")
    quoted = re.findall(r"In `([\w./-]+)`:\n\n```python\n(.*?)```", page, flags=re.DOTALL)

    missing = [f"{file}: {line}" for file, block in quoted for line in block.splitlines() if line not in written(file).splitlines()]

    assert len(quoted) == page.count("```python")
    assert missing == []

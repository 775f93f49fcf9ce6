"""`make bench`: every figure that the product promises, in one run, the goals beside them.

    python -m benchmarks [PIECE …] [--quick] [--gap FOLDER] [--record] [--from FOLDER]

PIECE is a piece or the beginning of its name (`caseload`, `gap-d`); none means all, some 40 minutes on two quiet cores, with --quick
about six. --gap names a folder of generalised assignment instances; without it some are made by the published recipe. --record keeps
what each piece printed and its rows in benchmarks/recorded/, and makes RESULTS.md and the pictures anew from everything recorded there.
--from prints what was recorded in that folder instead of running (with --record: makes RESULTS.md and the pictures from it).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.gap_solvers.generate import MADE, write_instances
from benchmarks.record import RECORDED, Piece, publish, recorded, run_piece

LARGE = ("c20400", "d20400", "e20400")
"""The instances of the goals that `make bench` has the time for."""

SOLVED_TO_60 = ("--seconds", "1,2,5,10,20,60")

PIECES = (
    Piece("caseload-600", "caseload", ("--sizes", "30x600", "--seconds", "60", "--seeds", "2"), ("--sizes", "30x600", "--quick")),
    Piece("caseload-6000", "caseload", ("--sizes", "200x6000", "--seconds", "20", "--seeds", "3"), ("--sizes", "200x6000", "--quick")),
    Piece("caseload-60000", "caseload", ("--sizes", "2000x60000", "--seconds", "40", "--seeds", "1"), None),
    Piece("bound", "bound", (), ("--quick", "--seconds", "20")),
    Piece("whatif", "whatif", (), ("--sizes", "30x600,200x6000", "--changes", "40")),
    Piece("growth", "growth", ("--seconds", "30"), ("--quick", "--seconds", "10")),
    Piece("objective", "objective", (), ("--quick",)),
    Piece("gap-c", "gap", ("FOLDER", "c", *SOLVED_TO_60), ("FOLDER", "c", "--seconds", "2,5")),
    Piece("gap-d", "gap", ("FOLDER", "d", *SOLVED_TO_60), ("FOLDER", "d", "--seconds", "2,5")),
    Piece("gap-e", "gap", ("FOLDER", "e", *SOLVED_TO_60), ("FOLDER", "e", "--seconds", "2,5")),
    Piece("intake", "intake", (), None),
    Piece("web", "web", ("demonstration",), None, has_rows=False),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the pieces one after another, or show what was recorded of them."""
    asked = _arguments(arguments)
    chosen = _chosen(asked.pieces)
    failed: list[str] = []
    if asked.from_folder:
        for record in recorded(asked.from_folder, chosen):
            print(record["text"])
    else:
        with _instances(asked.gap, asked.quick) as (folder, names):
            for piece in chosen:
                if not run_piece(piece, _completed(piece, asked.quick, folder, names), RECORDED if asked.record else None):
                    failed.append(piece.name)
    if asked.record:
        publish(recorded(asked.from_folder or RECORDED, PIECES))
    if failed:
        raise SystemExit(f"failed: {' '.join(failed)}")


def _chosen(names: Sequence[str]) -> list[Piece]:
    """The pieces of these names, or whose names begin so where none bears the name itself; all where no name is given."""
    everything = [piece.name for piece in PIECES]
    wanted = {name: [name] if name in everything else [one for one in everything if one.startswith(name)] for name in names}
    unknown = [name for name, found in wanted.items() if not found]
    if unknown:
        raise SystemExit(f"no such piece: {' '.join(unknown)}; there are {', '.join(everything)}")
    return [piece for piece in PIECES if not names or any(piece.name in found for found in wanted.values())]


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("pieces", nargs="*", metavar="PIECE")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--gap", type=Path, metavar="FOLDER")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--from", dest="from_folder", type=Path, metavar="FOLDER")
    return parser.parse_args(arguments)


@contextmanager
def _instances(folder: Path | None, is_quick: bool) -> Iterator[tuple[Path, Sequence[str]]]:
    if folder is not None:
        yield folder, LARGE
        return
    with TemporaryDirectory() as made:
        names = [name for name in MADE if not is_quick or name.endswith("10100")]
        write_instances(Path(made), names)
        yield Path(made), names


def _completed(piece: Piece, is_quick: bool, folder: Path, names: Sequence[str]) -> list[str] | None:
    """The piece's arguments; None where it is left out of a quick run. A letter after FOLDER stands for the names of its kind."""
    arguments = piece.quick if is_quick else piece.full
    if arguments is None or "FOLDER" not in arguments:
        return None if arguments is None else list(arguments)
    return [str(folder), *(name for name in names if name.startswith(arguments[1])), *arguments[2:]]


if __name__ == "__main__":
    main()

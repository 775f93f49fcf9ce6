"""`make bench`: every figure that the product promises, in one run, the goals beside them.

    python -m benchmarks [PIECE …] [--quick] [--record] [--from FOLDER]
        [--gap FOLDER [--keep FOLDER] [--again SOLVERS] [--solvers SOLVERS] [--merge FILE …]]

PIECE is a piece or the beginning of its name (`caseload`, `gap-d`); none means all but `million` (25 minutes by itself) and `web-years` (ten years of
records are made first), some 50 minutes on two quiet cores, with --quick about six. --gap names a folder of generalised assignment instances, all of which
are then solved (instances × solvers × a minute); without it some are made by the published recipe. With --keep the rows of `gap` are gathered in that folder, and what is there is not run again, but
for --again; --solvers runs these alone, and --merge takes in rows of other runs (see benchmarks.gap). --record keeps what each piece
printed and its rows in benchmarks/recorded/, and makes RESULTS.md and the pictures anew from everything recorded there. --from prints what was recorded in that
folder instead of running (with --record: makes RESULTS.md and the pictures from it). Last comes one table of all goals; `goals` alone as
PIECE prints it from what was recorded.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.gap_solvers.generate import MADE, write_instances
from benchmarks.goals import print_goals
from benchmarks.record import RECORDED, Piece, heading, publish, recorded, run_piece

SOLVED_TO_60 = ("--seconds", "1,2,5,10,20,60")

PIECES = (
    Piece("caseload-600", "caseload", ("--sizes", "30x600", "--seconds", "60", "--seeds", "2"), ("--sizes", "30x600", "--quick")),
    Piece("caseload-6000", "caseload", ("--sizes", "200x6000", "--seconds", "20", "--seeds", "1"), ("--sizes", "200x6000", "--quick")),
    Piece("caseload-60000", "caseload", ("--sizes", "2000x60000", "--seconds", "40", "--seeds", "1"), None),
    Piece("bound", "bound", (), ("--quick", "--seconds", "20")),
    Piece("whatif", "whatif", (), ("--sizes", "30x600,200x6000", "--changes", "40")),
    Piece("growth", "growth", ("--seconds", "60"), ("--quick", "--seconds", "10")),
    Piece("million", "growth", ("--sizes", "30000x1000000", "--seconds", "600", "--gap", "0.5"), None, by_name=True),
    Piece("stages", "stages", ("--tightness", "0.95"), ("--quick", "--tightness", "0.95", "--moves", "20")),
    Piece("objective", "objective", (), ("--quick",)),
    *(
        Piece(f"gap-{kind}", "gap", ("FOLDER", kind, *SOLVED_TO_60), ("FOLDER", kind, "--seconds", "2,5"), keeps_rows=True)
        for kind in "abcde"
    ),
    Piece("intake", "intake", (), None),
    Piece("web", "web", ("demonstration", "desk", "--rounds", "20", "--load", "10"), None, has_rows=False),
    Piece("web-years", "web", ("years", "--rounds", "20", "--load", "10"), None, has_rows=False, by_name=True),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the pieces one after another, or show what was recorded of them."""
    asked = _arguments(arguments)
    if asked.pieces == ["goals"]:
        print_goals(recorded(asked.from_folder or RECORDED, PIECES), [piece.name for piece in PIECES])
        return
    chosen = _chosen(asked.pieces)
    failed: list[str] = []
    if asked.from_folder:
        shown = recorded(asked.from_folder, chosen)
        for record in shown:
            print(f"{heading(record)}\n{record['text']}")
        print_goals(shown, [piece.name for piece in chosen])
    else:
        failed = _run(asked, chosen)
    if asked.record:
        publish(recorded(asked.from_folder or RECORDED, PIECES))
    if failed:
        raise SystemExit(f"failed: {' '.join(failed)}")


def _run(asked: argparse.Namespace, chosen: Sequence[Piece]) -> list[str]:
    """Runs the pieces, then prints the goals that they measured; returns the names of those that failed."""
    failed = []
    with _instances(asked.gap, asked.quick) as folder, TemporaryDirectory() as kept:
        into = RECORDED if asked.record else Path(kept)
        for piece in chosen:
            arguments, reason = _completed(piece, asked, folder)
            if reason:
                print(f"== {piece.name}: {reason}\n", flush=True)
            elif not run_piece(piece, arguments, into):
                failed.append(piece.name)
        print_goals(recorded(into, chosen), [piece.name for piece in chosen])
    return failed


def _chosen(names: Sequence[str]) -> list[Piece]:
    """The pieces of these names, or whose names begin so where none bears the name itself; all where no name is given."""
    everything = [piece.name for piece in PIECES]
    wanted = {name: [name] if name in everything else [one for one in everything if one.startswith(name)] for name in names}
    unknown = [name for name, found in wanted.items() if not found]
    if unknown:
        raise SystemExit(f"no such piece: {' '.join(unknown)}; there are {', '.join(everything)}")
    return [piece for piece in PIECES if any(piece.name in found for found in wanted.values()) or not (names or piece.by_name)]


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("pieces", nargs="*", metavar="PIECE")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--gap", type=Path, metavar="FOLDER")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--again", metavar="SOLVERS")
    parser.add_argument("--solvers", metavar="SOLVERS")
    parser.add_argument("--merge", type=Path, action="extend", nargs="+", default=[], metavar="FILE")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--from", dest="from_folder", type=Path, metavar="FOLDER")
    return parser.parse_args(arguments)


@contextmanager
def _instances(folder: Path | None, is_quick: bool) -> Iterator[Path]:
    if folder is not None:
        yield folder
        return
    with TemporaryDirectory() as made:
        write_instances(Path(made), [name for name in MADE if not is_quick or name.endswith("10100")])
        yield Path(made)


def _completed(piece: Piece, asked: argparse.Namespace, folder: Path) -> tuple[list[str], str]:
    """The piece's arguments, and why it is left out where it is. FOLDER stands for the instances."""
    arguments = piece.quick if asked.quick else piece.full
    if arguments is None:
        return [], "left out of a quick run"
    if "FOLDER" in arguments and not any(path.stem[1:].isdigit() for path in folder.rglob(f"{arguments[1]}*")):
        return [], "no such instance in the folder"
    completed = [str(folder) if word == "FOLDER" else word for word in arguments]
    if piece.keeps_rows:
        completed += ["--again", asked.again] if asked.again else []
        completed += ["--solvers", asked.solvers] if asked.solvers else []
        completed += ["--merge", *map(str, asked.merge)] if asked.merge else []
        if asked.keep:
            asked.keep.mkdir(exist_ok=True)
            completed += ["--keep", str(asked.keep / f"{piece.name}.json")]
    return completed, ""


if __name__ == "__main__":
    main()

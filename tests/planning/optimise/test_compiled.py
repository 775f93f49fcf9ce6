"""Compiled code is forgotten when any source that went into it changes, not only the file that a kernel stands in."""

import pkgutil
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from numba.core.dispatcher import Dispatcher

from evenload.planning import optimise
from evenload.planning.optimise import compiled

RATE = "RATE = {rate}\n"
INNER = """
from numba import njit
from engine import (
    rate,
)
@njit(cache=True)
def priced(hours):
    return rate.RATE * hours
"""
OUTER = """
from numba import njit
from engine.inner import priced
@njit(cache=True)
def summed(hours):
    return priced(hours) + 1.0
print(summed(2.0), sum(summed.stats.cache_hits.values()))
"""


def _said(folder: Path) -> list[str]:
    done = subprocess.run([sys.executable, "-m", "engine.outer"], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_a_kernel_is_compiled_anew_when_what_it_takes_from_other_files_changes(tmp_path):
    engine = tmp_path / "engine"
    engine.mkdir()
    shutil.copy(compiled.__file__, engine / "compiled.py")
    (engine / "__init__.py").write_text("from engine import compiled\n")
    (engine / "outer.py").write_text(OUTER)
    (engine / "inner.py").write_text(INNER)
    (engine / "rate.py").write_text(RATE.format(rate=3.0))
    (engine / "elsewhere.py").write_text("OTHER = 1\n")
    assert _said(tmp_path) == ["7.0", "0"]
    (engine / "elsewhere.py").write_text("OTHER = 2\n")
    assert _said(tmp_path) == ["7.0", "1"]
    (engine / "rate.py").write_text(RATE.format(rate=5.0))
    assert _said(tmp_path) == ["11.0", "0"]


def test_every_kernel_of_the_engine_is_kept_under_the_digest_of_its_sources():
    folder = Path(compiled.__file__).parent
    modules = [import_module(f"{optimise.__name__}.{module.name}") for module in pkgutil.iter_modules([str(folder)])]
    kernels = {id(found): found for module in modules for found in vars(module).values() if isinstance(found, Dispatcher)}
    kept = [kernel for kernel in kernels.values() if hasattr(kernel._cache, "_impl")]
    assert len(kept) > 200
    for kernel in kept:
        locator = kernel._cache._impl.locator
        assert isinstance(locator, (compiled.Asked, compiled.BesideSources, compiled.OfUser))
        assert locator.get_source_stamp()[1] == compiled.digest_of_sources(Path(kernel.py_func.__code__.co_filename))

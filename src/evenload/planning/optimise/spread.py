"""Independent runs spread over processes: of this machine, or of a Dask cluster that speaks TLS (docs/decisions/0017).

Each run is a pure function of what it is given, and answers come back in the order of the questions, so that neither the number of workers
nor the death of one changes any result. What travels to a worker is a Case: ids, minutes and codes, no names of people.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from evenload import __version__
from evenload.planning.optimise.limit import never
from evenload.planning.optimise.threads import cores

Q = TypeVar("Q")
A = TypeVar("A")

MOST_DEATHS = 3
"""So many times a run is begun again because its worker died; then the run itself is taken to be what kills it."""

ASKED_EVERY_SECONDS = 0.2


class RunLostError(RuntimeError):
    """A run lost its worker again and again."""


class OtherVersionError(RuntimeError):
    """A worker of the cluster has another version of Evenload: its answers would be other answers."""


class ClusterUnavailableError(RuntimeError):
    """The cluster's software is not installed here (`pip install evenload[scale]`)."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Dask scheduler (`tls://host:8786`), the authority that signed everybody's certificates, and our own certificate and key."""

    address: str
    authority: Path
    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class _Told(Generic[A]):
    """Who is told of answers as they come."""

    finished: Callable[[int], None]
    answered: Callable[[int, A], None]


Opened = Callable[[], AbstractContextManager[Executor]]
"""Opens an executor anew: a pool whose worker was killed is broken for good."""


def executor_of(cluster: Cluster | None, *, workers: int | None = None) -> Opened:
    """Processes of this machine (as many as cores, unless said otherwise), or the workers of a cluster.

    A cluster without TLS is refused: ValueError.
    """
    if cluster is None:
        return partial(_local, workers or cores())
    if not cluster.address.startswith("tls://"):
        raise ValueError(f"expected tls://host:port, got {cluster.address}")
    return partial(_dask, cluster)


@contextmanager
def _local(workers: int) -> Iterator[Executor]:
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin_under_the_parent)
    try:
        yield pool
    finally:
        # What still runs then is not wanted any more: nobody waits for it.
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
            worker.join()


def _begin_under_the_parent() -> None:
    """A worker leaves Ctrl-C to the process that began it, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def end_with_parent() -> None:
    """A process that was killed cannot end those that it began; each of them sees it go and ends by itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            multiprocessing.connection.wait([parent.sentinel])
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _dask(cluster: Cluster) -> Iterator[Executor]:
    try:
        from distributed import Client
        from distributed.security import Security
    except ImportError as error:
        raise ClusterUnavailableError from error
    security = Security(  # type: ignore[no-untyped-call]
        tls_ca_file=str(cluster.authority),
        tls_client_cert=str(cluster.certificate),
        tls_client_key=str(cluster.key),
        require_encryption=True,
    )
    client = Client(cluster.address, security=security, set_as_default=False)  # type: ignore[no-untyped-call]
    with client, client.get_executor(pure=False) as executor:  # type: ignore[no-untyped-call]
        yield executor


def collected(
    opened: Opened, run: Callable[[Q], A], questions: Sequence[Q], *, should_stop: Callable[[], bool] = never,
    finished: Callable[[int], None] = lambda _: None, answered: Callable[[int, A], None] = lambda _number, _answer: None,
) -> list[A | None]:  # fmt: skip
    """The answers in the order of the questions. `run` is a function of a module; question and answer must be picklable.

    A worker that dies is replaced, and what it had begun is begun again; RunLostError after MOST_DEATHS of them. Asked to stop, it begins
    nothing more once there is an answer: None stands for what was not answered. `finished` is told how many answers there are, `answered`
    the number of each question, from 0, with its answer, in the order in which they come.
    """
    told = _Told(finished, answered)
    answers: list[A | None] = [None] * len(questions)
    left, deaths = dict(enumerate(questions)), 0
    while left:
        with opened() as executor:
            waiting = {executor.submit(_carried_out, __version__, run, question): number for number, question in left.items()}
            try:
                _collect(waiting, left, answers, should_stop, told)
            except BrokenExecutor as error:
                deaths += 1
                if deaths > MOST_DEATHS:
                    raise RunLostError(str(error)) from error
            finally:
                for future in waiting:
                    future.cancel()
        if should_stop() and len(left) < len(questions):
            break
    return answers


def _carried_out(version: str, run: Callable[[Q], A], question: Q) -> A:
    if version != __version__:
        raise OtherVersionError(f"expected {version}, got {__version__}")
    return run(question)


def _collect(
    waiting: dict[Future[A], int], left: dict[int, Q], answers: list[A | None], should_stop: Callable[[], bool], told: _Told[A]
) -> None:
    """Takes up what is answered until nothing is open. Raises BrokenExecutor once the answers that arrived are taken up."""
    open_futures, broken = set(waiting), None
    while open_futures:
        done, open_futures = wait(open_futures, ASKED_EVERY_SECONDS, FIRST_COMPLETED)
        for future in done:
            try:
                answer = answers[waiting[future]] = future.result()
            except BrokenExecutor as error:
                broken = error
            else:
                del left[waiting[future]]
                told.answered(waiting[future], answer)
        if done:
            told.finished(len(answers) - len(left))
        if should_stop() and len(left) < len(answers):
            return
    if broken is not None:
        raise broken

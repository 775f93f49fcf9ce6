"""Several people in the same instant: each in a thread of her own, with her own connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from django.db import connections

from evenload.workflow.refused import Refused


def answers_at_once(actions: Sequence[Callable[[], object]]) -> list[object]:
    """Run the actions in threads that begin together; what each answered, or its refusal. Any other error is raised here."""
    answers: list[object] = [None] * len(actions)
    broken: list[Exception] = []
    barrier = threading.Barrier(len(actions))

    def act(number: int) -> None:
        try:
            barrier.wait(timeout=60)
            answers[number] = actions[number]()
        except Refused as refused:
            answers[number] = refused
        except Exception as error:  # noqa: BLE001 — raised again below, where pytest sees it
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    if broken:
        raise broken[0]
    return answers

"""`evenload serve`: the pages and one worker, in one process."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from typing import Annotated, Any

import typer

from evenload.cli.options import Lang, Quiet
from evenload.cli.records_room import open_records
from evenload.cli.session import terminal_of
from evenload.cli.terminal import Terminal, UsageProblem
from evenload.cli.values import whole_number
from evenload.words import message

HELP = message(
    "Serve the pages, and carry out plans and publications.\n"
    "The records are in EVENLOAD_HOME, or where DATABASE_URL says; pages for other machines need EVENLOAD_HOSTS."
)
Host = Annotated[str, typer.Option("--host", metavar="HOST", help=message("Address to listen on; 127.0.0.1 serves this machine only."))]
Port = Annotated[str, typer.Option("--port", metavar="PORT", help=message("Port to listen on; 0 takes a free one."))]
NoWorker = Annotated[bool, typer.Option("--no-worker", help=message("Serve pages only; evenload work runs elsewhere."))]

THREADS = 8
FAREWELL_SECONDS = 10
GARBAGE_THRESHOLDS = (100_000, 20, 20)
"""what a process keeps of its programs is large: with Python's own thresholds every tenth page waited a tenth of a second for a search of it"""
LARGEST_REQUEST_BYTES = 128 * 1024 * 1024
"""far above what the pages take, so that they can say so: what is above this is cut off without a page"""


def serve(
    ctx: typer.Context,
    *,
    host: Host = "127.0.0.1",
    port: Port = "8000",
    no_worker: NoWorker = False,
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Serves until it is stopped."""
    terminal = terminal_of(ctx, lang, quiet)
    number = whole_number(terminal.words, "--port", port, low=0, high=65_535) or 0
    open_records(terminal)
    forget_old_sessions()
    server = server_at(terminal, host, number)
    terminal.result(terminal.words.say("Evenload answers at {address}. Stop it with Ctrl+C.", address=address_of(server)))
    sys.stdout.flush()
    serve_until_stopped(server, with_worker=not no_worker)
    terminal.result(terminal.words.say("Stopped."))


def forget_old_sessions() -> None:
    """Sessions that ended long ago leave the records."""
    from django.core.management import call_command

    call_command("clearsessions", verbosity=0)


def server_at(terminal: Terminal, host: str, port: int) -> Any:
    """The server, listening; requests wait until it runs."""
    import waitress
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    trusted = {"trusted_proxy": settings.PROXY, "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto"} if settings.BEHIND_TLS else {}
    try:
        return waitress.create_server(
            get_wsgi_application(),
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_body_size=LARGEST_REQUEST_BYTES,
            **trusted,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageProblem(
            terminal.words.say("{address}: Could not listen there: {reason}.", address=f"{host}:{port}", reason=reason)
        ) from error


def address_of(server: Any) -> str:
    """The address to open in a browser."""
    listening = getattr(server, "effective_listen", None)  # a name with several addresses has several sockets
    host, port = listening[0] if listening else (server.effective_host, server.effective_port)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def serve_until_stopped(server: Any, *, with_worker: bool) -> None:
    """Runs the server, and the worker beside it; a signal ends both in order, and what the worker held goes to another."""
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    stop = threading.Event()
    worker = _worker(stop) if with_worker else None
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()
        server.close()
        if worker is not None:
            worker.join(FAREWELL_SECONDS)


def _worker(stop: threading.Event) -> threading.Thread:
    from evenload.workflow.worker import work

    thread = threading.Thread(target=work, args=(stop,), name="worker", daemon=True)
    thread.start()
    return thread


def _as_interrupt(*_: object) -> None:
    raise KeyboardInterrupt

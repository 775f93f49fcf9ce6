"""Strict readers of the environment: a wrong value is refused by name, never replaced by a default."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

import platformdirs

from evenload.words import message

DATABASE_FORM = message("Expected sqlite:///path or postgresql://user:password@host:port/name.")
MAIL_FORM = message("Expected folder, console, smtp+tls://user:password@host:587, smtps://user:password@host:465 or smtp://host:25.")
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class SettingError(ValueError):
    """A setting has a value that cannot be used: its name, the value, and the sentence of what was expected."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        self.name, self.value, self.expected = name, value, expected
        super().__init__(f"{name}={value}: {expected}")


def yes_or_no(name: str, *, default: bool) -> bool:
    """`1`, `true`, `yes` or `0`, `false`, `no`."""
    text = os.environ.get(name, "").strip().lower()
    if not text:
        return default
    if text in ("1", "true", "yes"):
        return True
    if text in ("0", "false", "no"):
        return False
    raise SettingError(name, text, message("Expected yes or no."))


CLUSTER_FILES = ("EVENLOAD_CLUSTER_CA", "EVENLOAD_CLUSTER_CERT", "EVENLOAD_CLUSTER_KEY")


def cluster() -> tuple[str, Path, Path, Path] | None:
    """Scheduler of a cluster for large computations, and the files of authority, certificate and key; None: this machine alone."""
    address = os.environ.get("EVENLOAD_CLUSTER", "").strip()
    if not address:
        return None
    if not address.startswith("tls://"):
        raise SettingError("EVENLOAD_CLUSTER", address, message("Expected tls://host:port: a cluster is reached encrypted, or not at all."))
    files = [Path(os.environ.get(name, "")) for name in CLUSTER_FILES]
    for name, file in zip(CLUSTER_FILES, files, strict=True):
        if not file.is_file():
            raise SettingError(name, os.environ.get(name, ""), message("Expected the path of a file in PEM form."))
    return address, files[0], files[1], files[2]


def whole_number(name: str, *, default: int) -> int:
    """A whole number from 0."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal():
        raise SettingError(name, text, message("Expected a whole number from 0."))
    return int(text)


@dataclass(frozen=True, slots=True)
class MailWay:
    """How mails leave: `backend` is Django's name of it, `kind` is folder, console or smtp."""

    kind: str
    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    starts_tls: bool = False
    is_tls: bool = False


def mail_way(stated: str) -> MailWay:
    """From EVENLOAD_MAIL: `folder` (the default), `console`, or the address of a mail server.

    A password to another machine is sent encrypted only: refused as smtp://.
    """
    if stated in ("", "folder"):
        return MailWay("folder", "evenload.workflow.mailing.FolderBackend")
    if stated == "console":
        return MailWay("console", "django.core.mail.backends.console.EmailBackend")
    parts = urlsplit(stated)
    try:
        port = parts.port or MAIL_PORTS[parts.scheme]
    except (KeyError, ValueError):
        port = 0
    is_bare = parts.scheme == "smtp" and parts.password and parts.hostname not in THIS_MACHINE
    if not port or not parts.hostname or parts.path.strip("/") or is_bare:
        raise SettingError("EVENLOAD_MAIL", f"{parts.scheme}://…", MAIL_FORM)
    return MailWay(
        "smtp",
        "evenload.workflow.mailing.SmtpBackend",
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starts_tls=parts.scheme == "smtp+tls",
        is_tls=parts.scheme == "smtps",
    )


def mail_sender(stated: str, *, is_needed: bool, domain: str) -> str:
    """From EVENLOAD_MAIL_FROM: `evenload@example.org` or `Evenload <evenload@example.org>`; must be stated where a server sends."""
    text = stated.strip()
    name, address = parseaddr(text)
    if not text and not is_needed:
        return f"Evenload <evenload@{domain}>"
    if "@" not in address.strip("@") or any(character in text for character in "\r\n"):
        raise SettingError("EVENLOAD_MAIL_FROM", text, message("Expected the address that mails come from, as evenload@example.org."))
    return formataddr((name, address))


def hour(name: str, *, default: int) -> int:
    """An hour of the day, 0 to 23."""
    stated = whole_number(name, default=default)
    if stated > 23:
        raise SettingError(name, str(stated), message("Expected an hour from 0 to 23."))
    return stated


def words(name: str) -> list[str]:
    """Words separated by commas."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def home() -> Path:
    """Folder of the installation's state: EVENLOAD_HOME, else the platform's user data folder."""
    stated = os.environ.get("EVENLOAD_HOME", "").strip()
    return Path(stated) if stated else Path(platformdirs.user_data_dir("evenload", appauthor=False))


def database(url: str, *, state_folder: Path) -> dict[str, object]:
    """Django's database settings from DATABASE_URL: `sqlite:///path` or `postgresql://user:password@host:port/name`.

    Empty: SQLite in the state folder. SQLite runs in WAL mode with immediate transactions, so that writers wait for each
    other instead of failing.
    """
    if not url:
        return sqlite(state_folder / "evenload.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path[1:] if parts.path.startswith("//") or parts.netloc == "" else parts.path)))
    if parts.scheme not in ("postgresql", "postgres"):
        raise SettingError("DATABASE_URL", f"{parts.scheme}://…", DATABASE_FORM)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, "options": f"-c lock_timeout={1000 * wait_seconds()}"},
    }


def wait_seconds() -> int:
    """How long a page waits for a lock that another one holds, before it says that the records do not answer."""
    return whole_number("EVENLOAD_DATABASE_WAIT_SECONDS", default=20)


def sqlite(path: Path) -> dict[str, object]:
    """Settings of a SQLite file."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "timeout": wait_seconds(),
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
        "TEST": {"NAME": None},
    }


def secret_key(state_folder: Path) -> str:
    """EVENLOAD_SECRET_KEY, else one made once and kept in the state folder, readable by its owner only."""
    stated = os.environ.get("EVENLOAD_SECRET_KEY", "").strip()
    if stated:
        return stated
    path = state_folder / "secret-key"
    if not path.exists():
        from django.core.management.utils import get_random_secret_key  # only where a key is made

        state_folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(get_random_secret_key())
    return path.read_text().strip()

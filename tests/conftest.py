"""What every test may ask for: where the shared inputs lie, and how hard hypothesis tries."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import pytest
from hypothesis import HealthCheck, settings

import postgresql_cluster
from postgresql_cluster import ON_POSTGRESQL

if TYPE_CHECKING:
    from cast import Cast
    from demonstration import Demonstration

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED_DATA = REPOSITORY.parent / "shared" / "data"

# The records of a test run live in a folder of its own, never in this person's. EVENLOAD_TEST_DATABASE=postgresql runs what is
# marked `both` on a PostgreSQL cluster, which the first process of the run starts and stops; its workers find it in DATABASE_URL.
HOME = tempfile.mkdtemp(prefix="evenload-tests-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
IS_FIRST_PROCESS = "PYTEST_XDIST_WORKER" not in os.environ
if ON_POSTGRESQL and IS_FIRST_PROCESS:
    try:
        cluster = postgresql_cluster.start()
        atexit.register(cluster.stop)
        os.environ["DATABASE_URL"] = cluster.url
    except postgresql_cluster.ClusterError as refusal:
        os.environ["EVENLOAD_NO_POSTGRESQL"] = str(refusal)
elif not ON_POSTGRESQL:
    os.environ["DATABASE_URL"] = ""
os.environ.update(EVENLOAD_HOME=HOME, EVENLOAD_SECRET_KEY="of the tests only", DJANGO_SETTINGS_MODULE="evenload.settings")

# The same examples in every run: a failing build must fail again. `make fast` takes a few of them, `make soak` other and many more.
settings.register_profile("build", deadline=None, derandomize=True, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fast", settings.get_profile("build"), max_examples=10)
settings.register_profile("soak", deadline=None, max_examples=5_000, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("EVENLOAD_HYPOTHESIS", "build"))


def pytest_configure() -> None:
    """Django reads its settings here, after the environment of the tests stands. Passwords are hashed quickly: many tests sign in."""
    from django.conf import settings as django_settings

    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *django_settings.PASSWORD_HASHERS]
    django.setup()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return REPOSITORY


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium, started once for a file of tests."""
    from chromium import launched

    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of inputs that nobody here wrote, beside the repository; the test is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the shared inputs (../shared/data) are absent")
    return SHARED_DATA


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Without the slow tests, files that are slow as a whole are not even imported, nor the compiled code with them."""
    if config.getoption("markexpr") != "not slow" or collection_path.suffix != ".py":
        return None
    return True if "\npytestmark = pytest.mark.slow" in collection_path.read_text(encoding="utf-8") else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The full volume (`soak`) runs only when asked for by name; without PostgreSQL, what should run there says so."""
    refusal = os.environ.get("EVENLOAD_NO_POSTGRESQL")
    for item in items if refusal else ():
        item.add_marker(pytest.mark.skip(reason=f"PostgreSQL: {refusal}"))
    for item in items:
        if item.get_closest_marker("django_db") or {"db", "transactional_db", "live_server", "demonstration"} & set(
            getattr(item, "fixturenames", ())
        ):
            item.add_marker(pytest.mark.slow)  # records are set up first
    if "soak" in str(config.getoption("markexpr")):
        return
    kept = [item for item in items if item.get_closest_marker("soak") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(autouse=True, scope="session")
def records_can_be_emptied() -> Iterator[None]:
    """After a test with real transactions its rows are removed; the triggers that forbid that are lifted for this moment only."""
    from django.db import connection
    from django.test import TransactionTestCase

    from evenload.records.triggers import freeze, thaw

    original = TransactionTestCase._fixture_teardown

    def emptied(case: TransactionTestCase) -> None:
        thaw(connection)
        try:
            original(case)
        finally:
            freeze(connection)

    TransactionTestCase._fixture_teardown = emptied
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each worker of a run has records of its own. SQLite's are a file: threads then wait for each other as outside of tests."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(Path(HOME) / "records.sqlite3")


KEEPERS = (
    "snapshot",
    "draft_picture",
    "edition_rows",
    "planning_worksheet",
    "scenario_facts",
    "scenario_runs",
    "program_figures",
    "visit_rows",
)


@pytest.fixture(autouse=True)
def nothing_kept_of_other_tests() -> None:
    """Snapshots of programs are kept per process; the next test has other records under the same keys."""
    for name in KEEPERS:
        if kept := sys.modules.get(f"evenload.workflow.{name}"):
            kept.forget()


@pytest.fixture
def everybody(db: None) -> Cast:
    """The cast of the tests (tests/cast.py), in the records."""
    from cast import cast

    return cast()


@pytest.fixture(scope="session")
def demonstration(request: pytest.FixtureRequest) -> Demonstration:
    """The demonstration organisation (tests/demonstration.py), made once; only read it, or take a copy."""
    from demonstration import ready_demonstration

    return ready_demonstration(request.config.cache.mkdir("demonstration"))

"""Test settings of the whole house, and its fixed cast.

林 owns a firm, 周 is her colleague, 陈 reviews for the organiser, 外人 is a stranger.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("HAISHI_HOME", tempfile.mkdtemp(prefix="haishi-test-"))
os.environ.setdefault("HAISHI_SECRET_KEY", "tests-only")
os.environ.setdefault("HAISHI_LOG_LEVEL", "ERROR")


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request: pytest.FixtureRequest) -> None:
    """A database name of one's own (HAISHI_TEST_DB), when several share one server."""
    from django.conf import settings

    name = os.environ.get("HAISHI_TEST_DB", "haishi")
    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    test = settings.DATABASES["default"].setdefault("TEST", {})
    test["NAME"] = f"test_{name}{'_' + worker if worker else ''}"
    if template := os.environ.get("HAISHI_TEST_TEMPLATE"):
        test["TEMPLATE"] = template


@pytest.fixture(autouse=True)
def _plain_settings(settings: Any, tmp_path: Path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PAGE_CACHE_SECONDS = 0
    settings.FRAME_MEMORY_SECONDS = 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SEARCH_ROOT = tmp_path / "search"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "media", "base_url": "/media/"},
        },
    }


@pytest.fixture(autouse=True)
def _no_remembered_accounts() -> None:
    from haishi.trade.services.ledger import forget_accounts

    forget_accounts()


@pytest.fixture
def firm(db: None) -> Any:
    """The firm of 林 and 周."""
    from haishi.parties.tests.factories import OrganisationFactory

    return OrganisationFactory(name="蓬莱影业", name_en="Penglai Pictures", slug="penglai")


@pytest.fixture
def lin(firm: Any) -> Any:
    """林海, owner of the firm."""
    from haishi.parties.tests.factories import MembershipFactory, PersonFactory

    person = PersonFactory(email="lin@penglai.example", name="林海", name_en="Lin Hai")
    MembershipFactory(person=person, organisation=firm, role="owner")
    return person


@pytest.fixture
def zhou(firm: Any) -> Any:
    """周遥, staff of the firm."""
    from haishi.parties.tests.factories import MembershipFactory, PersonFactory

    person = PersonFactory(email="zhou@penglai.example", name="周遥", name_en="Zhou Yao")
    MembershipFactory(person=person, organisation=firm, role="staff")
    return person


@pytest.fixture
def organiser(db: None) -> Any:
    """The organiser's organisation."""
    from haishi.parties.tests.factories import OrganisationFactory

    return OrganisationFactory(
        name="海州会展局", name_en="Haizhou Expo Bureau", slug="haizhou", is_organiser=True
    )


@pytest.fixture
def chen(organiser: Any) -> Any:
    """陈砚, owner of the organiser: reviews, moderates, edits the programme."""
    from haishi.parties.tests.factories import OrganiserDutyFactory, PersonFactory

    person = PersonFactory(email="chen@haizhou.example", name="陈砚", name_en="Chen Yan")
    OrganiserDutyFactory(person=person, organisation=organiser, duty="owner")
    return person


@pytest.fixture
def came(organiser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every firm has come to the organiser, as modules above would know it from applications."""
    from haishi.parties import policies
    from haishi.parties.models import Organisation

    everybody = policies.Ties(
        lambda organisers: Organisation.objects.values("pk"), lambda firm: [organiser.pk]
    )
    monkeypatch.setattr(policies, "_ties", [])
    policies.register_ties(everybody)


@pytest.fixture
def stranger(db: None) -> Any:
    """外人: an account that belongs nowhere."""
    from haishi.parties.tests.factories import PersonFactory

    return PersonFactory(email="stranger@elsewhere.example", name="外人", name_en="Stranger")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests of concurrency empty all tables, which the audit log and the ledger refuse; only here
    they may."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table, trigger in (
            ("foundation_auditentry", "audit_entry"),
            ("foundation_auditlink", "audit_link"),
            ("foundation_paperrevision", "paper_revision"),
            ("trade_entry", "entry"),
            ("trade_posting", "posting"),
        ):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}_no_truncate")

"""Every change of state is a row in an append-only, hash-chained log.

Services call `record` in their own transaction; one sealer (a loop of the worker) links committed
rows into the chain. Sealing apart keeps a chain without making every writer in the house wait for
one lock (docs/adr/0002-seal-after-commit.md).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from haishi.foundation.errors import Stale
from haishi.foundation.models import AuditEntry, AuditLink, Versioned
from haishi.foundation.service import inside_service
from haishi.foundation.types import Actor

GENESIS = "0" * 64
SEAL_LOCK = 7_301_001


def subject_type(row: models.Model) -> str:
    """`module.model` of a row, as stored in the log."""
    return row._meta.label_lower


def record(actor: Actor, action: str, row: models.Model | None = None, **detail: Any) -> AuditEntry:
    """Write that `actor` did `action` to `row`. `detail` holds plain values, no secrets."""
    assert inside_service(), "record() belongs inside a @service"
    return AuditEntry.objects.create(
        actor_id=actor.pk,
        actor_name=str(getattr(actor, "name", "") or "")[:120],
        action=action,
        subject_type=subject_type(row) if row is not None else "",
        subject_id=row.pk if row is not None else None,
        version=getattr(row, "version", None),
        detail=json.loads(json.dumps(detail, default=str)),
    )


def history(row: models.Model, limit: int = 100) -> list[AuditEntry]:
    """What happened to `row`, newest first."""
    entries = AuditEntry.objects.filter(subject_type=subject_type(row), subject_id=row.pk)
    return list(entries.order_by("-id")[:limit])


def save_edited(actor: Actor, action: str, row: Versioned, seen: int, **changes: Any) -> list[str]:
    """Set `changes` on `row` (already locked), if the editor had seen its latest version.

    Returns the names of the fields that changed; writes the audit row and grows the version only
    when one did. Raises Stale, which says who changed what since `seen`.
    """
    if seen != row.version:
        raise Stale(changes=_describe(row, seen), current=row.version)
    changed = {name: value for name, value in changes.items() if getattr(row, name) != value}
    if not changed:
        return []
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changed, "version", "updated_at"])
    record(actor, action, row, before=before, after=changed)
    return list(changed)


def _describe(row: Versioned, seen: int) -> str:
    since = [e for e in history(row) if (e.version or 0) > seen]
    if not since:
        return _("这条记录已被修改")
    last = since[0]
    names: list[str] = []
    for entry in since:
        for name in entry.detail.get("after", {}):
            label = str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            if label not in names:
                names.append(label)
    who = last.actor_name or _("系统")
    return _("%(who)s 已修改了%(what)s") % {"who": who, "what": "、".join(names) or last.action}


def canonical(entry: AuditEntry) -> bytes:
    """The bytes of an entry that are hashed: sorted compact JSON in UTF-8, RFC 8785 in spirit."""
    content = {
        "id": entry.pk,
        "at": entry.at.isoformat(),
        "actor": entry.actor_id,
        "name": entry.actor_name,
        "action": entry.action,
        "subject": [entry.subject_type, entry.subject_id],
        "version": entry.version,
        "detail": entry.detail,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def link_hash(previous: str, entry: AuditEntry) -> str:
    """sha256 in hex of the previous link's hash and the canonical entry."""
    return hashlib.sha256(previous.encode("ascii") + canonical(entry)).hexdigest()


@transaction.atomic
def seal(limit: int = 2_000) -> int:
    """Link committed entries into the chain, oldest first. Returns how many.

    One sealer at a time: a second one finds the advisory lock taken and does nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEAL_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    last = AuditLink.objects.order_by("-sequence").first()
    sequence, previous = (last.sequence, last.hash) if last else (0, GENESIS)
    links = []
    for entry in AuditEntry.objects.filter(link=None).order_by("id")[:limit]:
        sequence, previous = sequence + 1, link_hash(previous, entry)
        links.append(AuditLink(sequence=sequence, entry=entry, hash=previous))
    AuditLink.objects.bulk_create(links)
    return len(links)


@dataclass(frozen=True)
class Located:
    """An entry in the chain: its link, and whether it and `checked` links around it are whole."""

    entry: AuditEntry
    sequence: int
    hash: str
    checked: int
    whole: bool


def locate(row: models.Model, action: str, around: int = 100) -> Located | None:
    """The newest sealed `action` of `row`, with up to `around` links on either side computed again.

    A bounded look for a page: `verify` walks all. None when there is none, or not sealed yet.
    """
    links = AuditLink.objects.select_related("entry").order_by("-sequence")
    named = {"entry__subject_type": subject_type(row), "entry__subject_id": row.pk}
    found = links.filter(**named, entry__action=action).first()
    if found is None:
        return None
    first, last = max(1, found.sequence - around), found.sequence + around
    before = AuditLink.objects.filter(sequence=first - 1).values_list("hash", flat=True).first()
    previous, expected, whole = before or GENESIS, first, True
    for link in links.filter(sequence__range=(first, last)).order_by("sequence"):
        whole &= link.sequence == expected and link.hash == link_hash(previous, link.entry)
        previous, expected = link.hash, expected + 1
    return Located(found.entry, found.sequence, found.hash, expected - first, whole)


def verify() -> tuple[int, int | None]:
    """Walk the whole chain. Returns (links checked, sequence of the first bad link or None)."""
    previous, expected = GENESIS, 1
    links = AuditLink.objects.select_related("entry").order_by("sequence")
    for link in links.iterator(chunk_size=2_000):
        if link.sequence != expected or link.hash != link_hash(previous, link.entry):
            return expected - 1, expected
        previous, expected = link.hash, expected + 1
    return expected - 1, None


def sealed(entry_ids: Iterable[int]) -> dict[int, tuple[int, bool]]:
    """{entry id: (sequence, whether its link matches its record and the link before it)}.

    Entries that wait for their seal are missing. Two queries; `verify` walks the whole chain.
    """
    links = AuditLink.objects.filter(entry__in=[*entry_ids]).select_related("entry")
    found = {link.sequence: link for link in links}
    before = dict(
        AuditLink.objects.filter(sequence__in=[n - 1 for n in found]).values_list(
            "sequence", "hash"
        )
    )
    return {
        link.entry_id: (
            sequence,
            link.hash == link_hash(before.get(sequence - 1, GENESIS), link.entry),
        )
        for sequence, link in found.items()
    }

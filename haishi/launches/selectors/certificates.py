"""Certificates as anybody checks them."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from haishi.expo import selectors as expo
from haishi.foundation import audit
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.launches.models import Allotment, Certificate, Launch
from haishi.launches.selectors.shown import announced
from haishi.parties import selectors as parties


@dataclass(frozen=True)
class Checked:
    """A certificate with what was computed again for this very page.

    `same_file`: the kept file has the recorded SHA-256; `recorded`: the audit chain holds this
    number with this SHA-256 (`sequence`: at which link); `whole`: that link and `checked` around it
    are unbroken. `sealed` is False for the second until the sealer comes by.
    """

    row: Certificate
    name: Bilingual
    firm: Bilingual
    edition: Bilingual
    rule: Bilingual
    unveiled: dt.datetime
    url: str
    same_file: bool
    sealed: bool
    recorded: bool
    whole: bool
    checked: int
    sequence: int
    link: str
    may_download: bool

    @property
    def valid(self) -> bool:
        """Whether everything fits and nobody revoked it."""
        return self.same_file and self.recorded and self.whole and self.row.revoked_at is None


def check_certificate(actor: Actor, number: str) -> Checked:
    """One by its number, computed again at bounded cost. Raises NotFound."""
    row = _get(number)
    facts = row.facts
    place = audit.locate(row, "certificate.issued")
    said = place.entry.detail if place else {}
    return Checked(
        row=row,
        name=Bilingual(*facts["name"]),
        firm=Bilingual(*facts["firm"]),
        edition=Bilingual(*facts["edition"]),
        rule=Bilingual(*facts.get("rule", ("", ""))),
        unveiled=dt.datetime.fromisoformat(facts["unveiled"]),
        url=row.launch.get_absolute_url(),
        same_file=hashlib.sha256(bytes(row.content)).hexdigest() == row.sha256,
        sealed=place is not None,
        recorded=(said.get("number"), said.get("sha256")) == (row.number, row.sha256),
        whole=place is not None and place.whole,
        checked=place.checked if place else 0,
        sequence=place.sequence if place else 0,
        link=place.hash if place else "",
        may_download=_may_download(actor, row.launch),
    )


def certificate_file(actor: Actor, number: str) -> bytes:
    """The PDF, for the firm and the organiser's reviewers. Raises NotFound, Forbidden."""
    row = _get(number)
    if not _may_download(actor, row.launch):
        raise Forbidden
    return bytes(row.content)


def certificate_of(launch: Launch) -> Certificate | None:
    """The certificate of a launch, without its file, when there is one."""
    return Certificate.objects.defer("content").filter(launch=launch).first()


def allotment_of(launch: Launch) -> Allotment | None:
    """The first sale of a launch, when there is one."""
    return Allotment.objects.filter(launch=launch).first()


def digest_of(sale: Allotment) -> str:
    """The digest of a draw's tickets as recorded with the decision, or ""."""
    return digest_in(audit.history(sale))


def digest_in(told: list[Any]) -> str:
    """The same from the history of a sale."""
    found = [entry.detail for entry in told if entry.action == "draw.decided"]
    return str(found[0].get("digest", "")) if found else ""


def _get(number: str) -> Certificate:
    rows = Certificate.objects.select_related(
        "launch__exhibitor__organisation", "launch__exhibitor__edition__series"
    )
    row = rows.filter(number=number).first()
    if row is None or not announced().filter(pk=row.launch_id).exists():
        raise NotFound
    return row


def _may_download(actor: Actor, launch: Launch) -> bool:
    firm = launch.exhibitor.organisation_id
    return (
        actor.is_staff
        or parties.is_member(actor, firm)
        or expo.can_moderate(actor, launch.exhibitor.edition)
    )

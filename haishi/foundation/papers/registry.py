"""Papers that the platform issued: kept with every signature, checked by anybody.

Writes belong into the service of the module that owns the paper; whoever calls has checked who may.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from haishi.foundation import audit
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.errors import Conflict, NotFound
from haishi.foundation.models import IssuedPaper, PaperRevision
from haishi.foundation.papers import signing
from haishi.foundation.papers.blocks import Clause, Paper
from haishi.foundation.papers.signing import SignatureFact
from haishi.foundation.papers.writing import compose
from haishi.foundation.service import service
from haishi.foundation.types import Actor

# Without letters and digits that are taken for one another; 59 bits.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

AGREED = Clause(
    Bilingual("电子签名", "Electronic signatures"),
    Bilingual(
        "各方同意以电子签名签署本文件。签名采用 PAdES 格式，证书由平台自建的证书机构签发；"
        "依据《中华人民共和国电子签名法》第十三条第二款，各方约定此种签名为可靠的电子签名，"
        "与手写签名或者盖章具有同等的法律效力。",
        "The parties agree to sign this document electronically. Signatures follow PAdES; their "
        "certificates are issued by the platform's own authority. Under article 13, paragraph 2, "
        "of the Electronic Signature Law of the People's Republic of China the parties agree that "
        "such signatures are reliable and have the same legal effect as a handwritten signature "
        "or seal.",
    ),
)


class PaperAltered(Conflict):
    message = _("文件与封存的内容不一致，已停止操作，没有任何改动。请联系管理员。")


class PaperMovedOn(Conflict):
    message = _("文件刚刚由另一方签署，请刷新后再签。")


@dataclass(frozen=True)
class RevisionFact:
    """One state of a paper. `sequence`: its link in the audit chain, None before the seal;
    `holds`: whether that link matches."""

    number: int
    signed_for: str
    at: dt.datetime
    sha256: str
    sequence: int | None
    holds: bool


@dataclass(frozen=True)
class Checked:
    """What a file turned out to be. `revision`: the state it equals byte for byte, or None."""

    revision: int | None
    is_latest: bool
    signatures: tuple[SignatureFact, ...]


@service
def issue(
    actor: Actor,
    paper: Paper,
    *,
    kind: Bilingual,
    parties: Iterable[Bilingual] = (),
) -> IssuedPaper:
    """Write a paper, keep it as revision 0, and print where it can be checked.

    Frames of `Signatures` become empty fields. Raises FontMissing.
    """
    code = "".join(secrets.choice(LETTERS) for _n in range(12))
    written = compose(replace(paper, verify_url=f"{settings.PUBLIC_URL}/papers/{code}/"))
    pdf = signing.prepare(written.pdf, written.places) if written.places else written.pdf
    row = IssuedPaper.objects.create(
        code=code,
        number=paper.number,
        kind=kind.zh,
        kind_en=kind.en,
        parties=[[name.zh, name.en] for name in parties],
    )
    _keep(actor, row, 0, pdf, "paper.issued")
    return row


@service
def add_signature(
    actor: Actor, paper_id: int, before: PaperRevision, pdf: bytes, signed_for: str
) -> PaperRevision:
    """Keep the file after a signature that was made on `before`.

    Raises NotFound, PaperMovedOn, PaperAltered (it is not `before` with something added).
    """
    row = IssuedPaper.objects.select_for_update().filter(pk=paper_id).first()
    if row is None:
        raise NotFound
    last = latest(paper_id)
    if last.pk != before.pk:
        raise PaperMovedOn
    if not pdf.startswith(last.content) or len(pdf) == len(last.content):
        raise PaperAltered
    return _keep(actor, row, last.number + 1, pdf, "paper.signed", signed_for)


def _keep(
    actor: Actor, row: IssuedPaper, number: int, pdf: bytes, action: str, signed_for: str = ""
) -> PaperRevision:
    digest = hashlib.sha256(pdf).hexdigest()
    facts = {"number": row.number, "revision": number, "sha256": digest, "signed_for": signed_for}
    entry = audit.record(actor, action, row, **facts)
    return PaperRevision.objects.create(
        paper=row,
        number=number,
        sha256=digest,
        content=pdf,
        signed_for=signed_for[:120],
        entry=entry,
    )


def latest(paper_id: int) -> PaperRevision:
    """The newest state, its bytes compared with both hashes. Raises NotFound, PaperAltered."""
    rows = PaperRevision.objects.filter(paper=paper_id).select_related("entry", "paper")
    row = rows.order_by("-number").first()
    if row is None:
        raise NotFound
    return _unaltered(row)


def _unaltered(row: PaperRevision) -> PaperRevision:
    row.content = bytes(row.content)
    digest = hashlib.sha256(row.content).hexdigest()
    known = str(row.entry.detail.get("sha256", ""))
    if not (hmac.compare_digest(digest, row.sha256) and hmac.compare_digest(digest, known)):
        raise PaperAltered
    return row


def get(code: str) -> IssuedPaper:
    """One by its code, as people type it. Raises NotFound."""
    if found := IssuedPaper.objects.filter(code=code.strip().upper()).first():
        return found
    raise NotFound


def names(row: IssuedPaper) -> list[Bilingual]:
    """The organisations a paper concerns, in the reader's language."""
    return [Bilingual(*pair) for pair in row.parties]


def revisions(row: IssuedPaper) -> list[RevisionFact]:
    """All states of a paper with their place in the audit chain, newest first."""
    states = list(row.revisions.defer("content").order_by("-number"))
    links = audit.sealed(state.entry_id for state in states)
    return [
        RevisionFact(
            number=state.number,
            signed_for=state.signed_for,
            at=state.at,
            sha256=state.sha256,
            sequence=links.get(state.entry_id, (None, False))[0],
            holds=links.get(state.entry_id, (None, False))[1],
        )
        for state in states
    ]


def check(row: IssuedPaper, pdf: bytes) -> Checked:
    """Compare a file with what is kept, byte for byte and signature by signature.

    Raises NotAPaper.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    numbers = dict(row.revisions.values_list("sha256", "number"))
    facts = signing.verify(pdf)
    return Checked(
        revision=numbers.get(digest),
        is_latest=numbers.get(digest) == max(numbers.values(), default=-1),
        signatures=tuple(facts),
    )

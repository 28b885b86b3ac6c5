"""Signatures in papers: PAdES (ETSI EN 319 142-1), level B-B, or B-T when a time stamp authority
is set.

All fields are made before the first signature; the first one certifies the document (DocMDP) and
from then on allows nothing but filling them. A signature is an incremental update: it never
changes a byte of what others signed.
"""

import datetime as dt
import functools
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from asn1crypto import pem, x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps.requests_client import HTTPTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from haishi.foundation import clock
from haishi.foundation.errors import Conflict, Invalid
from haishi.foundation.papers import keys, stamp
from haishi.foundation.papers.blocks import Place
from haishi.foundation.papers.keys import Signatory
from haishi.foundation.service import inside_service

DIGEST = "sha256"
_MIDDLE, _NONE = AxisAlignment.ALIGN_MID, Margins.uniform(0)


class NotAPaper(Invalid):
    message = _("这不是可以读取的 PDF 文件。")
    field = "file"


class FieldTaken(Conflict):
    message = _("这一方已经签署，或文件中没有这一方的签名位置。")


@dataclass(frozen=True)
class SignatureFact:
    """One signature field of a file and what is true of it.

    `intact`: the signed bytes are unchanged; `valid`: the signature matches its certificate;
    `trusted`: the certificate comes from this platform. `covers`: `file`, `revision` (others signed
    after it), or `less`. `modification`: what was done to the file after it, in pyHanko's words;
    `allowed`: whether the first signer's rule (DocMDP) permits that.
    """

    field: str
    signed: bool
    signer: str = ""
    organisation: str = ""
    at: dt.datetime | None = None
    intact: bool = False
    valid: bool = False
    trusted: bool = False
    covers: str = "less"
    modification: str = ""
    allowed: bool = False

    @property
    def good(self) -> bool:
        """Whether everything holds."""
        return (
            self.signed
            and self.intact
            and self.valid
            and self.trusted
            and self.allowed
            and self.covers != "less"
        )


def prepare(pdf: bytes, places: Iterable[Place]) -> bytes:
    """The file with one empty signature field at each place. Do it before anybody signs."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for place in places:
        spec = fields.SigFieldSpec(place.field, on_page=place.page, box=place.box)
        fields.append_signature_field(writer, spec)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def sign(pdf: bytes, field: str, who: Signatory, reason: str = "") -> bytes:
    """The file with `who`'s signature in `field`. Raises NotAPaper, FieldTaken, KeyLocked.

    May ask the time stamp authority, so never inside a transaction.
    """
    assert not (settings.TSA_URL and inside_service()), "no network inside a transaction"
    reader = _read(pdf)
    places = {name: box for name, _value, box in _fields(reader, empty=True)}
    if field not in places:
        raise FieldTaken
    pair, at = keys.pair_of(who), clock.now()
    left, low, right, high = places[field]
    picture = stamp.drawn(who, at, pair.certificate.serial_number, right - left, high - low)
    meta = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm=DIGEST,
        name=who.person,
        reason=reason or None,
        location="CN",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=not list(reader.embedded_signatures),
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )
    with stamp.as_file(picture) as name:
        style = StaticStampStyle(
            border_width=0,
            background=ImportedPdfPage(name),
            background_opacity=1,
            background_layout=SimpleBoxLayoutRule(_MIDDLE, _MIDDLE, _NONE),
        )
        signer = signers.PdfSigner(meta, _signer(pair), timestamper=_clock(), stamp_style=style)
        signed = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    return bytes(signed.getbuffer())


def verify(pdf: bytes) -> list[SignatureFact]:
    """What is true of each signature field, in the order of signing, empty fields last.

    Raises NotAPaper.
    """
    reader = _read(pdf)
    try:
        facts = [_fact(found) for found in reader.embedded_signatures]
        empty = [name for name, _value, _box in _fields(reader, empty=True)]
    except Exception:  # a file from anywhere may be broken in every way
        raise NotAPaper from None
    return facts + [SignatureFact(name, signed=False) for name in empty]


def _fact(found: Any) -> SignatureFact:
    status = validate_pdf_signature(found, _trust(), skip_diff=True)
    level, allowed = _changes(found) if status.intact else ("", False)
    subject = found.signer_cert.subject.native
    at = status.timestamp_validity.timestamp if status.timestamp_validity else None
    return SignatureFact(
        field=found.field_name,
        signed=True,
        signer=str(subject.get("common_name", "")),
        organisation=str(subject.get("organization_name", "")),
        at=at or status.signer_reported_dt,
        intact=bool(status.intact),
        valid=bool(status.valid),
        trusted=bool(status.trusted),
        covers=_COVERS.get(status.coverage.name, "less") if status.coverage else "less",
        modification=level,
        allowed=allowed,
    )


def _changes(found: Any) -> tuple[str, bool]:
    """(what was done to the file after the signature, whether that is allowed)."""
    try:
        status = validate_pdf_signature(found, _trust())
    except Exception:  # whatever was added cannot even be read
        return "other", False
    level = status.modification_level
    return (level.name.lower() if level else ""), bool(status.docmdp_ok)


_COVERS = {"ENTIRE_FILE": "file", "ENTIRE_REVISION": "revision"}


def _read(pdf: bytes) -> PdfFileReader:
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        reader.root["/Pages"]
    except Exception:  # a file from anywhere may be broken in every way
        raise NotAPaper from None
    return reader


def _fields(reader: PdfFileReader, *, empty: bool) -> list[tuple[str, Any, tuple[int, ...]]]:
    found = fields.enumerate_sig_fields(reader, filled_status=not empty)
    return [
        (name, value, tuple(int(n) for n in ref.get_object()["/Rect"]))
        for name, value, ref in found
    ]


def _trust() -> ValidationContext:
    return ValidationContext(trust_roots=[_asn1(keys.root_pem())], allow_fetching=False)


@functools.lru_cache(64)
def _asn1(text: bytes) -> x509.Certificate:
    _kind, _headers, der = pem.unarmor(text)
    return x509.Certificate.load(der)


def _signer(pair: keys.Pair) -> signers.SimpleSigner:
    own = _asn1(pair.certificate.public_bytes(serialization.Encoding.PEM))
    store = SimpleCertificateStore()
    store.register(_asn1(keys.root_pem()))
    form = serialization.PrivateFormat.PKCS8
    plain = pair.key.private_bytes(serialization.Encoding.DER, form, serialization.NoEncryption())
    return signers.SimpleSigner(own, PrivateKeyInfo.load(plain), store)


def _clock() -> HTTPTimeStamper | None:
    return HTTPTimeStamper(settings.TSA_URL, timeout=10) if settings.TSA_URL else None

"""Keys of papers: the platform's own authority, and one certificate for each person who signs.

Made once, under HAISHI_HOME/secrets, one file each (mode 0600), the private key encrypted under a
passphrase derived from SECRET_KEY: a copy of the folder alone opens nothing. They are never in the
database, hence in no dump.
"""

import datetime as dt
import functools
import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from haishi.foundation import clock
from haishi.foundation.errors import DomainError

AUTHORITY_FOR, SIGNER_FOR = dt.timedelta(days=7300), dt.timedelta(days=1095)
# A certificate is made anew this long before it ends.
EARLY = dt.timedelta(days=30)
_CURVE = ec.SECP256R1()
_LENGTH = 64  # RFC 5280, ub-common-name and ub-organization-name


class KeyLocked(DomainError):
    message = _("签名密钥无法打开：安装的密钥已更换，请联系管理员。")


@dataclass(frozen=True)
class Pair:
    """A private key with its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True)
class Signatory:
    """Whoever signs: a person for an organisation."""

    organisation_id: int
    person_id: int
    organisation: str
    person: str


def _folder() -> Path:
    folder = Path(settings.HAISHI_HOME) / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _passphrase() -> bytes:
    key = settings.SECRET_KEY.encode()
    return hmac.digest(key, b"haishi:papers:keys", "sha256").hex().encode()


def authority() -> Pair:
    """The platform's own certificate authority, made when it is asked for first."""
    path = _folder() / "paper-authority.pem"
    if not path.exists():
        _store(path, _make_authority(), replace=False)
    return _load(path)


def root_pem() -> bytes:
    """The authority's certificate, for whoever wants to check signatures elsewhere."""
    return authority().certificate.public_bytes(serialization.Encoding.PEM)


def pair_of(who: Signatory) -> Pair:
    """The key of a signatory; a new certificate when names changed or the old one ends soon."""
    path = _path_of(who.organisation_id, who.person_id)
    if path.exists() and _still_true(found := _load(path), who):
        return found
    _store(path, _make_signer(who), replace=True)
    return _load(path)


def forget(person_id: int) -> None:
    """Delete the private keys of a person; what was signed stays valid."""
    for path in _folder().glob(f"paper-signer-*-{person_id}.pem"):
        path.unlink(missing_ok=True)


def _path_of(organisation_id: int, person_id: int) -> Path:
    return _folder() / f"paper-signer-{organisation_id}-{person_id}.pem"


def _still_true(pair: Pair, who: Signatory) -> bool:
    named = pair.certificate.subject == _name(who.person, who.organisation)
    ours = pair.certificate.issuer == authority().certificate.subject
    return named and ours and pair.certificate.not_valid_after_utc > clock.now() + EARLY


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:_LENGTH]),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:_LENGTH]),
        ]
    )


def _make_authority() -> Pair:
    key = ec.generate_private_key(_CURVE)
    mark = hashlib.sha256(_public(key)).hexdigest()[:8]
    name = _name(f"Haishi Papers {mark}", "海市 Haishi")
    return Pair(key, _certificate(key, name, key, name, AUTHORITY_FOR, is_authority=True))


def _make_signer(who: Signatory) -> Pair:
    root = authority()
    key = ec.generate_private_key(_CURVE)
    name = _name(who.person, who.organisation)
    issuer = root.certificate.subject
    return Pair(key, _certificate(key, name, root.key, issuer, SIGNER_FOR, is_authority=False))


def _public(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.DER, form)


def _certificate(
    key: ec.EllipticCurvePrivateKey,
    subject: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    valid: dt.timedelta,
    *,
    is_authority: bool,
) -> x509.Certificate:
    now = clock.now()
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    path_length = 0 if is_authority else None
    of_issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        # Clocks of readers may be a little slow.
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + valid)
        .add_extension(x509.BasicConstraints(is_authority, path_length), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(of_issuer, critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _store(path: Path, pair: Pair, *, replace: bool) -> None:
    """Write key and certificate beside their place, then put them there in one step."""
    text = pair.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(_passphrase()),
    ) + pair.certificate.public_bytes(serialization.Encoding.PEM)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "wb") as stream:
        stream.write(text)
    if replace:
        partial.replace(path)
        return
    try:
        os.link(partial, path)
    except FileExistsError:
        pass  # another process was quicker; its key is the one
    finally:
        partial.unlink()


def _load(path: Path) -> Pair:
    return _open(path.read_bytes(), _passphrase())


@functools.lru_cache(64)
def _open(text: bytes, passphrase: bytes) -> Pair:
    try:
        key = serialization.load_pem_private_key(text, passphrase)
    except ValueError:
        raise KeyLocked from None
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Pair(key, x509.load_pem_x509_certificate(text))

"""House and origin know each other by signatures."""

import pytest

from wire.signing import BadSignature, check, sign

KEY, NOW = bytes(32), 1_800_000_000.0


def test_a_signed_request_is_known_for_a_minute_on_both_sides() -> None:
    headers = sign(KEY, "PUT", "/control/sessions/a?x=1", b"{}", NOW)
    for moment in (NOW - 60, NOW, NOW + 60):
        check(KEY, "put", "/control/sessions/a?x=1", b"{}", headers, moment)
    for moment in (NOW - 61, NOW + 61):
        with pytest.raises(BadSignature, match="time"):
            check(KEY, "PUT", "/control/sessions/a?x=1", b"{}", headers, moment)


@pytest.mark.parametrize(
    ("key", "method", "path", "body"),
    [
        (b"x" * 32, "PUT", "/a", b"{}"),
        (KEY, "DELETE", "/a", b"{}"),
        (KEY, "PUT", "/b", b"{}"),
        (KEY, "PUT", "/a?y=1", b"{}"),
        (KEY, "PUT", "/a", b"{ }"),
    ],
)
def test_a_changed_request_is_not_known(key: bytes, method: str, path: str, body: bytes) -> None:
    with pytest.raises(BadSignature, match="signature"):
        check(key, method, path, body, sign(KEY, "PUT", "/a", b"{}", NOW), NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Haishi ab"},
        {"Authorization": "Bearer ab", "X-Haishi-Time": "1800000000"},
        {"Authorization": "Haishi ab", "X-Haishi-Time": "soon"},
        {"Authorization": "Haishi ab", "X-Haishi-Time": "١٨٠٠٠٠٠٠٠٠"},
        {"Authorization": "Haishi ab", "X-Haishi-Time": "9" * 40},
    ],
)
def test_unreadable_headers_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature, match="missing"):
        check(KEY, "GET", "/", b"", headers, NOW)


def test_a_signature_that_is_not_ascii_is_refused_and_not_a_crash() -> None:
    headers = {"Authorization": "Haishi ä", "X-Haishi-Time": str(int(NOW))}
    with pytest.raises(BadSignature, match="signature"):
        check(KEY, "GET", "/", b"", headers, NOW)

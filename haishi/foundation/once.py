"""A repeated submit has one effect: double click, back button, retry of an API client."""

import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict
from haishi.foundation.models import Submission


class KeyReused(Conflict):
    message = _("这个幂等键已用于另一个请求。")


def new_key() -> str:
    """A fresh key for a hidden form field."""
    return secrets.token_urlsafe(18)


def fingerprint(content: Any) -> str:
    """sha256 of the canonical JSON of what was asked."""
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, default=str, ensure_ascii=False).encode()
    ).hexdigest()


def run(scope: str, key: str, action: Callable[[], Any], asked: str = "") -> tuple[Any, bool]:
    """Do `action` unless `key` was used in `scope` before. Returns (answer, was repeated).

    The answer must be plain JSON. A concurrent repetition waits for the first to commit. An action
    that fails leaves no trace, so the same key may try again. Raises KeyReused when the key
    belonged to a different request.
    """
    full = f"{scope}:{key}"[:160]
    with transaction.atomic():
        try:
            with transaction.atomic():
                row = Submission.objects.create(key=full, fingerprint=asked)
        except IntegrityError:
            row = Submission.objects.get(key=full)
            if row.fingerprint != asked:
                raise KeyReused from None
            return row.answer, True
        row.answer = action()
        row.save(update_fields=["answer"])
        return row.answer, False

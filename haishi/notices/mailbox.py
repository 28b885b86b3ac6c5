"""Mail of the embedded installation: every message is a file a person can open."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from haishi.foundation import clock

_UNSAFE = re.compile(r"[^\w@.+-]+")


class EmailBackend(BaseEmailBackend):
    """Writes `<time> <recipient> <subject>.eml` under EMAIL_FILE_PATH, readable by its owner."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many messages were written."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            _write(folder, _name(message), message.message().as_bytes())
        return len(email_messages)


def _name(message: EmailMessage) -> str:
    moment = clock.now().strftime("%Y%m%dT%H%M%S.%f")[:-3]
    to = _UNSAFE.sub("-", (message.recipients() or ["nobody"])[0])[:60]
    return f"{moment}-{to}-{_UNSAFE.sub('-', str(message.subject))[:40].strip('-')}"


def _write(folder: Path, name: str, content: bytes) -> None:
    for number in range(1, 1_000):
        path = folder / (f"{name}.eml" if number == 1 else f"{name}-{number}.eml")
        try:
            with open(path, "xb", opener=_private) as file:
                file.write(content)
        except FileExistsError:
            continue
        return
    raise OSError(f"{name}: a thousand mails of one name in one millisecond")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

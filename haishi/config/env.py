"""Every environment variable, read once: its type, its default and one line of meaning.

`docs/operations.md` carries the table generated from here. A bad value stops the boot with a
message that names the variable, what was given and what is accepted.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones


class BadSetting(SystemExit):
    """A variable holds a value that the platform cannot run with."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        super().__init__(f"{name}={value!r} 无法使用 / cannot be used: {wanted}")


@dataclass(frozen=True)
class Variable:
    """One setting. `parse` raises ValueError with the accepted form."""

    name: str
    kind: str
    default: str
    meaning: str
    parse: Callable[[str], Any]


def _text(value: str) -> str:
    return value


def _path(value: str) -> Path:
    return Path(value).expanduser().resolve()


def _switch(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"", "0", "false", "no", "off"}:
        return False
    raise ValueError("1 or 0")


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.lstrip("-").isdigit() or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return parse


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in schemes or not (parts.netloc or parts.path)):
            raise ValueError("an address that starts with " + ", ".join(f"{s}://" for s in schemes))
        return value

    return parse


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("a zone name such as Asia/Shanghai")
    return value


def _level(value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("DEBUG, INFO, WARNING or ERROR")
    return value.upper()


VARIABLES: tuple[Variable, ...] = (
    Variable("HAISHI_HOME", "folder", "./var", "Where all state lives.", _path),
    Variable("HAISHI_PORT", "port", "8000", "Port of the web pages.", _number(1, 65500)),
    Variable("HAISHI_BIND", "address", "127.0.0.1", "Address the pages listen on.", _text),
    Variable(
        "HAISHI_PUBLIC_URL",
        "URL",
        "",
        "Address people use; empty: http://localhost:HAISHI_PORT.",
        _url("http", "https"),
    ),
    Variable(
        "HAISHI_WEB_WORKERS", "number", "0", "Web processes; 0: one per core.", _number(0, 64)
    ),
    Variable(
        "DATABASE_URL",
        "URL",
        "",
        "PostgreSQL to use; empty: the embedded one.",
        _url("postgresql", "postgres"),
    ),
    Variable(
        "NATS_URL", "URL", "", "NATS to use; empty: the embedded one.", _url("nats", "tls", "wss")
    ),
    Variable(
        "HAISHI_SECRET_KEY",
        "text",
        "",
        "Signs sessions and links; empty: made once under HAISHI_HOME/secrets.",
        _text,
    ),
    Variable("HAISHI_DEBUG", "switch", "0", "Developer error pages. Never in public.", _switch),
    Variable("HAISHI_TIME_ZONE", "zone", "Asia/Shanghai", "Zone of the installation.", _time_zone),
    Variable("HAISHI_LOG_LEVEL", "level", "INFO", "Least severe level that is logged.", _level),
    Variable(
        "HAISHI_EMAIL_URL",
        "URL",
        "",
        "smtp://user:password@host:587 or smtps://; empty: files under HAISHI_HOME/mail.",
        _url("smtp", "smtps"),
    ),
    Variable(
        "HAISHI_MAIL_FROM", "address", "海市 <expo@haishi.invalid>", "Sender of all mail.", _text
    ),
    Variable(
        "HAISHI_MEDIA_S3_URL",
        "URL",
        "",
        "s3://key:secret@host/bucket?region=…; empty: HAISHI_HOME/media.",
        _url("s3"),
    ),
    Variable(
        "HAISHI_MEDIA_QUOTA_MB",
        "number",
        "2048",
        "Media one organisation may keep, MB.",
        _number(1, 10_000_000),
    ),
    Variable(
        "HAISHI_ARCHIVE_VIDEO_MB",
        "number",
        "2048",
        "Videos the archive of one edition keeps, MB; past it their posters stand; 0: none.",
        _number(0, 10_000_000),
    ),
    Variable(
        "HAISHI_PAGE_CACHE_SECONDS",
        "number",
        "3",
        "How long an anonymous page may be served from memory; 0: never.",
        _number(0, 300),
    ),
    Variable(
        "HAISHI_TRUST_PROXY",
        "switch",
        "0",
        "Believe X-Forwarded-For and -Proto from the front.",
        _switch,
    ),
    Variable(
        "HAISHI_PAYMENT_PROVIDERS",
        "names",
        "sandbox",
        "How orders may be paid, by commas; sandbox takes no real money; none: not at all.",
        _text,
    ),
    Variable("HAISHI_METRICS_TOKEN", "text", "", "Lets a remote scraper read /metrics.", _text),
    Variable("HAISHI_WECHAT_APP_ID", "text", "", "WeChat login; empty: not offered.", _text),
    Variable("HAISHI_WECHAT_SECRET", "text", "", "WeChat login secret.", _text),
)


class Env:
    """The settings of this process, by lower-case name without the `HAISHI_` prefix."""

    def __init__(self, source: Mapping[str, str]) -> None:
        for variable in VARIABLES:
            given = source.get(variable.name, "").strip() or variable.default
            try:
                value = variable.parse(given)
            except ValueError as wanted:
                raise BadSetting(variable.name, given, str(wanted)) from None
            setattr(self, variable.name.removeprefix("HAISHI_").lower(), value)

    home: Path
    port: int
    bind: str
    public_url: str
    web_workers: int
    database_url: str
    nats_url: str
    secret_key: str
    debug: bool
    time_zone: str
    log_level: str
    email_url: str
    mail_from: str
    media_s3_url: str
    media_quota_mb: int
    archive_video_mb: int
    page_cache_seconds: int
    payment_providers: str
    trust_proxy: bool
    metrics_token: str
    wechat_app_id: str
    wechat_secret: str

    def note(self, *parts: str) -> str:
        """Text of a small file under the home folder, or "" when there is none.

        The supervisor leaves the addresses of embedded services there (`run/database_url`).
        """
        try:
            return self.home.joinpath(*parts).read_text(encoding="utf-8").strip()
        except OSError:
            return ""


env = Env(os.environ)

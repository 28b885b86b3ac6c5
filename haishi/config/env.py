"""Every environment variable, read once: its type, its default and one line of meaning.

`docs/operations.md` carries the table generated from here. A bad value stops the boot with a
message that names the variable, what was given and what is accepted.
"""

import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from haishi.config.kinds import (
    BadSetting,
    Variable,
    level,
    number,
    one_of,
    path,
    rates,
    switch,
    text,
    time_zone,
    url,
)
from haishi.config.paying import PAYING, Paying, missing

VARIABLES: tuple[Variable, ...] = (
    Variable("HAISHI_HOME", "folder", "./var", "Where all state lives.", path),
    Variable("HAISHI_PORT", "port", "8000", "Port of the web pages.", number(1, 65500)),
    Variable("HAISHI_BIND", "address", "127.0.0.1", "Address the pages listen on.", text),
    Variable(
        "HAISHI_PUBLIC_URL",
        "URL",
        "",
        "Address people use; empty: http://localhost:HAISHI_PORT.",
        url("http", "https"),
    ),
    Variable(
        "HAISHI_GATEWAY_URL",
        "URL",
        "",
        "Address of the rooms for browsers, wss://…/rt; empty: HAISHI_PORT + 1, or /rt of an "
        "https:// HAISHI_PUBLIC_URL.",
        url("ws", "wss"),
    ),
    Variable(
        "HAISHI_ORIGIN_URL",
        "URL",
        "",
        "Address of live video for browsers; empty: HAISHI_PORT + 2, or /origin of an https:// "
        "HAISHI_PUBLIC_URL.",
        url("http", "https"),
    ),
    Variable(
        "HAISHI_RTMP_PORT",
        "port",
        "0",
        "Port for encoders (RTMP); 0: HAISHI_PORT + 4.",
        number(0, 65535),
    ),
    Variable(
        "HAISHI_LIVE_ENGINE",
        "name",
        "own",
        "What receives and sends live video for new sessions: own, mediamtx or srs.",
        one_of("own", "mediamtx", "srs"),
    ),
    Variable(
        "HAISHI_LIVE_ENGINE_URL",
        "URL",
        "",
        "API of that engine, for the pages alone; empty: the origin beside them.",
        url("http", "https"),
    ),
    Variable(
        "HAISHI_LIVE_INGEST_URL",
        "URL",
        "",
        "Server that encoders are told, rtmp://…/live; empty: this host and HAISHI_RTMP_PORT.",
        url("rtmp", "rtmps"),
    ),
    Variable(
        "HAISHI_LIVE_KEEP_DAYS",
        "number",
        "365",
        "How long recordings of live sessions are kept, days.",
        number(1, 36500),
    ),
    Variable(
        "HAISHI_DEMO_LIVE",
        "switch",
        "1",
        "Drawn pictures keep the live sessions of the demo edition on air; off: none are.",
        switch,
    ),
    Variable(
        "HAISHI_ROOM_DAYS",
        "number",
        "180",
        "How long lines said in rooms are kept, days.",
        number(1, 36500),
    ),
    Variable("HAISHI_WEB_WORKERS", "number", "0", "Web processes; 0: one per core.", number(0, 64)),
    Variable(
        "DATABASE_URL",
        "URL",
        "",
        "PostgreSQL to use; empty: the embedded one.",
        url("postgresql", "postgres"),
    ),
    Variable(
        "NATS_URL", "URL", "", "NATS to use; empty: the embedded one.", url("nats", "tls", "wss")
    ),
    Variable(
        "HAISHI_SECRET_KEY",
        "text",
        "",
        "Signs sessions and links; empty: made once under HAISHI_HOME/secrets.",
        text,
    ),
    Variable("HAISHI_DEBUG", "switch", "0", "Developer error pages. Never in public.", switch),
    Variable("HAISHI_TIME_ZONE", "zone", "Asia/Shanghai", "Zone of the installation.", time_zone),
    Variable("HAISHI_LOG_LEVEL", "level", "INFO", "Least severe level that is logged.", level),
    Variable(
        "HAISHI_EMAIL_URL",
        "URL",
        "",
        "smtp://user:password@host:587 or smtps://; empty: files under HAISHI_HOME/mail.",
        url("smtp", "smtps"),
    ),
    Variable(
        "HAISHI_MAIL_FROM", "address", "海市 <expo@haishi.invalid>", "Sender of all mail.", text
    ),
    Variable(
        "HAISHI_MEDIA_S3_URL",
        "URL",
        "",
        "s3://key:secret@host/bucket?region=…; empty: HAISHI_HOME/media.",
        url("s3"),
    ),
    Variable(
        "HAISHI_MEDIA_QUOTA_MB",
        "number",
        "2048",
        "Media one organisation may keep, MB.",
        number(1, 10_000_000),
    ),
    Variable(
        "HAISHI_ARCHIVE_VIDEO_MB",
        "number",
        "2048",
        "Videos the archive of one edition keeps, MB; past it their posters stand; 0: none.",
        number(0, 10_000_000),
    ),
    Variable(
        "HAISHI_PAGE_CACHE_SECONDS",
        "number",
        "3",
        "How long an anonymous page may be served from memory; 0: never.",
        number(0, 300),
    ),
    Variable(
        "HAISHI_TRUST_PROXY",
        "switch",
        "0",
        "Believe X-Forwarded-For and -Proto from the front.",
        switch,
    ),
    Variable(
        "HAISHI_EXCHANGE_RATES",
        "rates",
        "",
        "CNY for one unit, frozen when a request for quotation closes: USD=7.12,EUR=7.80; "
        "empty: the buyer enters them.",
        rates,
    ),
    Variable(
        "HAISHI_EXCHANGE_SOURCE",
        "text",
        "",
        "Where these rates are from, shown beside them; needed with them.",
        text,
    ),
    Variable(
        "HAISHI_TSA_URL",
        "URL",
        "",
        "Time stamp authority (RFC 3161) for signatures; empty: our own clock.",
        url("http", "https"),
    ),
    *PAYING,
    Variable("HAISHI_METRICS_TOKEN", "text", "", "Lets a remote scraper read /metrics.", text),
    Variable("HAISHI_WECHAT_APP_ID", "text", "", "WeChat login; empty: not offered.", text),
    Variable("HAISHI_WECHAT_SECRET", "text", "", "WeChat login secret.", text),
)


class Env(Paying):
    """The settings of this process, by lower-case name without the `HAISHI_` prefix."""

    def __init__(self, source: Mapping[str, str]) -> None:
        for variable in VARIABLES:
            given = source.get(variable.name, "").strip() or variable.default
            try:
                value = variable.parse(given)
            except ValueError as wanted:
                shown = "***" if variable.secret else given
                raise BadSetting(variable.name, shown, str(wanted)) from None
            setattr(self, variable.name.removeprefix("HAISHI_").lower(), value)

        for name, why in missing(self).items():
            raise BadSetting(name, "", why)

    home: Path
    port: int
    bind: str
    public_url: str
    gateway_url: str
    origin_url: str
    rtmp_port: int
    room_days: int
    live_engine: str
    live_engine_url: str
    live_ingest_url: str
    live_keep_days: int
    demo_live: bool
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
    exchange_rates: dict[str, Decimal]
    exchange_source: str
    tsa_url: str
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

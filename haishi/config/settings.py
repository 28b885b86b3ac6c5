"""Django settings. Values that differ between installations come from `env.py` only."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from haishi.config.env import env
from haishi.config.logs import logging_config

BASE = Path(__file__).resolve().parent
BUILT = BASE / "built"


def _secret(name: str) -> str:
    """A secret of this installation, made once under HAISHI_HOME/secrets, readable by its owner."""
    if known := env.note("secrets", name):
        return known
    folder = env.home / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    try:
        with open(path, "x", encoding="utf-8", opener=_private) as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass  # another process of this installation was quicker; its secret is the one
    return path.read_text(encoding="utf-8").strip()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "haishi",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "") or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **query},
    }


SECRET_KEY = env.secret_key or _secret("secret_key")
DEBUG = env.debug
PUBLIC_URL = env.public_url or f"http://localhost:{env.port}"
ALLOWED_HOSTS = (
    ["*"] if not env.public_url else [urlsplit(env.public_url).hostname, "localhost", "127.0.0.1"]
)
CSRF_TRUSTED_ORIGINS = [env.public_url] if env.public_url else []
CSRF_FAILURE_VIEW = "haishi.foundation.web.refuse_csrf"
SECURE = PUBLIC_URL.startswith("https://")
# Where a browser finds rooms and live video. None: beside the pages, on the ports after theirs.
GATEWAY_URL = env.gateway_url or (
    PUBLIC_URL.replace("https", "wss", 1).rstrip("/") + "/rt" if SECURE else None
)
ORIGIN_URL = env.origin_url or (PUBLIC_URL.rstrip("/") + "/origin" if SECURE else None)
GATEWAY_PORT, ORIGIN_PORT = env.port + 1, env.port + 2
RTMP_PORT = env.rtmp_port or env.port + 4
LIVE_ENGINE = env.live_engine
# Every interface is also this one; the pages speak to the origin from inside.
LIVE_ENGINE_URL = env.live_engine_url or f"http://127.0.0.1:{ORIGIN_PORT}"
LIVE_INGEST_URL = env.live_ingest_url
LIVE_KEEP_DAYS = env.live_keep_days

INSTALLED_APPS = [
    "haishi.portal",
    "haishi.launches",
    "haishi.sourcing",
    "haishi.licences",
    "haishi.contracts",
    "haishi.trade",
    "haishi.live",
    "haishi.catalogue",
    "haishi.expo",
    "haishi.rooms",
    "haishi.search",
    "haishi.notices",
    "haishi.media",
    "haishi.parties",
    "haishi.foundation",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.weixin",
    "procrastinate.contrib.django",
    "template_partials",
    "django_vite",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "haishi.foundation.web.RequestContextMiddleware",
    "haishi.foundation.security.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "haishi.foundation.preferences.PreferencesMiddleware",
    "haishi.foundation.pagecache.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "haishi.foundation.web.DomainErrorMiddleware",
]
ROOT_URLCONF = "haishi.config.urls"
WSGI_APPLICATION = "haishi.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "haishi.foundation.templatetags.haishi",
                "haishi.foundation.templatetags.wording",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "haishi.foundation.context.page",
                "haishi.portal.context.navigation",
            ],
        },
    }
]
FORM_RENDERER = "haishi.foundation.rendering.HaishiFormRenderer"

# An address that answers nowhere keeps commands that need no database (checks, builds) usable.
DATABASES = {
    "default": _database(
        env.database_url
        or env.note("run", "database_url")
        or "postgresql://haishi@127.0.0.1:1/haishi"
    )
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
NATS_URL = env.nats_url or env.note("run", "nats_url")
ROOM_DAYS = env.room_days
HAISHI_HOME = env.home

CACHES = {
    # Shared by all web processes: rate limits and other counters.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "foundation_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Of one process: rendered anonymous pages.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}
PAGE_CACHE_SECONDS = env.page_cache_seconds
# What every page names (the open edition, the category tree) may be this old.
FRAME_MEMORY_SECONDS = 5
PAYMENT_PROVIDERS = env.payment_providers
EXCHANGE_RATES = env.exchange_rates
EXCHANGE_SOURCE = env.exchange_source
SANDBOX_SPLIT_PERCENT = env.sandbox_split_percent
ALIPAY_APP_ID = env.alipay_app_id
ALIPAY_SELLER_ID = env.alipay_seller_id
ALIPAY_PRIVATE_KEY = env.alipay_private_key
ALIPAY_PUBLIC_KEY = env.alipay_public_key
ALIPAY_URL = env.alipay_url
ALIPAY_SPLIT_PERCENT = env.alipay_split_percent
WECHAT_PAY_APP_ID = env.wechat_pay_app_id
WECHAT_PAY_MERCHANT_ID = env.wechat_pay_merchant_id
WECHAT_PAY_NAME = env.wechat_pay_name
WECHAT_PAY_SERIAL = env.wechat_pay_serial
WECHAT_PAY_PRIVATE_KEY = env.wechat_pay_private_key
WECHAT_PAY_API_KEY = env.wechat_pay_api_key
WECHAT_PAY_PLATFORM_KEY = env.wechat_pay_platform_key
WECHAT_PAY_PLATFORM_SERIAL = env.wechat_pay_platform_serial
WECHAT_PAY_URL = env.wechat_pay_url
WECHAT_PAY_APP_SECRET = env.wechat_pay_app_secret
WECHAT_OPEN_URL = env.wechat_open_url
WECHAT_API_URL = env.wechat_api_url
BANK_HOLDER = env.bank_holder
BANK_NAME = env.bank_name
BANK_ACCOUNT = env.bank_account
BANK_CURRENCIES = env.bank_currencies
STRIPE_API_KEY = env.stripe_api_key
STRIPE_WEBHOOK_KEY = env.stripe_webhook_key
STRIPE_URL = env.stripe_url

# People
AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "haishi.parties.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "haishi.parties.adapter.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "haishi.parties.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_USER_DISPLAY = "haishi.parties.adapter.display_name"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"edit_webauthn": "haishi.parties.key_forms.KeyForm"}
MFA_TOTP_ISSUER = "海市 Haishi"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = (
    {"weixin": {"APP": {"client_id": env.wechat_app_id, "secret": env.wechat_secret}}}
    if env.wechat_app_id
    else {}
)

# Languages: Chinese is the language of the source, English is complete.
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_TZ = True
TIME_ZONE = env.time_zone

# Cookies and the browser's safety rules
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.trust_proxy else None
TRUST_PROXY = env.trust_proxy
METRICS_TOKEN = env.metrics_token
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "haishi.media.limits.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000

# Files
STATIC_URL = "/static/"
STATIC_ROOT = BUILT / "static"
STATICFILES_DIRS = [BUILT / "web"] if (BUILT / "web").is_dir() else []
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": BUILT / "web" / "manifest.json",
        "static_url_prefix": "",
    }
}
MEDIA_ROOT = env.home / "media"
MEDIA_URL = "/media/"
MEDIA_QUOTA_BYTES = env.media_quota_mb * 1024 * 1024
SEARCH_ROOT = env.home / "search"
ARCHIVE_ROOT = env.home / "archive"
# The typeface that papers embed; the front-end build puts it there.
PAPER_FONTS = BUILT / "fonts"
TSA_URL = env.tsa_url
ARCHIVE_VIDEO_BYTES = env.archive_video_mb * 1024 * 1024


def _media_storage(url: str) -> dict[str, Any]:
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": MEDIA_ROOT, "base_url": MEDIA_URL},
        }
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": unquote(parts.username or ""),
            "secret_key": unquote(parts.password or ""),
            "bucket_name": parts.path.strip("/"),
            "endpoint_url": f"https://{parts.hostname}" + (f":{parts.port}" if parts.port else ""),
            "region_name": query.get("region"),
            "signature_version": "s3v4",
            "file_overwrite": False,
        },
    }


STORAGES = {
    "default": _media_storage(env.media_s3_url),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# Mail: the embedded default writes every message to a file that the operator can read.
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.mail_from
EMAIL_FILE_PATH = env.home / "mail"
if env.email_url:
    _mail = urlsplit(env.email_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = not EMAIL_USE_SSL and EMAIL_PORT == 587
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "haishi.notices.mailbox.EmailBackend"

PROCRASTINATE_ON_APP_READY = None
LOGGING_CONFIG = None
LOGGING = logging_config(env.log_level)

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # uniqueness without case is a functional constraint, person_email_once
    "security.W004",  # HSTS belongs to the front that ends TLS
    "security.W008",  # so does the redirect to https
]

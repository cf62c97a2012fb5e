"""All settings. The only place that reads the environment; a wrong value stops the start and names itself."""

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import unquote, urlparse


def text(name: str, default: str) -> str:
    return os.environ.get(name, default)


def yes(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    if value.lower() in ("1", "true", "yes", "on"):
        return True
    if value.lower() in ("0", "false", "no", "off"):
        return False
    sys.exit(f"{name}={value!r}: 只认 yes 或 no")


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if value == "":
        return default
    if not value.isdecimal():
        sys.exit(f"{name}={value!r}: 应为正整数")
    return int(value)


def listed(name: str, default: str) -> list[str]:
    return [one.strip() for one in text(name, default).split(",") if one.strip()]


def one_of(name: str, choices: tuple[str, ...]) -> str:
    """Read one of the choices; the first is the default."""
    value = os.environ.get(name) or choices[0]
    if value not in choices:
        sys.exit(f"{name}={value!r}: 只认 {'、'.join(choices)}")
    return value


def token(name: str) -> str:
    """Read the secret from NAME or the file NAME_FILE; empty when neither is given."""
    path = os.environ.get(f"{name}_FILE")
    return os.environ.get(name) or (Path(path).read_text().strip() if path else "")


def secret(name: str, home: Path) -> str:
    """Read the secret from NAME or the file NAME_FILE; else keep a generated one in the home folder."""
    if os.environ.get(name):
        return os.environ[name]
    path = Path(os.environ.get(f"{name}_FILE") or home / "secret_key")
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


def database(url: str, home: Path) -> dict[str, object]:
    """Turn HUIYIN_DATABASE_URL into Django's setting: empty or sqlite:///path, or postgres://…"""
    parts = urlparse(url)
    if parts.scheme in ("", "sqlite"):
        path = Path(unquote(parts.path)) if parts.path else home / "huiyin.sqlite3"
        return {"ENGINE": "huiyin.foundation.sqlite", "NAME": str(path), "CONN_MAX_AGE": None}
    if parts.scheme in ("postgres", "postgresql"):
        return postgres(url)
    sys.exit(f"HUIYIN_DATABASE_URL={url!r}: 只认 sqlite:/// 或 postgres://")


def postgres(url: str) -> dict[str, object]:
    """Read a libpq address: `?host=/a/socket`, `sslmode=…` and several hosts mean what they mean to psql."""
    from psycopg.conninfo import conninfo_to_dict  # optional

    said = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    pool = {
        "min_size": number("HUIYIN_POOL_MIN", 2),
        "max_size": number("HUIYIN_POOL_MAX", 10),
        "timeout": number("HUIYIN_POOL_WAIT_SECONDS", 10),
        "max_idle": 300,
        "max_lifetime": 3600,
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": said.pop("dbname", ""),
        "USER": said.pop("user", ""),
        "PASSWORD": said.pop("password", ""),
        "HOST": said.pop("host", ""),
        "PORT": said.pop("port", ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**said, "pool": pool},
    }


BASE_PACKAGE = Path(__file__).parents[1]
HOME = Path(text("HUIYIN_HOME", "./var")).resolve()
DEBUG = yes("HUIYIN_DEBUG", False)
SECRET_KEY = secret("HUIYIN_SECRET_KEY", HOME)
# Earlier keys: what they signed or locked still opens.
SECRET_KEY_FALLBACKS = listed("HUIYIN_SECRET_KEY_OLD", "")
# What encrypts sensitive fields: the keys themselves, or the file they are kept in. Never in the database.
FIELD_KEY = text("HUIYIN_FIELD_KEY", "")
FIELD_KEY_FILE = Path(text("HUIYIN_FIELD_KEY_FILE", "") or HOME / "field_keys")
WORKERS = number("HUIYIN_WORKERS", 1)
API_PER_MINUTE = number("HUIYIN_API_PER_MINUTE", 600)
# Webhooks go to public addresses over https only, unless the company's own network is meant to be reached.
WEBHOOKS_INSIDE = yes("HUIYIN_WEBHOOKS_INSIDE", False)

# The order is the order of the tiers, bottom first: reactions to facts are delivered in it.
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth.account",
    "allauth.mfa",
    "huiyin.foundation.accounts",
    "huiyin.foundation.journal",
    "huiyin.foundation.numbers",
    "huiyin.foundation.idempotency",
    "huiyin.foundation.tokens",
    "huiyin.foundation.files",
    "huiyin.foundation.jobs",
    "huiyin.foundation.signing_in",
    "huiyin.foundation.webhooks",
    "huiyin.foundation.backups",
    "huiyin.foundation.privacy",
    "huiyin.foundation.kit",
    "huiyin.foundation.documents",
    "huiyin.standards",
    "huiyin.areas.estate",
    "huiyin.areas.staffing",
    "huiyin.areas.cases",
    "huiyin.areas.fees",
    "huiyin.areas.materials",
    "huiyin.areas.repairs",
    "huiyin.areas.complaints",
    "huiyin.areas.past_cases",
    "huiyin.areas.service_desk",
    "huiyin.areas.upkeep",
    "huiyin.areas.return_visits",
    "huiyin.areas.figures",
    "huiyin.surfaces.web",
    "huiyin.surfaces.cli",
]
MIDDLEWARE = [
    "huiyin.surfaces.web.requests.Requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "huiyin.foundation.accounts.web.sessions.Sessions",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "huiyin.surfaces.web.signed_in_only.SignedInOnly",
    "huiyin.surfaces.web.asking.SealedSearches",
    "django.contrib.messages.middleware.MessageMiddleware",
    "huiyin.surfaces.web.powers.Powers",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "huiyin.config.urls"
WSGI_APPLICATION = "huiyin.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": sorted(
            str(folder)
            for folder in [
                *Path(__file__).parents[1].glob("foundation/*/templates"),
                *Path(__file__).parents[1].glob("areas/*/web/templates"),
                *Path(__file__).parents[1].glob("surfaces/*/templates"),
            ]
        ),
        "OPTIONS": {
            "environment": "huiyin.foundation.kit.environment.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "huiyin.surfaces.web.context.shell",
            ],
        },
    }
]

# Widgets by Jinja2 too: a filter bar drawn by Django's own templates costs more than the fifty rows under it.
FORM_RENDERER = "django.forms.renderers.Jinja2"

DATABASE_URL = text("HUIYIN_DATABASE_URL", "")
DATABASES = {"default": database(DATABASE_URL, HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["huiyin.foundation.accounts.backend.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "web:start"
CSRF_FAILURE_VIEW = "huiyin.foundation.kit.replies.csrf_failed"
# Of allauth only its second factors are used, from our own pages.
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
MFA_ADAPTER = "huiyin.foundation.signing_in.adapter.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "回音"
SESSION_ENGINE = "huiyin.foundation.accounts.web.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Outside: who may speak to us, by which name, over what.
HTTPS = yes("HUIYIN_HTTPS", False)
# By the machine's own names always: `huiyin serve` and the probes of the machine itself ask by them.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *listed("HUIYIN_ALLOWED_HOSTS", "")]
CSRF_TRUSTED_ORIGINS = listed("HUIYIN_TRUSTED_ORIGINS", "")
# Whose X-Forwarded-* and X-Request-ID are believed. TLS ends at a proxy, by default one on this machine.
TRUSTED_PROXIES = frozenset(listed("HUIYIN_TRUSTED_PROXIES", "127.0.0.1,::1" if HTTPS else ""))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# The prefix keeps a page of a neighbouring name, or of plain HTTP, from planting a cookie of ours.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
    ("__Host-sessionid", "__Host-csrftoken") if HTTPS else ("sessionid", "csrftoken")
)
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"
CLAMD = text("HUIYIN_CLAMD", "")  # host:port of a virus scanner; empty: none is asked
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

BACKUP_DIR = Path(text("HUIYIN_BACKUP_DIR", "") or HOME / "backups").resolve()
BACKUP_KEY = token("HUIYIN_BACKUP_KEY")  # never made up: who loses it loses the backups
# What the data cannot be used or trusted without; only an encrypted backup may hold it, and only when asked to.
SECRET_FILES = [Path(os.environ.get("HUIYIN_SECRET_KEY_FILE") or HOME / "secret_key"), FIELD_KEY_FILE]

# Jobs are rows of ours on SQLite, and Procrastinate's on PostgreSQL; both run at least once, after the commit.
TASKS = {"default": {"BACKEND": "huiyin.foundation.jobs.backend.LeasedBackend"}}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
if "postgresql" in str(DATABASES["default"]["ENGINE"]):
    TASKS["default"]["BACKEND"] = "huiyin.foundation.jobs.postgres.backend.ProcrastinateBackend"
    INSTALLED_APPS.insert(INSTALLED_APPS.index("huiyin.foundation.jobs"), "procrastinate.contrib.django")

# How codes are paid: played (the default), by the company's page that tells us with a signed notice, or not at all.
PAYMENT_GATEWAY = one_of("HUIYIN_PAYMENT_GATEWAY", ("fake", "signed", "none"))
PAYMENT_PAGE = text("HUIYIN_PAYMENT_PAGE", "")
# Of the fake one nobody but this house makes notices, so it needs no secret of its own.
PAYMENT_SECRET = token("HUIYIN_PAYMENT_SECRET") if PAYMENT_GATEWAY == "signed" else SECRET_KEY
if PAYMENT_GATEWAY == "signed" and not (PAYMENT_PAGE.startswith("https://") and len(PAYMENT_SECRET) >= 32):
    sys.exit("HUIYIN_PAYMENT_GATEWAY=signed: 还要 https 的 HUIYIN_PAYMENT_PAGE 和至少 32 位的 HUIYIN_PAYMENT_SECRET")

# Watching: what is written down, and who may read the figures.
METRICS_TOKEN = token("HUIYIN_METRICS_TOKEN")
DISK_FLOOR_MB = number("HUIYIN_DISK_FLOOR_MB", 500)
LOG_FORMAT = one_of("HUIYIN_LOG_FORMAT", ("text", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"marked": {"()": "huiyin.foundation.logs.Marked"}},
    "formatters": {
        "text": {
            "()": "huiyin.foundation.logs.TextLines",
            "format": "{asctime} {levelname} {name} [{request_id}] {message}",
            "style": "{",
        },
        "json": {"()": "huiyin.foundation.logs.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["marked"]}},
    "loggers": {
        # Django's own handlers would write the words of an error and what the form held.
        "django": {"handlers": [], "level": "NOTSET"},
        # Of what was refused our own line speaks; Django's would give the address as somebody typed it.
        "django.request": {"level": "ERROR"},
        # For programs every request is a line; on a person's screen they would drown the rest.
        "huiyin.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
    },
    "root": {"handlers": ["stderr"], "level": text("HUIYIN_LOG_LEVEL", "WARNING")},
}

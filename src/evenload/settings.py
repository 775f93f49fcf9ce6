"""One settings file. What an installation may change comes from the environment, read strictly; the rest is decided here."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from evenload import environment

HERE = Path(__file__).resolve().parent
HOME = environment.home()

DEBUG = environment.yes_or_no("EVENLOAD_DEBUG", default=False)
SECRET_KEY = environment.secret_key(HOME)
ALLOWED_HOSTS = environment.words("EVENLOAD_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]
BEHIND_TLS = environment.yes_or_no("EVENLOAD_TLS", default=False)
PROXY = os.environ.get("EVENLOAD_PROXY", "127.0.0.1")
"""whose word about the original request is taken, where EVENLOAD_TLS says that a proxy stands in front"""
PUBLISH_DIR = Path(os.environ["EVENLOAD_PUBLISH_DIR"]) if os.environ.get("EVENLOAD_PUBLISH_DIR") else HOME / "published"
PUBLIC_ADDRESS = os.environ.get("EVENLOAD_ADDRESS", "").rstrip("/")
"""how staff reach Evenload, as https://evenload.example.org: the square code on every print leads there"""
MAIL_DOMAIN = urlsplit(PUBLIC_ADDRESS).hostname or "evenload.localhost"
"""stands in the id of every mail"""
MAIL_WAY = environment.mail_way(os.environ.get("EVENLOAD_MAIL", "").strip())
MAIL_FOLDER = HOME / "outbox"
"""Until a mail server is stated, mails are files here: none is lost, none goes to somebody by mistake, none is in a log."""
DIGEST_HOUR = environment.hour("EVENLOAD_DIGEST_HOUR", default=7)
"""on the clock of TIME_ZONE; the day's digest leaves from then on"""
EMAIL_BACKEND = MAIL_WAY.backend
EMAIL_HOST, EMAIL_PORT = MAIL_WAY.host, MAIL_WAY.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_WAY.user, MAIL_WAY.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_WAY.starts_tls, MAIL_WAY.is_tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.mail_sender(
    os.environ.get("EVENLOAD_MAIL_FROM", ""), is_needed=MAIL_WAY.kind == "smtp", domain=MAIL_DOMAIN
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "evenload.records.apps.RecordsConfig",
    "evenload.web.apps.WebConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "evenload.web.middleware.LargestRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "evenload.web.middleware.PersonMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "evenload.web.urls"
WSGI_APPLICATION = "evenload.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "evenload.web.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "evenload.web.templatetags.said"],
        },
    },
]

DATABASES = {"default": environment.database(os.environ.get("DATABASE_URL", ""), state_folder=HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "records.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"

# Ten wrong passwords for one account from one address: a quarter of an hour of rest, never a lasting lock.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "evenload.web.pages.sign_in.rest"
AXES_DISABLE_ACCESS_LOG = True  # the journal keeps who signed in
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = environment.whole_number("EVENLOAD_IDLE_SECONDS", default=30 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "evenload.web.pages.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = environment.words("EVENLOAD_ORIGINS")
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS: list[Path] = []
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Toronto"
LARGEST_REQUEST_BYTES = 30 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = LARGEST_REQUEST_BYTES
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

STATIC_URL = "static/"
STATIC_ROOT = None  # nothing is collected: WhiteNoise serves the files of the package
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 86_400  # pages name the version behind every file: a new version is asked for anew

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"without_secrets": {"()": "evenload.web.log_lines.WithoutSecrets"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_secrets"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

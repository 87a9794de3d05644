"""All settings, read from the environment; nonsense stops the start with a sentence.

Needed: `SECRET_KEY`, `DATABASE_URL`, `SITE_URL`. `./run` sets all three for development. A site
that others reach needs more, and is refused with all that is missing or unsafe (`safety.py`).
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from assessments.http.logs import FORMATTERS
from roleassess.safety import unsafe_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
# Earlier keys, so that changing the key signs nobody out; to be dropped after some days.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Where people reach the site. Links in messages are built from it, never from a request's Host;
# its scheme decides whether cookies and redirects insist on https.
SITE_URL = env.str("SITE_URL").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured("Set SITE_URL to the site's full address: https://example.org")
SECURE = _site.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

SITE_NAME = env.str("SITE_NAME", default="RoleAssess")
# The questionnaire that the start page offers.
HOME_QUESTIONNAIRE = env.str("HOME_QUESTIONNAIRE", default="pm-b2b-b2c")
# "open": whoever signs in may open a coach desk; "approval": staff let each one in.
COACH_SIGNUP = env.str("COACH_SIGNUP", default="open")
if COACH_SIGNUP not in {"open", "approval"}:
    raise ImproperlyConfigured("Set COACH_SIGNUP to open or to approval.")
SOURCE_CODE_URL = env.str("SOURCE_CODE_URL", default="")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Its templates are found with ours, so that ours may replace them.
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "adminsortable2",
    "import_export",
    "assessments",
]

MIDDLEWARE = [
    "assessments.http.request_id.with_request_id",
    "assessments.http.metrics.observed",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "assessments.http.middleware.no_store",
    "assessments.http.middleware.small_bodies",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Every page is closed unless its view says otherwise.
    "assessments.http.middleware.SignInUnlessPublic",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "assessments.http.middleware.RefusalPage",
    "assessments.http.account_pages.AccountPages",
    "assessments.people.staff.SecondFactorForStaff",
]

ROOT_URLCONF = "roleassess.urls"
WSGI_APPLICATION = "roleassess.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "assessments.http.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# A request that waits longer for a lock that another holds is answered with 503.
DATABASE_LOCK_SECONDS = env.int("DATABASE_LOCK_SECONDS", default=10)
CONN_MAX_AGE = env.int("CONN_MAX_AGE", default=60)


def _database(variable: str) -> dict[str, Any]:
    database: dict[str, Any] = {**env.db_url(variable), "CONN_HEALTH_CHECKS": True}
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # Closing the last connection checkpoints and deletes the WAL, which costs each save
        # threefold.
        database["CONN_MAX_AGE"] = None
        database["OPTIONS"] = {
            "timeout": DATABASE_LOCK_SECONDS,
            "transaction_mode": "IMMEDIATE",
            # FULL: an acknowledged answer survives a power cut, not only a killed process.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
        # A file, since live servers in tests reach it from other processes and threads.
        database["TEST"] = {"NAME": str(BASE_DIR / "var" / "test.sqlite3")}
        return database
    database["CONN_MAX_AGE"] = CONN_MAX_AGE
    database["OPTIONS"] = {
        # The same promise, whatever the server's own default is.
        "options": f"-c lock_timeout={DATABASE_LOCK_SECONDS}s -c synchronous_commit=on",
        # A server that is gone without a word is given up before the browser gives us up.
        "connect_timeout": 5,
        "tcp_user_timeout": 1000 * DATABASE_LOCK_SECONDS,
        **database.get("OPTIONS", {}),
    }
    return database


DATABASES = {"default": _database("DATABASE_URL")}
# A replica that question analysis, impact and recounts read from, so that takers never wait.
if env.str("ANALYSIS_DATABASE_URL", default=""):
    DATABASES["analysis"] = _database("ANALYSIS_DATABASE_URL")
DATABASE_ROUTERS = ["assessments.analysis.replica.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Erasures are kept here too, outside the database, so that a restored backup does not undo them.
# In production on another disk than the database, and never part of its backups.
ERASURES_FILE = env.str("ERASURES_FILE", default=str(BASE_DIR / "var" / "erasures.jsonl"))

AUTH_USER_MODEL = "assessments.User"
LOGIN_URL = "account_login"
# Where one arrives after signing in, unless one was on the way to another page.
LOGIN_REDIRECT_URL = "reports:mine"
AUTHENTICATION_BACKENDS = ["assessments.people.backends.WithDesk"]
# NIST 800-63B-4: length and blocklists; no rules about what it is made of, no expiry.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        # What it asks for where a password stands alone.
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "assessments.people.passwords.AtMost", "OPTIONS": {"length": 128}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "assessments.people.passwords.NotTheWordsOfThisPlace"},
]
# A link to choose a new password.
PASSWORD_RESET_TIMEOUT = 3600
# Staff reach the admin only with a second factor.
REQUIRE_STAFF_MFA = env.bool("REQUIRE_STAFF_MFA", default=True)

# Accounts: an e-mail address, confirmed by a code. A password is optional and comes later.
ACCOUNT_ADAPTER = "assessments.people.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "assessments.people.forms.AddEmail",
    "change_email": "assessments.people.forms.ChangeEmail",
    "change_password": "assessments.people.forms.ChangePassword",
    "confirm_email_verification_code": "assessments.people.forms.ConfirmEmail",
    "confirm_login_code": "assessments.people.forms.ConfirmLogin",
    "login": "assessments.people.forms.SignIn",
    "reauthenticate": "assessments.people.forms.PasswordAgain",
    "request_login_code": "assessments.people.forms.RequestCode",
    "reset_password": "assessments.people.forms.ResetPassword",
    "reset_password_from_key": "assessments.people.forms.NewPassword",
    "set_password": "assessments.people.forms.SetPassword",
    "signup": "assessments.people.forms.SignUp",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
# Whether an address has an account is told to its owner only, by e-mail.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
# Whoever owns an account hears by e-mail of what changes about it.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# A session lasts as SESSION_COOKIE_AGE says, for everybody.
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Limits are ours, in the database: assessments/http/limits.py.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "assessments.people.accounts.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "assessments.people.second_factor_forms.ActivateApp",
    "add_webauthn": "assessments.people.second_factor_forms.AddPasskey",
    "authenticate": "assessments.people.second_factor_forms.Authenticate",
    "edit_webauthn": "assessments.people.second_factor_forms.RenamePasskey",
    "reauthenticate": "assessments.people.second_factor_forms.AuthenticateAgain",
    "signup_webauthn": "assessments.people.second_factor_forms.SignUpPasskey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = MFA_PASSKEY_SIGNUP_ENABLED = True
# Browsers give passkeys to https and, for development, to http://localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
# A clock half a minute off is no attacker.
MFA_TOTP_TOLERANCE = 1

# E-mail. EMAIL_URL is smtp+tls://user:password@host:587; without it messages go into a folder.
EMAIL_FILE_PATH = env.str("EMAIL_FOLDER", default=str(BASE_DIR / "var" / "mail"))
EMAIL_BACKEND = "assessments.people.mail.FolderBackend"
EMAIL_TIMEOUT = 10
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <no-reply@{_site.hostname}>"
)

# British English: dates read "22 November 2026".
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
LOCALE_PATHS = [BASE_DIR / "locale"]
# On with the first translation. Before, looking for each sentence in catalogs that hold none of
# ours would be a quarter of what a page costs.
USE_I18N = any(LOCALE_PATHS[0].glob("*/LC_MESSAGES/django.mo"))
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Cookies: the session and the CSRF token, nothing else. `__Host-` binds them to this host.
_cookie_prefix = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}session"
CSRF_COOKIE_NAME = f"{_cookie_prefix}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_ENGINE = "assessments.http.sessions"
# An unfinished attempt is kept 90 days; the browser that started it may come back as long.
SESSION_COOKIE_AGE = 90 * 24 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "assessments.http.errors.csrf_failure"

SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_SUBDOMAINS", default=SECURE)
# Asked from the machine itself and its own network, past the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
# How many proxies of ours stand before the site, each adding to X-Forwarded-For. With a number
# too high anybody may claim any address.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    # They say whether the browser came by https, and drop what the browser says of it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whoever has it may read /metrics; without one there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# New attempts from one IP address; more for classrooms behind one router.
STARTS_PER_HOUR = env.int("STARTS_PER_HOUR", default=30)
# Of one coach, reminders among them.
INVITATIONS_PER_DAY = env.int("INVITATIONS_PER_DAY", default=60)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
# The largest page is an editor's: targets of 100 dimensions and 12 roles, two fields each. What
# many small fields could cost is bounded by their size in all.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2500

# "json" for programs that gather logs, "text" for people.
LOG_FORMAT = env.str("LOG_FORMAT", default="json" if SECURE else "text")
if LOG_FORMAT not in FORMATTERS:
    raise ImproperlyConfigured("Set LOG_FORMAT to json or to text.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": FORMATTERS[LOG_FORMAT]}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # A line for each request, whatever else is wanted.
        "roleassess.access": {"level": "INFO"},
        # Every step of every page of a PDF.
        "weasyprint.progress": {"level": "WARNING"},
    },
}

if faults := unsafe_settings(vars(), given=os.environ):
    raise ImproperlyConfigured("\n".join(["The settings are not safe:", *faults]))

"""Settings of DAK IKM, all from the environment; without any of it: SQLite and a broker on files."""

from datetime import date
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from kombu import Exchange, Queue

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# What one installation keeps beside its code: database, queue and logs, where no server is set for them.
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEFAULT_SECRET_KEY = "kunci-contoh-hanya-untuk-demonstrasi-jangan-dipakai-di-luar-itu"  # noqa: S105
SECRET_KEY = env("SECRET_KEY", default=DEFAULT_SECRET_KEY)
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
DEMO_TODAY = date.fromisoformat(env("DEMO_TODAY", default="2024-10-15"))
WAJIB_TOTP = env.bool("WAJIB_TOTP", default=not DEMO)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "daerah",
    "realisasi",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    # The headers first, so that files and refusals carry them too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "daerah.middleware.PrivateAnswers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # a national page is 120 KB of text; phones are on 3G
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "daerah.middleware.SessionLimits",
    "django_otp.middleware.OTPMiddleware",
    "daerah.middleware.SignInRequired",
    "daerah.middleware.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "dakikm.urls"
WSGI_APPLICATION = "dakikm.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ]
            if not DEBUG
            else ["django.template.loaders.filesystem.Loader"],
            "builtins": ["realisasi.templatetags.angka"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "realisasi.views.kerangka.kerangka",
            ],
        },
    }
]

# --- database -----------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'dakikm.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Measured: with these four, writers wait for each other instead of failing with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A file, not memory: parallel connections of one test would otherwise meet locked tables.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "uji.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- cache, jobs --------------------------------------------------------------------------------
REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    QUEUE_DIR = VAR_DIR / "antrean"
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT = "dakikm.antrean:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "pesan"),
        "data_folder_out": str(QUEUE_DIR / "pesan"),
        "control_folder": str(QUEUE_DIR / "kendali"),
        "polling_interval": 0.2,
    }
    for folder in ("pesan", "kendali"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)

# What may differ between processes for a minute, and must not depend on a server.
CACHES["lokal"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "lokal"}

CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# Each task has its own limits (realisasi.pemeriksaan insists); these are for a task of a library.
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
# What a person waits for second by second, and what may take minutes: neither stands behind the other. The
# nightly computation is among the long ones: in `cepat` the relay would wait for it. A worker that names no
# queue serves both.
CELERY_TASK_DEFAULT_QUEUE = "cepat"
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("cepat", "ekspor")]
CELERY_TASK_ROUTES = {
    "realisasi.tasks.write_ekspor": {"queue": "ekspor"},
    "realisasi.tasks.compute_all_serapan": {"queue": "ekspor"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Jakarta"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "jadwal-beat")
CELERY_BEAT_SCHEDULE = {
    # Those that come often expire: a worker that was away does not make up for each of them.
    "kirim-ulang-peristiwa": {
        "task": "realisasi.tasks.relay_peristiwa",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
    "periksa-pekerjaan": {
        "task": "realisasi.tasks.sweep_pekerjaan",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "hitung-ulang-malam": {
        "task": "realisasi.tasks.compute_all_serapan",
        "schedule": crontab(hour=0, minute=10),
    },
    "segel-riwayat-malam": {"task": "realisasi.tasks.seal_riwayat", "schedule": crontab(hour=0, minute=40)},
    "hapus-berkas-lama": {"task": "realisasi.tasks.remove_old_files", "schedule": crontab(hour=1, minute=20)},
}
# Days for which the file of a finished job can be downloaded. Disk space of one installation, not a rule of
# the field: hence no row of Aturan.
SIMPAN_BERKAS_HARI = env.int("SIMPAN_BERKAS_HARI", default=7)

# --- people -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "daerah.Pengguna"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "daerah.masuk.DutyBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env.int("SANDI_MINIMAL", default=12)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Who writes what accounts do into the audit trail; the app of accounts does not know the one above it.
PENCATAT_JEJAK = "realisasi.actions.riwayat.record"
LOGIN_URL = "masuk"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "masuk"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24 * 3
# Locked per account *and* address: an office is one NAT, and a stranger must not lock a daerah out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "daerah.masuk.client_address"
AXES_LOCKOUT_TEMPLATE = "akun/terkunci.html"
OTP_TOTP_ISSUER = "DAK IKM"
EMAIL_CONFIG = env.email_url(
    "EMAIL_URL", default=f"filemail:///{VAR_DIR / 'surel'}" if DEMO else "consolemail://"
)
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("SUREL_PENGIRIM", default="dak-ikm@localhost")

# --- language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "id"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="Asia/Jakarta")
# Numbers are shaped by realisasi.aturan.tampilan alone, so that page, workbook and API agree.
USE_THOUSAND_SEPARATOR = False

# --- files --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "berkas")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- protection ---------------------------------------------------------------------------------
SECURE = not (DEMO or DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
DI_BELAKANG_PROKSI = env.bool("DI_BELAKANG_PROKSI", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if DI_BELAKANG_PROKSI else None
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^status/$"]
SESSION_COOKIE_AGE = 60 * 60 * 12  # the longest a session lives, used or not
SESI_DIAM = 60 * env.int("SESI_DIAM_MENIT", default=120)  # seconds without a request until it ends
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "realisasi.views.galat.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- API ----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "realisasi.api.autentikasi.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "realisasi.api.halaman.HalamanBernomor",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "realisasi.api.galat.handle",
    "URL_FORMAT_OVERRIDE": None,  # JSON only: ?format= is an unknown parameter like any other
    "DEFAULT_THROTTLE_CLASSES": ["realisasi.api.laju.LajuPengguna"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min"},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "DAK IKM",
    "DESCRIPTION": "Realisasi DAK Fisik Bidang IKM: uang rupiah bulat, persen dengan dua desimal.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
}

# --- logs: one line an event, nothing secret ----------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "baris": {"()": "daerah.catatan.OneLine", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"konsol": {"class": "logging.StreamHandler", "formatter": "baris"}},
    "root": {"handlers": ["konsol"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {"axes": {"level": "WARNING"}, "django.server": {"level": "WARNING"}},
}

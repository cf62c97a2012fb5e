"""Settings for the tests: one throw-away home, a fast hasher, static files without a manifest.

They run on SQLite in memory, or on the PostgreSQL named by HUIYIN_TEST_DATABASE_URL or HUIYIN_DATABASE_URL.
"""

import os
import tempfile

os.environ.setdefault("HUIYIN_HOME", tempfile.mkdtemp(prefix="huiyin-test-"))
if os.environ.get("HUIYIN_TEST_DATABASE_URL"):
    os.environ["HUIYIN_DATABASE_URL"] = os.environ["HUIYIN_TEST_DATABASE_URL"]
# Two dozen hands that press at one moment hold a connection each while they wait for one another.
os.environ.setdefault("HUIYIN_POOL_MAX", "30")

# The home must be set before the settings are read.
from huiyin.config.settings import *
from huiyin.config.settings import DATABASES as SETTINGS_DATABASES
from huiyin.config.settings import HOME

DATABASES = {"default": {**SETTINGS_DATABASES["default"]}}
if DATABASES["default"]["ENGINE"] == "huiyin.foundation.sqlite":
    # In memory, each test process its own, whatever xdist would call it.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
(HOME / "static").mkdir(exist_ok=True)

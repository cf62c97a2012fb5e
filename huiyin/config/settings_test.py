"""Settings for the tests: one throw-away home, a fast hasher, static files without a manifest."""

import os
import tempfile

os.environ.setdefault("HUIYIN_HOME", tempfile.mkdtemp(prefix="huiyin-test-"))

# The home must be set before the settings are read.
from huiyin.config.settings import *
from huiyin.config.settings import DATABASES as SETTINGS_DATABASES
from huiyin.config.settings import HOME

# In memory, each test process its own, whatever xdist would call it.
DATABASES = {"default": {**SETTINGS_DATABASES["default"], "TEST": {"NAME": ":memory:"}}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
(HOME / "static").mkdir(exist_ok=True)

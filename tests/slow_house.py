"""Settings of a house with pages that take their time or break, for the tests of a real server."""

from huiyin.config.settings import *

ROOT_URLCONF = "tests.slow_urls"

"""The WSGI application that the server runs; in the one-process set-up it does the background jobs as well."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from huiyin.foundation.postgres import waiting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
application = get_wsgi_application()
waiting.limit_pages()
# All pages are loaded before the door opens: the first to come in would wait seconds for it.
_ = get_resolver().url_patterns
# What was loaded stays; without this each full collection walks all of it again, in the middle of somebody's page.
gc.collect()
gc.freeze()
# A page makes some twenty thousand objects and drops them by itself: looking for rings every 700 is looking thirty times.
gc.set_threshold(10_000, 10, 10)

if os.environ.get("HUIYIN_EMBED_WORKER") == "yes":
    from huiyin.surfaces.cli.worker import start_embedded_worker  # app ready

    start_embedded_worker()

"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dakikm.settings")
application = get_wsgi_application()

from daerah.pemeriksaan import refuse_unsafe_start  # noqa: E402 - models load only after the line above

refuse_unsafe_start()

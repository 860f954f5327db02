"""Who sets the application up finds every setting in .env.example, and none that does nothing."""

import re
from itertools import pairwise

from django.conf import settings

# Where settings are read, and how they look there.
READERS = {
    "dakikm/settings.py": r"""\benv(?:\.\w+)?\(\s*["']([A-Z_]+)["']""",
    "dakikm/pasang/gunicorn.conf.py": r"""\bos\.environ\.get\(["']([A-Z_]+)["']""",
    "docker-compose.yml": r"\$\{([A-Z_]+)",
}


def test_env_example_lists_exactly_the_settings_that_are_read():
    read = {
        name
        for file, pattern in READERS.items()
        for name in re.findall(pattern, (settings.BASE_DIR / file).read_text())
    }
    example = (settings.BASE_DIR / ".env.example").read_text()
    listed = re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)
    assert sorted(listed) == sorted(read)


def test_every_setting_in_env_example_is_explained():
    lines = (settings.BASE_DIR / ".env.example").read_text().splitlines()
    unexplained = [
        line
        for before, line in pairwise(lines)
        if re.match(r"#?[A-Z_]+=", line) and not before.startswith("# ")
    ]
    assert unexplained == []

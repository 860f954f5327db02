"""Contrast of both themes, computed from the tokens (WCAG 2.2: 4.5 for text, 3 for what must be seen)."""

import re

import pytest
from django.conf import settings

CSS = settings.BASE_DIR / "static" / "css"

TEKS = [
    *((tinta, dasar) for tinta in ("tinta", "lembut", "merek") for dasar in ("dasar", "kertas", "teduh")),
    ("tinta-merek", "merek"),
    ("tinta-merek", "merek-tua"),
    ("kertas", "gawat"),
    *((nada, f"teduh-{nada}") for nada in ("baik", "awas", "gawat", "info")),
    *((nada, dasar) for nada in ("baik", "awas", "gawat", "info") for dasar in ("dasar", "kertas")),
    *((f"pada-m{ke}", f"m{ke}") for ke in range(1, 6)),
    *((garis, "kertas") for garis in ("rencana", "fisik", "keuangan")),
]
TERLIHAT = [
    ("garis-kuat", "kertas"),
    ("fokus", "kertas"),
    ("fokus", "dasar"),
    ("serap", "kertas"),
    ("salur", "kertas"),
    ("lalu", "kertas"),
]


def tokens(*files):
    text = "".join((CSS / name).read_text() for name in files)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", text))


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(params=[("tokens.css",), ("tokens.css", "gelap.css")], ids=["terang", "gelap"])
def warna(request):
    return tokens(*request.param)


@pytest.mark.parametrize("pasangan", TEKS, ids="-".join)
def test_text_is_readable(warna, pasangan):
    assert contrast(*(warna[nama] for nama in pasangan)) >= 4.5


@pytest.mark.parametrize("pasangan", TERLIHAT, ids="-".join)
def test_lines_and_borders_are_visible(warna, pasangan):
    assert contrast(*(warna[nama] for nama in pasangan)) >= 3


def test_the_dark_theme_leaves_out_no_colour():
    assert tokens("gelap.css").keys() == tokens("tokens.css").keys()

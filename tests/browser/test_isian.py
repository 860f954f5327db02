"""The small scripts of the report grid and of the theme, on the page of all components."""

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from realisasi.views import gaya

STATIC = settings.BASE_DIR / "static"
ALAMAT = "http://contoh.invalid/"


@pytest.fixture
def halaman(peramban, rf):
    """The page as the server would send it, its static files from their source."""
    isi = render_to_string("gaya.html", gaya.context(), rf.get("/gaya/"))
    page = peramban.new_page()
    page.route(
        f"{ALAMAT}static/**",
        lambda route: route.fulfill(path=STATIC / route.request.url.split("/static/")[1]),
    )
    page.route(ALAMAT, lambda route: route.fulfill(body=isi, content_type="text/html; charset=utf-8"))
    page.goto(ALAMAT)
    yield page
    page.close()


def keuangan(page, ke):
    return page.locator("[data-baris]").nth(ke).locator("[data-sel=keuangan] input")


def test_totals_follow_what_is_typed_without_saving(halaman):
    keuangan(halaman, 0).fill("4.120.000.000")
    baris = halaman.locator("[data-baris]").first
    assert baris.locator("[data-tambahan]").inner_text() == "+2.266.000.000"
    assert baris.locator("[data-persen]").inner_text() == "100,00%"
    # 4.120.000.000 + 0 + 260.000.000 + 174.000.000, of 7.627.800.000
    assert halaman.locator("[data-jumlah]").inner_text() == "Rp4.554.000.000"
    assert halaman.locator("[data-jumlah-persen]").inner_text() == "59,70%"
    assert "belum disimpan" in halaman.locator("[data-keadaan]").inner_text()


def test_a_number_that_cannot_be_read_for_sure_is_left_out_and_shown_as_a_dash(halaman):
    for teks in ("1,5 milyar", "1e9", "1,234,567", "12.34"):
        keuangan(halaman, 0).fill(teks)
        assert halaman.locator("[data-tambahan]").first.inner_text() == "–"
        assert halaman.locator("[data-persen]").first.inner_text() == "–"
        assert halaman.locator("[data-jumlah]").inner_text() == "Rp434.000.000"


def test_plain_digits_get_their_dots_when_the_cell_is_left(halaman):
    keuangan(halaman, 1).fill("1250000")
    keuangan(halaman, 1).blur()
    assert keuangan(halaman, 1).input_value() == "1.250.000"


def test_arrows_move_between_cells_but_never_change_a_list(halaman):
    keuangan(halaman, 0).focus()
    halaman.keyboard.press("ArrowDown")
    assert keuangan(halaman, 1).evaluate("isi => isi === document.activeElement")
    for _ in range(3):
        halaman.keyboard.press("ArrowRight")
    assert halaman.evaluate("document.activeElement.name") == "2-penjelasan"
    assert halaman.locator("[data-baris]").nth(1).locator("select").input_value() == "6"


def test_leaving_with_unsaved_work_asks_first(halaman):
    pertanyaan = []
    halaman.on("dialog", lambda dialog: (pertanyaan.append(dialog.type), dialog.accept()))
    keuangan(halaman, 0).press_sequentially("1")
    halaman.goto("about:blank")
    assert pertanyaan == ["beforeunload"]


def test_the_theme_is_switched_by_hand_remembered_and_forgotten_when_it_is_the_systems_own(halaman):
    dasar = "getComputedStyle(document.body).backgroundColor"
    terang = halaman.evaluate(dasar)
    halaman.locator("#ganti-tema").click()
    assert halaman.evaluate(dasar) != terang
    halaman.reload()
    assert halaman.evaluate("document.documentElement.dataset.theme") == "gelap"
    halaman.locator("#ganti-tema").click()
    assert halaman.evaluate(dasar) == terang
    assert halaman.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("lebar", [320, 360, 768, 1440])
def test_no_page_scrolls_sideways(halaman, lebar):
    halaman.set_viewport_size({"width": lebar, "height": 800})
    assert halaman.evaluate("document.documentElement.scrollWidth") <= lebar

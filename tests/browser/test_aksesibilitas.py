"""Everyone can use it: axe on dashboards in both themes, by keyboard, at 320 px, without script, on paper."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.aplikasi import sign_in

# axe-core 4.14.1, Mozilla Public License 2.0 (vendor/axe-core-LICENSE.txt); only tests use it.
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [
    ("verifikator", "/"),
    ("pimpinan", "/"),
    ("provinsi.32", "/"),
    ("operator.32.10", "/"),
    ("verifikator", "/nasional/"),
    ("verifikator", "/nasional/?tahun=2023&triwulan=4"),
    ("verifikator", "/provinsi/32/"),
    ("verifikator", "/daerah/32.10/"),
    ("verifikator", "/daerah/?urut=-serapan"),
    ("analis", "/ekspor/"),
    ("admin", "/pekerjaan/"),
    ("auditor", "/riwayat/"),
]
every_page = pytest.mark.parametrize(("akun", "address"), PAGES)


@pytest.fixture(scope="module")
def profil(peramban, aplikasi):
    """One signed-in page for each account and kind of browser, kept for the whole file."""
    kept = {}

    def get(akun, **options):
        key = (akun, *sorted(options.items()))
        if key not in kept:
            kept[key] = sign_in(peramban.new_context(base_url=aplikasi, **options), akun)
        return kept[key]

    yield get
    for page in kept.values():
        page.context.close()


def violations(page):
    """What axe finds, one line each: rule, how bad, where."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("tema", ["light", "dark"])
@every_page
def test_axe_finds_nothing(profil, akun, address, tema):
    page = profil(akun, color_scheme=tema)
    page.goto(address)
    assert violations(page) == []


def test_axe_finds_nothing_with_everything_open(profil):
    page = profil("verifikator", color_scheme="light")
    page.goto("/nasional/")
    page.evaluate("document.querySelectorAll('main details').forEach(satu => satu.open = true)")
    assert violations(page) == []


@pytest.mark.parametrize("lebar", [320, 640])
@every_page
def test_no_page_scrolls_sideways(profil, akun, address, lebar):
    """320 px, and 640 px: a window of 1280 px at 200 % zoom."""
    page = profil(akun, color_scheme="light")
    page.set_viewport_size({"width": lebar, "height": 800})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= lebar


def test_names_of_lines_stay_inside_the_kurva_s(profil):
    page = profil("verifikator", color_scheme="light")
    for lebar in (320, 768, 1440):
        page.set_viewport_size({"width": lebar, "height": 900})
        page.goto("/nasional/")
        outside = page.evaluate(
            """() => [...document.querySelectorAll('svg.kurva')].flatMap(svg => {
                if (!svg.clientWidth) return [];
                const frame = svg.getBoundingClientRect();
                return [...svg.querySelectorAll('text')].filter(text => {
                    const box = text.getBoundingClientRect();
                    return box.right > frame.right + 1 || box.left < frame.left - 1;
                }).map(text => text.textContent);
            })"""
        )
        assert outside == []


class TestPapanTik:
    @pytest.fixture
    def page(self, profil):
        page = profil("verifikator", color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto("/nasional/")
        return page

    def test_the_first_stop_leads_past_the_menu_to_the_content(self, page):
        page.keyboard.press("Tab")
        expect(page.locator(".lompat")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()

    def test_every_stop_has_a_visible_outline(self, page):
        bare = []
        for _ in range(60):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                """() => {
                    const satu = document.activeElement;
                    const petak = satu.matches('.petak a');
                    const gaya = getComputedStyle(petak ? satu.querySelector('rect') : satu);
                    const tampak = gaya.outlineStyle !== 'none' || parseFloat(gaya.strokeWidth) > 3;
                    return satu === document.body || tampak ? '' : satu.outerHTML.slice(0, 80);
                }"""
            )
            bare += [seen] if seen else []
        assert bare == []

    def test_what_a_figure_rests_on_opens_by_enter_and_closes_by_escape(self, page):
        origin = page.locator("details.asal").first
        origin.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(origin.locator("dl")).to_contain_text("dibagi pagu Rp")
        page.keyboard.press("Escape")
        expect(origin.locator("dl")).to_be_hidden()
        expect(origin.locator("summary")).to_be_focused()

    def test_a_column_is_sorted_from_its_head(self, page):
        page.get_by_role("columnheader", name="Serapan").get_by_role("link").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**urut=-serapan**")
        head = page.get_by_role("columnheader", name="Serapan")
        expect(head).to_have_attribute("aria-sort", "descending")

    def test_another_quarter_is_chosen_without_a_mouse(self, page):
        page.get_by_label("TW", exact=True).focus()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**triwulan=2**")
        expect(page.locator("h1")).to_contain_text("TW II")


def test_dashboards_work_without_script(profil):
    page = profil("pimpinan", java_script_enabled=False)
    page.goto("/nasional/")
    page.get_by_label("TA", exact=True).select_option("2023")
    page.get_by_label("TW", exact=True).select_option("4")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.locator("h1")).to_contain_text("88,46%")
    page.locator("#daerah").get_by_role("link", name="Tampilkan semua").click()
    expect(page.locator("#daerah tbody tr")).to_have_count(56)


def test_on_paper_every_row_stands_and_no_box_is_cut(profil):
    page = profil("verifikator", color_scheme="light")
    page.set_viewport_size({"width": 1100, "height": 800})
    page.goto("/daerah/?tahun=2023&triwulan=4&halaman=semua")
    page.emulate_media(media="print")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.gulir')].filter(kotak => kotak.checkVisibility()
            && kotak.scrollHeight > kotak.clientHeight + 1
            && getComputedStyle(kotak).overflowY !== 'visible').length"""
    )
    page.emulate_media(media="screen")
    assert cut == 0
    assert page.locator("#daerah tbody tr").count() == 56


def test_the_head_of_a_long_table_stays_in_view(profil):
    page = profil("verifikator", color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 700})
    page.goto("/daerah/")
    page.locator("#daerah tbody tr").nth(30).scroll_into_view_if_needed()
    assert page.locator("#daerah thead th").first.bounding_box()["y"] == pytest.approx(0, abs=1)

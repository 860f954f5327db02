"""Takes the pictures of README and guides again, from the running application: `make gambar`."""

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

import django
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "gambar"
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dakikm.settings")
os.environ["DEMO"] = "1"
django.setup()

from realisasi.buku.formulir_alokasi import write_template  # noqa: E402 - needs the settings
from tests.browser.aplikasi import FLAGS, running, sign_in  # noqa: E402
from tests.buku.berkas import SATU  # noqa: E402

# Name of the picture -> account and address; a step of its own where a press is needed first.
PAGES = {
    "nasional": ("pimpinan", "/nasional/?tahun=2023&triwulan=4"),
    "analis-nasional": ("analis", "/nasional/"),
    "analis-ekspor": ("analis", "/ekspor/"),
    "operator-beranda": ("operator.32.10", "/"),
    "verifikator-penyaluran": ("verifikator", "/penyaluran/"),
    "admin-akun": ("admin", "/akun/daftar/"),
    "admin-aturan": ("admin", "/aturan/"),
    "admin-jadwal": ("admin", "/jadwal/"),
    "auditor-jejak": ("auditor", "/riwayat/?jenis=laporan"),
}
SIZE = {"width": 1280, "height": 800}


def open_paket(page: Page) -> None:
    page.goto("/pengadaan/")
    page.locator("main table a").first.click()


def open_report(page: Page) -> None:
    page.get_by_role("button", name="Mulai mengisi TW III").click()


def open_verification(page: Page) -> None:
    page.goto("/verifikasi/")
    page.locator("main table a").first.click()


def open_preview(page: Page) -> None:
    with NamedTemporaryFile(suffix=".xlsx") as file:
        write_template([replace(SATU, kode_daerah=kode) for kode in ("17.01", "17.02")], file)
        file.flush()
        page.goto("/impor/")
        page.locator("input[type=file]").set_input_files(file.name)
        page.get_by_role("button", name="Periksa berkas").click()


STEPS = {
    "verifikator-pratinjau": ("verifikator", open_preview),
    "operator-paket": ("operator.32.10", open_paket),
    "operator-laporan": ("operator.32.10", open_report),
    "verifikator-rinci": ("verifikator", open_verification),
}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with TemporaryDirectory() as place, running(Path(place)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, (account, target) in {**PAGES, **STEPS}.items():
            page = sign_in(browser.new_context(base_url=address, viewport=SIZE), account)
            if callable(target):
                target(page)
            else:
                page.goto(target)
            page.screenshot(path=FOLDER / f"{name}.png")
            page.context.close()


if __name__ == "__main__":
    main()

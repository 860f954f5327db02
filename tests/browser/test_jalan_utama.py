"""The main path as people walk it: report, submit, one figure moves; verify, the other one moves."""

import json
import re

import pytest
from playwright.sync_api import expect

TW_III_2024 = "tahun=2024&triwulan=3"


def serapan(page, posisi, query=TW_III_2024):
    """The national row as a program reads it, with the session of the page."""
    answer = page.request.get(f"/api/v1/serapan/?{query}&tingkat=nasional&posisi={posisi}")
    (row,) = json.loads(answer.text())["results"]
    return row


def wait_for_worker(page, posisi, before):
    """The figure follows within seconds, computed by the worker, not by the request."""
    for _ in range(60):
        row = serapan(page, posisi)
        if row["realisasi_keuangan"] != before["realisasi_keuangan"]:
            return row
        page.wait_for_timeout(500)
    pytest.fail(f"The {posisi} figure did not move.")


def as_indonesian(percent):
    return percent.replace(".", ",") + "%"


def test_the_published_figures_of_2023_stand_on_the_national_page(masuk):
    page = masuk("pimpinan")
    page.goto("/nasional/?tahun=2023&triwulan=4")
    main = page.locator("main")
    for figure in ("88,46%", "93,23%", "Rp395,0 miliar"):
        expect(main).to_contain_text(figure)
    expect(main).to_contain_text("56 dari 56 daerah")
    expect(page.locator(".banner")).to_contain_text("Data contoh")


def test_from_report_to_final_figure(masuk):
    ministry = masuk("verifikator")
    sementara, final = serapan(ministry, "sementara"), serapan(ministry, "final")

    office = masuk("operator.32.10")
    office.get_by_role("button", name="Mulai mengisi TW III").click()
    first = office.locator("[data-baris]").first
    keuangan = first.get_by_label(re.compile("Realisasi keuangan"))
    before = int(keuangan.input_value().replace(".", ""))
    keuangan.fill(f"{before + 100_000_000:,}".replace(",", "."))
    office.get_by_role("button", name="Ajukan laporan").click()
    expect(office).to_have_url(re.compile(r"/tanda-terima/$"))
    expect(office.locator("main")).to_contain_text("LT-2024-3-32.10-")

    moved = wait_for_worker(ministry, "sementara", sementara)
    assert moved["realisasi_keuangan"] == sementara["realisasi_keuangan"] + 100_000_000
    assert moved["jumlah_daerah_lapor"] == sementara["jumlah_daerah_lapor"] + 1
    assert serapan(ministry, "final") == final
    ministry.goto(f"/nasional/?{TW_III_2024}")
    expect(ministry.locator("main")).to_contain_text(as_indonesian(moved["serapan"]))

    ministry.goto("/verifikasi/")
    ministry.get_by_role("link", name="Kab. Majalengka").first.click()
    ministry.get_by_role("button", name="Mulai verifikasi").click()
    ministry.get_by_role("button", name="Setujui").click()
    moved = wait_for_worker(ministry, "final", final)
    # The figure of TW II was final already and carried forward; now TW III's own takes its place.
    assert moved["realisasi_keuangan"] == final["realisasi_keuangan"] + 100_000_000
    assert moved["jumlah_daerah_lapor"] == final["jumlah_daerah_lapor"] + 1
    ministry.goto(f"/nasional/?{TW_III_2024}&posisi=final")
    expect(ministry.locator("main")).to_contain_text(as_indonesian(moved["serapan"]))


def test_a_report_is_filled_in_and_sent_without_javascript_on_a_phone(masuk):
    page = masuk("operator.52.02", java_script_enabled=False, viewport={"width": 360, "height": 740})
    page.get_by_role("button", name="Mulai mengisi TW III").click()
    first = page.locator("[data-baris]").first
    first.get_by_label(re.compile("Realisasi keuangan")).fill("1,234,567.89")
    page.get_by_role("button", name="Ajukan laporan").click()
    expect(page.locator("#ringkasan-galat")).to_be_visible()
    expect(first.get_by_label(re.compile("Realisasi keuangan"))).to_have_value("1,234,567.89")
    first.get_by_label(re.compile("Realisasi keuangan")).fill("1.000.000.000")
    first.get_by_label(re.compile("Progres fisik")).fill("100")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("main")).to_contain_text("Tersimpan")

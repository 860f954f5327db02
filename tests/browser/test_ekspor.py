"""Asking for the workbook as an analyst does: it comes by itself with a script, and by a link without."""

from playwright.sync_api import expect

PHONE = {"width": 360, "height": 740}


def test_the_page_follows_the_job_until_its_file_is_there(masuk):
    page = masuk("analis", viewport=PHONE)
    faults = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("/ekspor/?tahun=2024&triwulan=3")
    page.get_by_role("button", name="Siapkan Excel").click()
    page.evaluate("window.tetap = true")
    file = page.get_by_role("link", name="Unduh Excel")
    expect(file).to_be_visible(timeout=30_000)
    assert page.evaluate("window.tetap"), "the page was not loaded again"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    with page.expect_download() as download:
        file.click()
    assert download.value.suggested_filename == "rekap-dak-ikm-2024-tw3-sementara.xlsx"
    assert faults == []


def test_without_a_script_a_link_brings_the_page_up_to_date(masuk):
    page = masuk("pimpinan", java_script_enabled=False, viewport=PHONE)
    page.goto("/ekspor/?tahun=2023&triwulan=4")
    page.get_by_role("button", name="Siapkan Excel").click()
    file = page.get_by_role("link", name="Unduh Excel")
    for _ in range(60):
        if file.is_visible():
            break
        page.get_by_role("link", name="Perbarui").click()
        page.wait_for_timeout(500)
    expect(file).to_be_visible()

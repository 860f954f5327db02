from datetime import datetime

import pytest

from daerah.kode import DaftarKode, KodeSalah
from daerah.management.commands.load_wilayah import rows


@pytest.fixture(scope="module")
def daftar():
    return DaftarKode(rows())


@pytest.mark.parametrize(
    ("typed", "kode"),
    [("32.10", "32.10"), (" 32.10\u00a0", "32.10"), ("35", "35"), ("91.01", "93.01"), ("92.71", "96.71")],
)
def test_kode_of_today_or_of_before_the_provinces_of_2022(daftar, typed, kode):
    assert daftar.recipient(typed).kode == kode


@pytest.mark.parametrize("kode", ["31.01", "31.71", "31.75"])
def test_administrative_areas_of_dki_are_refused_with_the_reason(daftar, kode):
    with pytest.raises(KodeSalah, match="tanpa APBD sendiri"):
        daftar.recipient(kode)
    assert daftar.find(kode).kode == kode


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (32.1, ["kode harus teks", "32.10 (Kab. Majalengka)", "32.01 (Kab. Bogor)"]),
        (32, ["kode harus teks", "32 (Pemerintah Provinsi Jawa Barat)"]),
        (3210, ["kode harus teks", "32.10 (Kab. Majalengka)"]),
        ("32.1", ["kehilangan angka nol", "32.10 (Kab. Majalengka)", "32.01 (Kab. Bogor)"]),
        ("1.1", ["kehilangan angka nol", "dua angka"]),
        ("1101", ["kode BPS", "11.09 (Kab. Simeulue)", "11.01 (Kab. Aceh Selatan)"]),
        ("32,10", ["bukan kode Kemendagri", "32.10 (Kab. Majalengka)"]),
        ("32-10", ["32.10 (Kab. Majalengka)"]),
        ("32.99", ["tidak ada dalam daftar"]),
        ("00", ["tidak ada dalam daftar"]),
        ("３２.１０", ["bukan kode Kemendagri"]),
        ("Kab. Majalengka", ["bukan kode Kemendagri"]),
        (datetime(2032, 10, 1), ["tanggal", "kode harus teks"]),  # noqa: DTZ001 (as Excel stores it)
        (True, ["kode harus teks"]),
        ("x" * 500, ["…"]),
    ],
)
def test_spoiled_kode_is_refused_with_what_was_perhaps_meant(daftar, typed, words):
    with pytest.raises(KodeSalah) as refusal:
        daftar.recipient(typed)
    for word in words:
        assert word in refusal.value.pesan


def test_all_recipients_are_found_by_their_own_kode(daftar):
    assert sum(not d.administratif for d in daftar.by_kode.values()) == 546
    for kode, daerah in daftar.by_kode.items():
        assert daftar.find(kode) is daerah

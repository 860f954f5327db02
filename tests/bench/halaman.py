"""Pages: a whole request in this process, against the bare SQL of its figures and an empty signed-in page."""

from django.conf import settings
from django.test import Client

from daerah.models import Pengguna
from realisasi.models import Bidang, Laporan
from tests.bench.alat import alternate, replay, statements, times, ukuran

TW = "?tahun=2024&triwulan=3"
SASARAN, DATAR = 2.0, 1.2


def measure(kali):
    settings.ROOT_URLCONF = "tests.bench.urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    yield national(kali)
    laporan = Laporan.objects.get(
        alokasi__daerah="32.10", alokasi__bidang=Bidang.IKM, alokasi__tahun=2024, triwulan=2
    )
    pages = {
        "Provinsi": ("pimpinan", f"/provinsi/32/{TW}"),
        "Daerah": ("pimpinan", f"/daerah/32.10/{TW}"),
        "Laporan": ("operator.32.10", f"/laporan/{laporan.pk}/"),
        "Antrean verifikasi": ("verifikator", "/verifikasi/"),
        "Nasional per suatu hari": ("pimpinan", f"/nasional/{TW}&pada=2024-10-14"),
    }
    for name, (account, address) in pages.items():
        page = opener(account, address)
        yield ukuran(f"halaman {name}", times(page, kali=kali), sasaran_tumbuh=DATAR)


def national(kali):
    """Its figures: every statement that the national page sends and an empty page does not."""
    page, empty = opener("pimpinan", f"/nasional/{TW}"), opener("pimpinan", "/kosong/")
    frame = set(statements(empty))
    figures = [sql for sql in statements(page) if sql not in frame]
    whole, base = alternate(page, lambda: (replay(figures), empty()), kali=kali)
    return ukuran(
        "halaman Nasional",
        whole,
        base,
        terhadap=f"{len(figures)} pernyataan SQL-nya + halaman kosong",
        sasaran=SASARAN,
        sasaran_tumbuh=DATAR,
    )


def opener(account, address):
    client = Client()
    client.force_login(Pengguna.objects.get(username=account))

    def get():
        assert client.get(address).status_code == 200, address

    for _ in range(3):  # templates and session are warm in production, too
        get()
    return get

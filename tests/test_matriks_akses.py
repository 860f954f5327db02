"""The access matrix: every route x method x role x {own, same province, other province, missing}.

What is expected is the table RUTE; a route that is not in it fails the suite. Everything that the table does
not allow is refused, and for somebody who may not see an object, a foreign one answers exactly like a missing
one: same status, same body.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from daerah.cakupan import Peran
from daerah.models import Daerah, TokenAkses
from realisasi.actions.rekap import compute_all
from realisasi.models import PeriodeTriwulan, StatusLaporan
from tests.pabrik import (
    BOGOR,
    JAWA_BARAT,
    LOMBOK_TENGAH,
    MAJALENGKA,
    NTB,
    make_alokasi,
    make_dispensasi,
    make_kegiatan,
    make_laporan,
    make_paket,
    make_pekerjaan,
    make_pengguna,
    make_penyaluran,
    make_tahun,
)

# --- who --------------------------------------------------------------------------------------------

KANTOR = frozenset({Peran.OPERATOR, Peran.PENYETUJU})
PEMBINA = frozenset({Peran.PROVINSI})
NASIONAL = frozenset({Peran.VERIFIKATOR, Peran.PIMPINAN, Peran.ANALIS, Peran.AUDITOR, Peran.ADMIN})
SEMUA = KANTOR | PEMBINA | NASIONAL
ADMIN = frozenset({Peran.ADMIN})
VERIFIKATOR = frozenset({Peran.VERIFIKATOR})
PENGUNGGAH = ADMIN | VERIFIKATOR
PEMERIKSA = ADMIN | {Peran.AUDITOR}
NIHIL: frozenset[str] = frozenset()

# --- where: seen from Kabupaten Majalengka -----------------------------------------------------------

KODE = {"own": MAJALENGKA, "same": BOGOR, "other": LOMBOK_TENGAH, "missing": "99.99"}
WILAYAH = {"own": JAWA_BARAT, "same": JAWA_BARAT, "other": NTB, "missing": "99"}
TEMPAT = tuple(KODE)
TERLIHAT = {"own": SEMUA, "same": PEMBINA | NASIONAL, "other": NASIONAL, "missing": NIHIL}
# The office acts for itself alone, whatever others may see of it.
SENDIRI = {"own": KANTOR}


@dataclass(frozen=True)
class Rute:
    """Who reaches a route: a set of roles, or one for each place where the address names an object.

    `objek`: what the address names (an attribute of the world); `isian`: what a POST sends; `kueri`: what the
    address needs besides.
    """

    get: frozenset | dict = NIHIL
    post: frozenset | dict = NIHIL
    objek: str = ""
    argumen: str = "pk"
    terbuka: bool = False  # without signing in
    kueri: str = ""
    isian: dict = field(default_factory=dict)
    kunci_isian: str = ""  # the posted field that names the object, where the address does not

    def reached_by(self, method, place):
        roles = self.get if method == "GET" else self.post
        return roles.get(place, NIHIL) if isinstance(roles, dict) else roles


def everywhere(roles):
    return {"own": roles, "same": roles, "other": roles}


# Of a person, not of a daerah.
MILIK_ORANG = ("token", "pekerjaan")
AKUN_DIBANTU = {"own": ADMIN | PEMBINA, "same": ADMIN | PEMBINA, "other": ADMIN}
AKUN_DIKELOLA = everywhere(ADMIN)

# The quarter in which the reports of the world stand.
TW1 = "?tahun=2024&triwulan=1"

# --- what -------------------------------------------------------------------------------------------

RUTE: dict[str, Rute] = {
    # own account
    "masuk": Rute(get=SEMUA, post=SEMUA, terbuka=True),
    "keluar": Rute(post=SEMUA),
    "admin/login/": Rute(get=SEMUA, post=SEMUA, terbuka=True),
    "akun": Rute(get=SEMUA),
    "ganti_sandi": Rute(get=SEMUA, post=SEMUA),
    "lupa_sandi": Rute(get=SEMUA, post=SEMUA, terbuka=True),
    "lupa_sandi_terkirim": Rute(get=SEMUA, terbuka=True),
    "atur_sandi": Rute(get=SEMUA, post=SEMUA, objek="tautan", argumen="", terbuka=True),
    "dua_langkah": Rute(),  # WAJIB_TOTP is off here; tests/daerah/test_dua_langkah.py has it on
    "kode_cadangan": Rute(),
    "akun_token": Rute(get=NASIONAL, post=NASIONAL),
    "akun_token_cabut": Rute(post={"own": NASIONAL}, objek="token"),
    # accounts of others
    "akun_daftar": Rute(get=ADMIN | PEMBINA),
    "akun_rinci": Rute(get=AKUN_DIBANTU, objek="akun"),
    "akun_sandi": Rute(post=AKUN_DIBANTU, objek="akun"),
    "akun_aktif": Rute(post=AKUN_DIKELOLA, objek="akun"),
    "akun_perangkat": Rute(post=AKUN_DIKELOLA, objek="akun"),
    "akun_impor": Rute(get=ADMIN, post=ADMIN),
    "akun_formulir": Rute(get=ADMIN),
    # figures
    "beranda": Rute(get=SEMUA, kueri=TW1),
    "nasional": Rute(get=NASIONAL, kueri=TW1),
    "provinsi": Rute(
        get={"own": PEMBINA | NASIONAL, "same": PEMBINA | NASIONAL, "other": NASIONAL},
        objek="wilayah",
        argumen="kode",
        kueri=TW1,
    ),
    "daerah_daftar": Rute(get=PEMBINA | NASIONAL, kueri=TW1),
    "daerah": Rute(get=TERLIHAT, objek="daerah", argumen="kode", kueri=TW1),
    "pengadaan": Rute(get=SEMUA, kueri=TW1),
    "paket": Rute(get=TERLIHAT, post=SENDIRI, objek="paket"),
    "penyaluran": Rute(get=SEMUA, kueri=TW1),
    "penyaluran_catat": Rute(get=PENGUNGGAH, post=PENGUNGGAH),
    "penyaluran_hapus": Rute(get=everywhere(PENGUNGGAH), post=everywhere(PENGUNGGAH), objek="penyaluran"),
    # rules, calendar, help
    "aturan": Rute(get=SEMUA),
    "aturan_tambah": Rute(get=ADMIN, post=ADMIN, kueri="?kunci=lapor.wajib_penyetuju"),
    "jadwal": Rute(get=NASIONAL),
    "jadwal_tutup": Rute(post=everywhere(ADMIN), objek="periode", kunci_isian="periode"),
    "jadwal_dispensasi": Rute(post=ADMIN, kueri=TW1),
    "jadwal_dispensasi_cabut": Rute(post=everywhere(ADMIN), objek="dispensasi"),
    "jadwal_buku": Rute(get=everywhere(NASIONAL), objek="tertutup"),
    "bantuan": Rute(get=SEMUA),
    "riwayat": Rute(get=PEMERIKSA),
    # reports and their verification
    "laporan": Rute(get=SEMUA, kueri=TW1),
    "laporan_mulai": Rute(post=SENDIRI, objek="alokasi", kunci_isian="alokasi", isian={"triwulan": "2"}),
    "laporan_rinci": Rute(get=TERLIHAT, post=SENDIRI, objek="laporan"),
    "laporan_tanda_terima": Rute(get=TERLIHAT, objek="laporan"),
    "laporan_tarik": Rute(post=SENDIRI, objek="laporan"),
    "verifikasi": Rute(get=NASIONAL),
    "verifikasi_rinci": Rute(get=everywhere(NASIONAL), objek="laporan"),
    "verifikasi_mulai": Rute(post=everywhere(VERIFIKATOR), objek="laporan"),
    "verifikasi_setujui": Rute(post=everywhere(VERIFIKATOR), objek="laporan"),
    "verifikasi_kembalikan": Rute(post=everywhere(VERIFIKATOR), objek="laporan"),
    "verifikasi_buka": Rute(post=everywhere(VERIFIKATOR), objek="laporan"),
    # doors for files, and what the ministry keeps of an alokasi besides
    "alokasi": Rute(get=everywhere(PENGUNGGAH), post=everywhere(PENGUNGGAH), objek="alokasi"),
    "impor": Rute(get=PENGUNGGAH, post=PENGUNGGAH),
    "impor_pratinjau": Rute(get=PENGUNGGAH, post=PENGUNGGAH),
    "impor_formulir": Rute(get=PENGUNGGAH),
    "perubahan": Rute(get=SEMUA, kueri=TW1),
    "ekspor": Rute(get=PEMBINA | NASIONAL, kueri=TW1),
    "ekspor_minta": Rute(post=PEMBINA | NASIONAL, kueri=TW1, isian={"posisi": "sementara"}),
    "ekspor_unduh": Rute(get=PEMBINA | NASIONAL, kueri=TW1),
    # jobs: of the own account alone
    "pekerjaan": Rute(get=PEMBINA | NASIONAL),
    "pekerjaan_rinci": Rute(get={"own": PEMBINA | NASIONAL}, objek="pekerjaan"),
    "pekerjaan_keadaan": Rute(get={"own": PEMBINA | NASIONAL}, objek="pekerjaan"),
    "pekerjaan_berkas": Rute(get={"own": PEMBINA | NASIONAL}, objek="pekerjaan"),
    "pekerjaan_ulang": Rute(post={"own": PEMBINA | NASIONAL}, objek="pekerjaan"),
    "pekerjaan_hitung_ulang": Rute(post=everywhere(ADMIN), objek="alokasi"),
    # API
    "skema_api": Rute(get=SEMUA),
    "api_serapan": Rute(get=SEMUA, kueri=f"{TW1}&tingkat=daerah"),
    "api_daerah": Rute(get=SEMUA),
    "status": Rute(get=SEMUA, terbuka=True),
}
# Only there in a demonstration: a page that shows the components.
HANYA_DEMO = {"gaya"}

# Filters that ask a list for somebody else's rows, by name or by number.
PANCINGAN = ("", "?provinsi=52", "?kode=52.02", "?q=52.02", "?daerah=52.02", "?halaman=2", "?urut=-kode")


# --- the world --------------------------------------------------------------------------------------


@pytest.fixture
def dunia(db):
    """One daerah of each kind of place with something of everything, and one account a role."""
    return _build_world()


def _build_world():
    pengguna = {
        peran: make_pengguna(
            peran,
            JAWA_BARAT if peran == Peran.PROVINSI else MAJALENGKA,
            username=f"aktor.{peran}",
            password=None,
        )
        for peran in SEMUA
    }
    other_owner = make_pengguna(Peran.ANALIS, username="pemilik.token", password=None)
    pekerjaan = {peran: make_pekerjaan(akun).pk for peran, akun in pengguna.items()}
    rows = _rows()
    quarter = PeriodeTriwulan.objects.get(tahun=2024, triwulan=1).pk
    closed = _closed_quarter(pengguna[Peran.ADMIN]).pk
    return SimpleNamespace(
        pengguna=pengguna,
        token={peran: _token(akun) for peran, akun in pengguna.items()},
        token_lain=_token(other_owner),
        pekerjaan=pekerjaan,
        pekerjaan_lain=make_pekerjaan(other_owner).pk,
        periode={"own": quarter, "same": quarter, "other": quarter, "missing": 987654321},
        tertutup={"own": closed, "same": closed, "other": closed, "missing": 987654321},
        dispensasi={
            place: 987654321
            if place == "missing"
            else make_dispensasi(quarter, kode, pengguna[Peran.ADMIN], alasan=f"PENANDA-{kode} alasan").pk
            for place, kode in KODE.items()
        },
        **rows,
    )


def _closed_quarter(admin):
    make_tahun(2023)
    row = PeriodeTriwulan.objects.get(tahun=2023, triwulan=4)
    row.ditutup_pada, row.ditutup_oleh = timezone.now(), admin
    row.buku.save("rekap.xlsx", ContentFile(b"isi"))
    return row


def _token(akun):
    return TokenAkses.issue(pengguna=akun, label="uji", masa=timezone.timedelta(days=1), saat=timezone.now())[
        0
    ].pk


def _rows():
    """By kind and place the key that an address names; names carry a mark of their place."""
    rows = {kind: {} for kind in ("laporan", "alokasi", "kegiatan", "paket", "penyaluran", "akun")}
    for place, kode in KODE.items():
        if place == "missing":
            for kind in rows:
                rows[kind][place] = 987654321
            continue
        alokasi = make_alokasi(kode)
        kegiatan = make_kegiatan(alokasi, rincian=f"PENANDA-{kode} kegiatan")
        paket = make_paket(kegiatan, kontrak=900_000_000, nama=f"PENANDA-{kode} paket")
        penyaluran = make_penyaluran(alokasi, 100_000_000, date(2024, 3, 1), nomor_sp2d=f"PENANDA-{kode}")
        laporan = make_laporan(alokasi, status=StatusLaporan.DIAJUKAN, catatan=f"PENANDA-{kode} catatan")
        akun = make_pengguna(Peran.OPERATOR, kode, username=f"PENANDA-{kode}", password=None)
        # Wherever the daerah itself is named, its mark is seen.
        Daerah.objects.filter(pk=kode).update(nama=f"PENANDA-{kode}")
        for kind, row in {
            "laporan": laporan,
            "alokasi": alokasi,
            "kegiatan": kegiatan,
            "paket": paket,
            "penyaluran": penyaluran,
            "akun": akun,
        }.items():
            rows[kind][place] = row.pk
    compute_all(tahun=2024, now=timezone.now())
    return rows


def address(nama, rute, dunia, peran, place):
    """The address of a route for an object in a place, as this role would ask for it."""
    if nama == "admin/login/":
        return "/admin/login/"
    if not rute.objek or rute.kunci_isian:
        return reverse(nama)
    if rute.objek == "tautan":
        return reverse(nama, args=["MQ", "token-yang-tidak-berlaku"])
    if rute.objek == "daerah":
        return reverse(nama, kwargs={rute.argumen: KODE[place]})
    if rute.objek == "wilayah":
        return reverse(nama, kwargs={rute.argumen: WILAYAH[place]})
    if rute.objek in MILIK_ORANG:
        own, others = getattr(dunia, rute.objek), getattr(dunia, f"{rute.objek}_lain")
        keys = {"own": own.get(peran, others), "missing": 987654321}
        return reverse(nama, kwargs={rute.argumen: keys.get(place, others)})
    return reverse(nama, kwargs={rute.argumen: getattr(dunia, rute.objek)[place]})


def ask(dunia, nama, peran, method, place):
    """One request, whose writes are undone."""
    rute = RUTE[nama]
    client = Client(raise_request_exception=False)
    if peran:
        client.force_login(dunia.pengguna[peran])
    url = address(nama, rute, dunia, peran, place) + rute.kueri
    undo = transaction.savepoint()
    isian = dict(rute.isian)
    if rute.kunci_isian:
        isian[rute.kunci_isian] = getattr(dunia, rute.objek)[place]
    if method == "GET":
        answer = client.get(url)
    elif url.startswith("/api/"):
        answer = client.post(url, isian, content_type="application/json")
    else:
        answer = client.post(url, isian)
    transaction.savepoint_rollback(undo)
    if answer.streaming:
        b"".join(answer.streaming_content)  # to its end, as a browser does
    return answer


def body(answer):
    """What the answer says, without what differs for every request."""
    if answer.streaming:
        return b"(file)"
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", answer.content)


# --- the matrix -------------------------------------------------------------------------------------


def _routes(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name or prefix + str(pattern.pattern)
        else:
            yield from _routes(pattern.url_patterns, prefix + str(pattern.pattern))


def test_every_route_is_in_the_matrix():
    routes = set(_routes(get_resolver().url_patterns)) - HANYA_DEMO
    assert routes - RUTE.keys() == set(), "add these routes to RUTE"
    assert RUTE.keys() - routes == set(), "these routes are gone"


REACHED = {200, 302, 409, 422}
REFUSED = {403, 404, 405}
# These lead to the sign-in page on purpose.
TO_MASUK = {"keluar", "admin/login/"}


def places(rute):
    return TEMPAT if rute.objek else ("own",)


# Objects that are not seen by the daerah they belong to, but by whom the route lets reach them.
NOT_BY_DAERAH = {*MILIK_ORANG, "akun", "wilayah", "periode", "tertutup", "dispensasi"}


def visible_at(rute, place):
    """Who may know that an object in this place exists."""
    reached = rute.reached_by("GET", place) | rute.reached_by("POST", place)
    return reached if rute.objek in NOT_BY_DAERAH else reached | TERLIHAT[place]


def faults_of(nama, rute, peran, method, answers):
    """What is wrong with the answers of one route to one role, by place."""
    for place, answer in answers.items():
        if peran in rute.reached_by(method, place):
            fault = fault_of_reached(nama, answer)
        else:
            fault = fault_of_refused(method, answer)
            if not fault and rute.objek and peran not in visible_at(rute, place):
                missing = answers["missing"]
                if (answer.status_code, body(answer)) != (missing.status_code, body(missing)):
                    fault = f"unlike a missing one ({missing.status_code})"
        if fault:
            yield f"{method} {nama} at {place}: {answer.status_code}, {fault}"


def fault_of_reached(nama, answer):
    if answer.status_code not in REACHED:
        return "but the table allows it"
    to_sign_in = answer.get("Location", "").startswith("/masuk/") and nama not in TO_MASUK
    return "sent to sign in" if to_sign_in else ""


def fault_of_refused(method, answer):
    if answer.status_code not in REFUSED:
        return "but the table does not allow it"
    return "but what may not be read is not there" if (method, answer.status_code) == ("GET", 403) else ""


@pytest.mark.parametrize("peran", sorted(SEMUA))
def test_a_role_reaches_what_the_table_allows_and_nothing_else(dunia, peran):
    faults = []
    for nama, rute in RUTE.items():
        for method in ("GET", "POST"):
            answers = {place: ask(dunia, nama, peran, method, place) for place in places(rute)}
            faults += faults_of(nama, rute, peran, method, answers)
    assert faults == []


def test_nobody_gets_anywhere_without_signing_in(dunia):
    faults = []
    for nama, rute in RUTE.items():
        for method in ("GET", "POST"):
            for place in places(rute):
                answer = ask(dunia, nama, "", method, place)
                if not _is_closed(nama, rute, answer):
                    faults.append(f"{method} {nama} at {place}: {answer.status_code}")
    assert faults == []


def _is_closed(nama, rute, answer):
    if rute.terbuka:
        return answer.status_code in {200, 302, 405, 422}
    if nama.startswith("api_") or nama == "skema_api":
        return answer.status_code == 401
    # A form with content is kept until its sender has signed in again.
    is_kept = answer.status_code == 403 and "Masuk di tab baru" in answer.content.decode()
    return is_kept or (answer.status_code == 302 and answer["Location"].startswith("/masuk/?next="))


def readable(answer):
    """All that an answer says; a workbook is unpacked."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not content.startswith(b"PK"):
        return content
    with ZipFile(BytesIO(content)) as book:
        return b"".join(book.read(part) for part in book.namelist())


# Lists that show every daerah to whoever sees the nation: without this the next test could not fail.
MENYEBUT_SEMUA = (
    "akun_daftar",
    "daerah_daftar",
    "nasional",
    "pengadaan",
    "penyaluran",
    "laporan",
    "verifikasi",
    "ekspor_unduh",
    "api_serapan",
    "api_daerah",
)


@pytest.mark.parametrize("nama", MENYEBUT_SEMUA)
def test_who_sees_the_nation_is_shown_every_daerah(dunia, nama):
    client = Client()
    client.force_login(dunia.pengguna[Peran.ADMIN])
    text = readable(client.get(address(nama, RUTE[nama], dunia, Peran.ADMIN, "own") + RUTE[nama].kueri))
    assert [
        kode for kode in (MAJALENGKA, BOGOR, LOMBOK_TENGAH) if f"PENANDA-{kode}".encode() not in text
    ] == []


@pytest.mark.parametrize(
    ("peran", "asing"),
    [
        (Peran.OPERATOR, (BOGOR, LOMBOK_TENGAH)),
        (Peran.PENYETUJU, (BOGOR, LOMBOK_TENGAH)),
        (Peran.PROVINSI, (LOMBOK_TENGAH,)),
    ],
)
def test_no_page_and_no_filter_shows_anything_of_another_daerah(dunia, peran, asing):
    client = Client(raise_request_exception=False)
    client.force_login(dunia.pengguna[peran])
    faults = []
    for nama, rute in RUTE.items():
        for pancingan in PANCINGAN:
            query = f"{rute.kueri}&{pancingan[1:]}" if rute.kueri and pancingan else rute.kueri or pancingan
            answer = client.get(address(nama, rute, dunia, peran, "own") + query)
            text = readable(answer)
            shown = [kode for kode in asing if f"PENANDA-{kode}".encode() in text]
            if answer.status_code >= 500 or shown:
                faults.append(f"{nama}{query}: {answer.status_code} {shown}")
    assert faults == []

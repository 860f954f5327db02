from decimal import Decimal

from realisasi.gambar.rantai import MataRantai, draw


def test_the_scale_is_pagu_unless_an_amount_is_larger():
    biasa = draw(
        [MataRantai("pagu", "Pagu", 100, Decimal(100)), MataRantai("rk", "Nilai RK", 90, Decimal(90))]
    )
    assert biasa.skala == "100.00"
    lebih = draw(
        [MataRantai("pagu", "Pagu", 100, Decimal(100)), MataRantai("rk", "RK", 112, Decimal("112.5"))]
    )
    assert lebih.skala == "112.50"


def test_an_unknown_amount_has_no_bar_and_does_not_hide_the_step_before_it():
    rantai = draw(
        [
            MataRantai("pagu", "Pagu", 100, Decimal(100)),
            MataRantai("rk", "Nilai RK", None, None),
            MataRantai("kontrak", "Nilai Kontrak", 80, Decimal(80)),
        ]
    )
    assert [satu.panjang for satu in rantai.batang] == ["100.00", "0.00", "80.00"]
    assert rantai.batang[2].sebelumnya == "100.00"

"""The nightly seal: it fixes every head of the trail that moved, so that no chain is rewritten unseen."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from realisasi.aturan.rantai import sidik_segel
from realisasi.models import KepalaRiwayat, KepalaTersegel, SegelRiwayat

logger = logging.getLogger(__name__)
# The seals are a chain themselves, with a head of their own.
RANTAI_SEGEL = "segel"
BATCH = 1000


def seal(*, now: datetime) -> SegelRiwayat | None:
    """Seal the heads that moved since the seal before; None where none did. `now`: real time.

    The fingerprint of the seal also goes to the log, which is kept elsewhere: whoever rewrites the trail
    and its seals cannot rewrite that.
    """
    with transaction.atomic():
        # Two schedulers: the second waits here, and then finds that nothing has moved.
        head, _ = KepalaRiwayat.objects.select_for_update().get_or_create(
            rantai=RANTAI_SEGEL, defaults={"jumlah": 0, "sidik": ""}
        )
        moved = _moved()
        if not moved:
            return None
        segel = SegelRiwayat.objects.create(
            waktu=now,
            jumlah_rantai=len(moved),
            sidik_sebelum=head.sidik,
            sidik=sidik_segel(now, ((row.rantai, row.jumlah, row.sidik) for row in moved), head.sidik),
        )
        KepalaTersegel.objects.bulk_create(
            (
                KepalaTersegel(segel=segel, rantai=row.rantai, jumlah=row.jumlah, sidik=row.sidik)
                for row in moved
            ),
            batch_size=BATCH,
        )
        head.jumlah, head.sidik = head.jumlah + 1, segel.sidik
        head.save(update_fields=["jumlah", "sidik"])
    logger.info("Segel riwayat nomor %d atas %d rantai: %s", segel.pk, segel.jumlah_rantai, segel.sidik)
    return segel


def _moved() -> list[KepalaRiwayat]:
    sealed = dict(KepalaTersegel.objects.order_by().values_list("rantai").annotate(Max("jumlah")))
    heads = KepalaRiwayat.objects.exclude(rantai=RANTAI_SEGEL).order_by("rantai")
    return [head for head in heads.iterator() if sealed.get(head.rantai) != head.jumlah]

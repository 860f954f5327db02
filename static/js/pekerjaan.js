// A job that runs: its state is asked for again, ever more slowly, until it has ended. An enhancement only:
// «Perbarui» does the same. It stops after ten minutes, for each question keeps the session alive.
(function () {
  "use strict";
  const PALING_LAMA = 10 * 60 * 1000, PALING_JARANG = 10 * 1000;
  const wadah = document.querySelector("[data-keadaan]");
  const mulai = Date.now();
  let jeda = 1000;
  let terakhir = "";

  const isOpen = () => wadah.querySelector("[data-terbuka]").dataset.terbuka === "ya";

  function show(isi) {
    const dipegang = wadah.contains(document.activeElement);
    wadah.innerHTML = terakhir = isi;
    if (!dipegang) return;
    // Who stands on a link goes on standing there.
    const tautan = wadah.querySelector("a, button");
    (tautan || wadah).focus();
  }

  // Whether to go on asking.
  async function renew() {
    if (document.hidden) return true;
    const jawaban = await fetch(wadah.dataset.keadaan);
    if (!jawaban.ok || jawaban.redirected) return false; // signed out meanwhile
    const isi = await jawaban.text();
    if (isi !== terakhir) show(isi);
    return isOpen();
  }

  async function turn() {
    let lanjut = true;
    try { lanjut = await renew(); } catch { /* no network: the next turn asks again */ }
    jeda = Math.min(jeda * 1.3, PALING_JARANG);
    if (lanjut && Date.now() - mulai < PALING_LAMA) setTimeout(turn, jeda);
  }

  setTimeout(turn, jeda);
})();

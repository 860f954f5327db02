// Report grid: live totals, increment and percent, arrows between cells, a warning before unsaved work is left.
// An enhancement only: the server computes and checks everything again.
(function () {
  "use strict";
  const wadah = document.querySelector("[data-isian]");
  if (!wadah) return;
  const formulir = wadah.closest("form");
  const kaki = formulir.querySelector("[data-kaki]");
  const baris = [...wadah.querySelectorAll("[data-baris]")];
  const DIMINTA = ["keuangan", "volume", "fisik"];
  const BULAT = /^\d{1,3}(\.\d{3})+$|^\d+$/;
  const PERSEN = /^(\d{1,3})(?:,(\d{1,2}))?$/;

  // --- reading and writing, integers only: rupiah as BigInt, percent as hundredths ---------------------
  const toRupiah = (teks) => (BULAT.test(teks.trim()) ? BigInt(teks.trim().replaceAll(".", "")) : null);
  const toHundredths = function (teks) {
    const cocok = PERSEN.exec(teks.trim());
    return cocok ? BigInt(cocok[1]) * 100n + BigInt((cocok[2] || "").padEnd(2, "0")) : null;
  };
  const toNumber = (teks) => (teks ? BigInt(teks) : null);
  const group = (nilai) => String(nilai).replace(/\B(?=(\d{3})+$)/g, ".");
  const signed = (nilai) => (nilai === null ? "–" : (nilai < 0n ? "-" : "+") + group(nilai < 0n ? -nilai : nilai));
  const percent = function (perseratus) {
    if (perseratus === null) return "–";
    const teks = String(perseratus).padStart(3, "0");
    return group(teks.slice(0, -2)) + "," + teks.slice(-2) + "%";
  };
  // Half up; no base gives no rate. Amounts here are never negative: the pattern admits no sign.
  const ratio = (atas, bawah) => (atas === null || !bawah ? null : (2n * atas + bawah) / (2n * bawah));

  function field(satu, nama) {
    return satu.querySelector(`[data-sel="${nama}"] :is(input, select, textarea):not([type=hidden])`);
  }

  function write(akar, pilih, teks) {
    const tempat = akar && akar.querySelector(pilih);
    if (tempat) tempat.textContent = teks;
  }

  // --- totals ------------------------------------------------------------------------------------------
  function recount(satu) {
    const keuangan = toRupiah(field(satu, "keuangan").value);
    const lalu = toNumber(satu.dataset.lalu) || 0n;
    const tambahan = keuangan === null ? null : keuangan - lalu;
    write(satu, "[data-tambahan]", signed(tambahan));
    write(satu, "[data-persen]", percent(ratio(keuangan === null ? null : keuangan * 10000n, toNumber(satu.dataset.rk))));
    return { keuangan, tambahan, fisik: toHundredths(field(satu, "fisik").value), bobot: toNumber(satu.dataset.bobot) };
  }

  function recountAll() {
    let jumlah = 0n, tambahan = 0n, berbobot = 0n, bobot = 0n;
    for (const hasil of baris.map(recount)) {
      if (hasil.keuangan !== null) { jumlah += hasil.keuangan; tambahan += hasil.tambahan; }
      if (hasil.bobot) bobot += hasil.bobot;
      if (hasil.fisik !== null) berbobot += hasil.fisik * (hasil.bobot || 0n);
    }
    write(kaki, "[data-jumlah]", "Rp" + group(jumlah));
    write(kaki, "[data-jumlah-persen]", percent(ratio(jumlah * 10000n, toNumber(kaki.dataset.dasar))));
    write(kaki, "[data-jumlah-tambahan]", signed(tambahan));
    write(kaki, "[data-jumlah-fisik]", percent(ratio(berbobot, bobot)));
    const diminta = baris.flatMap((satu) => DIMINTA.map((nama) => field(satu, nama))).filter(Boolean);
    const terisi = diminta.filter((isi) => isi.value.trim() !== "");
    write(kaki, "[data-terisi]", `${terisi.length} dari ${diminta.length}`);
  }

  // --- unsaved work ------------------------------------------------------------------------------------
  let berubah = false;
  function touch() {
    if (berubah) return;
    berubah = true;
    write(formulir, "[data-keadaan]", "Perubahan belum disimpan");
  }
  window.addEventListener("beforeunload", function (peristiwa) {
    if (berubah) peristiwa.preventDefault();
  });
  formulir.addEventListener("submit", () => { berubah = false; });
  formulir.addEventListener("change", touch);
  formulir.addEventListener("input", function (peristiwa) {
    touch();
    if (peristiwa.target.closest("[data-baris]")) recountAll();
  });

  // --- writing plain digits with their dots once the cell is left ----------------------------------------
  wadah.addEventListener("focusout", function (peristiwa) {
    if (!peristiwa.target.closest('[data-sel="keuangan"]')) return;
    const nilai = toRupiah(peristiwa.target.value);
    if (nilai !== null) peristiwa.target.value = group(nilai);
  });

  // --- arrows: up and down inside a column, sideways when the caret has nowhere left to go ----------------
  // Lists are passed over: an arrow inside a closed <select> would change its value unseen.
  function move(dari, langkahBaris, langkahSel) {
    const satu = dari.closest("[data-baris]");
    const nama = dari.closest("[data-sel]").dataset.sel;
    const masukan = (tempat) => [...tempat.querySelectorAll("[data-sel] input:not([type=hidden])")];
    const tujuan = langkahBaris
      ? baris[baris.indexOf(satu) + langkahBaris]?.querySelector(`[data-sel="${nama}"] input`)
      : masukan(satu)[masukan(satu).indexOf(dari) + langkahSel];
    if (!tujuan) return false;
    tujuan.focus();
    tujuan.select();
    return true;
  }

  const LANGKAH = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  wadah.addEventListener("keydown", function (peristiwa) {
    const langkah = LANGKAH[peristiwa.key];
    const isi = peristiwa.target;
    if (!langkah || !isi.matches("input") || peristiwa.altKey || peristiwa.ctrlKey || peristiwa.shiftKey) return;
    const seluruhnya = isi.selectionStart === 0 && isi.selectionEnd === isi.value.length;
    const diTepi = seluruhnya || isi.selectionStart === (langkah[1] < 0 ? 0 : isi.value.length);
    if (langkah[1] && !diTepi) return;
    if (move(isi, ...langkah)) peristiwa.preventDefault();
  });

})();

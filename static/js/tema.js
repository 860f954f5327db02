// Light or dark by hand. Loaded in <head> without defer: the choice must stand before the first paint.
(function () {
  "use strict";
  const KUNCI = "tema";
  const sistem = window.matchMedia("(prefers-color-scheme: dark)");
  const lembar = document.getElementById("tema-gelap");

  function stored() {
    try { return localStorage.getItem(KUNCI); } catch { return null; }
  }

  function remember(tema) {
    try {
      if (tema) localStorage.setItem(KUNCI, tema); else localStorage.removeItem(KUNCI);
    } catch { /* a browser that stores nothing keeps the choice for this page */ }
  }

  function apply(tema) {
    if (tema) document.documentElement.dataset.theme = tema;
    else delete document.documentElement.dataset.theme;
    lembar.media = { gelap: "screen", terang: "not all" }[tema] || "screen and (prefers-color-scheme: dark)";
  }

  function isDark() {
    const tema = document.documentElement.dataset.theme;
    return tema ? tema === "gelap" : sistem.matches;
  }

  apply(stored());

  document.addEventListener("DOMContentLoaded", function () {
    const tombol = document.getElementById("ganti-tema");
    if (!tombol) return;
    const show = () => tombol.setAttribute("aria-pressed", String(isDark()));
    tombol.hidden = false;
    show();
    sistem.addEventListener("change", show);
    tombol.addEventListener("click", function () {
      const pilihan = isDark() ? "terang" : "gelap";
      // Back to what the system says anyway: forget the choice, so that it follows the system again.
      const tema = (pilihan === "gelap") === sistem.matches ? null : pilihan;
      apply(tema);
      remember(tema);
      show();
    });
  });
})();

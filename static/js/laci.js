// Drop-downs made of <details data-laci>: Escape or a click elsewhere closes them. Without script they stay as they are.
(function () {
  "use strict";
  function close(kecuali) {
    for (const laci of document.querySelectorAll("details[data-laci][open]")) {
      if (laci !== kecuali) laci.open = false;
    }
  }
  document.addEventListener("click", (peristiwa) => close(peristiwa.target.closest("details[data-laci]")));
  document.addEventListener("keydown", function (peristiwa) {
    if (peristiwa.key !== "Escape") return;
    const terbuka = document.activeElement.closest("details[data-laci][open]");
    close(null);
    if (terbuka) terbuka.querySelector("summary").focus();
  });
})();

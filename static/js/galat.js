// After a refused form the summary of faults gets the focus, so that a keyboard or screen reader starts there.
(function () {
  "use strict";
  const ringkasan = document.getElementById("ringkasan-galat");
  if (ringkasan) ringkasan.focus();
})();

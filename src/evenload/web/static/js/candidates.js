/* Candidates: `c` takes the chosen candidate into the comparison, up to four; Enter assigns, as in any form. */
(function () {
  "use strict";

  const MOST = 4;
  const boxes = Array.from(document.querySelectorAll('input[name="with"]'));

  function limit() {
    const full = boxes.filter(function (box) { return box.checked; }).length >= MOST;
    boxes.forEach(function (box) { box.disabled = full && !box.checked; });
  }

  document.addEventListener("change", limit);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.target.matches('input[type="radio"][name="to"]')) return;
    const off = document.body.dataset.keys;
    const box = event.target.closest(".candidate").querySelector('input[name="with"]');
    if (off === "off" || !box || box.disabled) return;
    event.preventDefault();
    box.checked = !box.checked;
    limit();
  });
  limit();
})();

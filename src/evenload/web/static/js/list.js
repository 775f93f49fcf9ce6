/* The assignment list: `j` goes to the next row, `k` to the one before, while the list has the focus. */
(function () {
  "use strict";

  const table = document.querySelector("table.list-rows");
  if (!table) return;
  const rows = Array.from(table.tBodies[0].rows);
  rows.forEach(function (row) { row.tabIndex = -1; });

  table.parentElement.addEventListener("keydown", function (event) {
    const step = { j: 1, k: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.keys === "off") return;
    const here = rows.indexOf(event.target.closest("tr"));
    const next = here === -1 ? rows[step === 1 ? 0 : rows.length - 1] : rows[here + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
})();

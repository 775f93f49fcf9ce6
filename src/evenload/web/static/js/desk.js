/* The desk beyond its forms and links: the preview in a dialog, letter keys while the board has the focus, dragging as an extra. */
(function () {
  "use strict";

  const dialog = document.getElementById("preview");
  const board = document.getElementById("board");
  if (!dialog || !board || !window.htmx) return;
  let moved = "";

  /* The dialog opens when something arrived in it, and closes when an answer left it empty. */
  function settle() {
    if (dialog.textContent.trim()) {
      if (!dialog.open) dialog.showModal();
      const first = dialog.querySelector("[data-focus], h2");
      if (first) first.focus();
    } else if (dialog.open) {
      dialog.close();
    }
  }

  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.detail.target === dialog || event.target === dialog) settle();
    makeSortable();
  });

  dialog.addEventListener("click", function (event) {
    if (!event.target.closest(".close-preview")) return;
    event.preventDefault();
    dialog.close();
  });

  dialog.addEventListener("submit", function (event) { moved = event.target.dataset.piece || moved; });
  board.addEventListener("click", function (event) {
    const card = event.target.closest("[data-piece]");
    if (card) moved = card.dataset.piece;
  });

  dialog.addEventListener("close", function () {
    dialog.textContent = "";
    const card = moved && board.querySelector('[data-piece="' + CSS.escape(moved) + '"]');
    if (card) card.focus();
  });

  /* Keys: arrows go from card to card and from person to person; letters act on the card that has the focus. */
  function stops() {
    return Array.from(board.querySelectorAll(".unit-card, .person-head")).filter(function (one) { return one.checkVisibility(); });
  }

  function group(one) { return one.closest(".person") || one; }

  function goal(key, here) {
    const all = stops();
    const place = all.indexOf(here);
    if (key === "ArrowRight") return all[place + 1];
    if (key === "ArrowLeft") return all[place - 1];
    const step = key === "ArrowDown" || key === "j" ? 1 : -1;
    for (let next = place + step; all[next]; next += step) {
      if (group(all[next]) !== group(here)) return step === 1 ? all[next] : firstOf(all, all[next]);
    }
    return null;
  }

  function firstOf(all, one) { return all.find(function (other) { return group(other) === group(one); }); }

  function press(card, selector) {
    const found = card && card.querySelector(selector);
    if (found) found.click();
    return Boolean(found);
  }

  function act(key, card) {
    if (key === "Enter") return press(card, ".unit-card-title a, h3 a");
    if (document.body.dataset.keys === "off") return false;
    if (key === "m") return press(card, ".move-link");
    if (key === "p") return press(card, ".pin-button");
    if (key === "u") return press(document.getElementById("draft-line"), ".undo-form button:not(:disabled)");
    return false;
  }

  board.addEventListener("keydown", function (event) {
    const here = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || !here.matches(".unit-card, .person-head")) return;
    if (/^Arrow/.test(event.key) || (/^[jk]$/.test(event.key) && document.body.dataset.keys !== "off")) {
      const next = goal(event.key, here);
      if (!next) return;
      event.preventDefault();
      next.focus();
    } else if (act(event.key, here)) {
      moved = here.dataset.piece || moved;
      event.preventDefault();
    }
  });

  /* One stop for Tab into the board; the arrows go on from there. */
  function makeReachable() {
    if (board.querySelector('.unit-card[tabindex="0"], .person-head[tabindex="0"]')) return;
    const first = stops()[0];
    if (first) first.tabIndex = 0;
  }

  board.addEventListener("focusin", function (event) {
    if (!event.target.matches(".unit-card, .person-head")) return;
    board.querySelectorAll('.unit-card[tabindex="0"], .person-head[tabindex="0"]').forEach(function (one) { one.tabIndex = -1; });
    event.target.tabIndex = 0;
  });

  /* Dragging a card to another person opens the preview; the card itself stays until the move is made. */
  function dropped(event) {
    const piece = event.item.dataset.piece;
    const to = event.to.dataset.to;
    if (event.to === event.from) return;
    event.from.insertBefore(event.item, event.from.children[event.oldIndex] || null);
    moved = piece;
    const address = board.dataset.preview + "?piece=" + encodeURIComponent(piece) + "&to=" + encodeURIComponent(to);
    window.htmx.ajax("GET", address, { target: "#preview", swap: "innerHTML" });
  }

  function makeSortable() {
    makeReachable();
    if (!window.Sortable || !window.matchMedia("(pointer: fine)").matches) return;
    board.querySelectorAll("ul.cards").forEach(function (list) {
      if (window.Sortable.get(list)) return;
      window.Sortable.create(list, { group: "cards", sort: false, draggable: ".unit-card", filter: "a, button, summary", preventOnFilter: false, animation: 0, onEnd: dropped });
    });
  }

  makeSortable();
})();

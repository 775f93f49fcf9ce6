/* What a page does beyond its forms and links; without this file everything still works. */
(function () {
  "use strict";

  const status = document.getElementById("spoken");
  let hush;

  /* Says one result in the polite region; the empty moment before makes a screen reader read the same words again. */
  function speak(sentence, isOnPage) {
    if (!status || !sentence) return;
    status.classList.toggle("visually-hidden", Boolean(isOnPage));
    window.clearTimeout(hush);
    status.textContent = "";
    window.setTimeout(function () { status.textContent = sentence; }, 60);
    hush = window.setTimeout(function () { status.textContent = ""; }, 12000);
  }

  document.addEventListener("spoken", function (event) { speak(event.detail.value || event.detail); });

  document.addEventListener("htmx:sendError", function () { speak(status.dataset.offline); });
  document.addEventListener("htmx:timeout", function () { speak(status.dataset.offline); });
  document.addEventListener("htmx:responseError", function (event) {
    speak(event.detail.xhr.status >= 500 ? status.dataset.broken : status.dataset.refused);
  });

  /* A summary of errors takes the focus, on a new page and in a new fragment. */
  function focusSummary(root) {
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  }

  document.addEventListener("htmx:afterSettle", function (event) { focusSummary(event.detail.elt.parentNode || document); });

  /* Folds shorten a page on narrow screens; on wide ones, on paper, and where an address leads into one, they stand open. */
  function unfold(folds) { folds.forEach(function (fold) { fold.open = true; }); }

  function unfoldGoal() {
    const goal = window.location.hash && document.getElementById(window.location.hash.slice(1));
    const fold = goal && (goal.closest("details.fold") || goal.querySelector("details.class-fold"));
    if (fold) unfold([fold]);
  }

  const folds = document.querySelectorAll("details[data-wide]");
  if (window.matchMedia("(min-width: 640px)").matches) unfold(folds);
  let printed = [];
  window.addEventListener("beforeprint", function () {
    printed = Array.from(document.querySelectorAll("main details:is([data-wide], .fold, .more, .match-fold):not([open])"));
    unfold(printed);
  });
  window.addEventListener("afterprint", function () { printed.forEach(function (fold) { fold.open = false; }); });
  window.addEventListener("hashchange", unfoldGoal);
  unfoldGoal();

  /* Menus: Esc closes and gives the focus back; a click elsewhere, or leaving with Tab, closes. */
  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except && !(except && menu.contains(except))) menu.open = false;
    });
  }

  document.addEventListener("click", function (event) { closeMenus(event.target.closest("details.menu")); });
  document.addEventListener("focusin", function (event) { closeMenus(event.target.closest("details.menu")); });

  function escape(event) {
    const menu = event.target.closest("details.menu[open]");
    if (!menu) return;
    event.preventDefault();
    menu.open = false;
    menu.querySelector("summary").focus();
  }

  /* `/` searches, `?` helps; never while somebody types, and not where she switched letter keys off on her account's page. */
  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  function goByKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.body.dataset.keys === "off") return;
    const goals = document.querySelectorAll('[data-key="' + CSS.escape(event.key) + '"]');
    const goal = Array.from(goals).find(function (one) { return one.checkVisibility ? one.checkVisibility() : one.offsetParent !== null; });
    if (!goal) return;
    event.preventDefault();
    if (goal.tagName === "INPUT") goal.focus(); else goal.click();
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") escape(event);
    else if (event.key === "/" || event.key === "?") goByKey(event);
  });

  /* Printing is the browser's own; the button only saves the way to its menu. */
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  /* Switching the language keeps what was typed: it waits in this tab and is put back on the same page. */
  const KEPT = "evenload-typed";

  function fieldsOf(form) {
    return Array.from(form.elements).filter(function (field) {
      return field.name && !/^(password|file|hidden|submit|button)$/.test(field.type) && field.tagName !== "BUTTON";
    });
  }

  function pageForms() {
    return Array.from(document.querySelectorAll("main form"));
  }

  function keepTyped() {
    const typed = pageForms().map(function (form) {
      return fieldsOf(form).map(function (field) {
        return { name: field.name, value: field.value, checked: field.checked };
      });
    });
    try { window.sessionStorage.setItem(KEPT, JSON.stringify({ page: window.location.pathname, typed: typed })); } catch (refused) { /* storage is off: the page comes back empty */ }
  }

  function giveTypedBack() {
    let kept = null;
    try {
      kept = JSON.parse(window.sessionStorage.getItem(KEPT));
      window.sessionStorage.removeItem(KEPT);
    } catch (refused) { return; }
    if (!kept || kept.page !== window.location.pathname) return;
    pageForms().forEach(function (form, place) {
      const typed = kept.typed[place] || [];
      fieldsOf(form).forEach(function (field, index) {
        const before = typed[index];
        if (!before || before.name !== field.name) return;
        if (field.type === "checkbox" || field.type === "radio") field.checked = before.checked;
        else field.value = before.value;
      });
    });
  }

  document.addEventListener("submit", function (event) {
    if (event.target.classList.contains("language-switch")) keepTyped();
  });

  giveTypedBack();
  focusSummary(document);
  const notes = document.querySelector("[data-speak]");
  if (notes) speak(notes.innerText.trim().replace(/\s+/g, " "), true);
})();

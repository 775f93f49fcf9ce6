/* An entry that could not be sent stays in the page, with a way to send it again; the server stores the same entry once. */
(function () {
  "use strict";

  const submitters = new WeakMap();

  function unsent(event) {
    const form = event.target.closest("form[data-keep]");
    if (!form) return;
    const note = form.querySelector("[data-unsaved]");
    note.hidden = false;
    note.querySelector("[data-again]").focus();
  }

  document.addEventListener("submit", function (event) {
    if (event.target.matches("form[data-keep]") && event.submitter) submitters.set(event.target, event.submitter);
  }, true);

  document.addEventListener("htmx:sendError", unsent);
  document.addEventListener("htmx:timeout", unsent);

  document.addEventListener("click", function (event) {
    const again = event.target.closest("[data-again]");
    if (!again) return;
    const form = again.closest("form[data-keep]");
    const submitter = submitters.get(form);
    form.querySelector("[data-unsaved]").hidden = true;
    form.requestSubmit(submitter && form.contains(submitter) ? submitter : undefined);
  });
})();

/* What was typed into form[data-save] is not lost by a wrong key: the browser asks before leaving. */
(function () {
  "use strict";
  const changed = new Set(); // forms that were touched, or came back refused, and are not yet saved

  function touched(event) {
    const form = event.target.closest("form[data-save]");
    if (form) changed.add(form);
  }

  /** A form that was refused still holds what was typed before. */
  function findRefused() {
    for (const form of document.querySelectorAll("form[data-save]")) {
      if (form.querySelector("[role=alert], .field-error")) changed.add(form);
    }
  }

  document.addEventListener("input", touched);
  document.addEventListener("change", touched);
  // What htmx sends (it prevents the browser's own sending) is saved when the answer says so.
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) changed.delete(event.target);
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status < 400) changed.delete(event.detail.elt);
  });
  document.addEventListener("htmx:afterSwap", findRefused);
  findRefused();
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });
})();

/* What was typed into form[data-save] is not lost by a wrong key: the browser asks before leaving. */
(function () {
  "use strict";
  let changed = null; // the form that was touched and not yet sent

  function touched(event) {
    const form = event.target.closest("form[data-save]");
    if (form) changed = form;
  }

  document.addEventListener("input", touched);
  document.addEventListener("change", touched);
  document.addEventListener("submit", (event) => {
    if (event.target === changed) changed = null;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed && changed.isConnected) event.preventDefault();
  });
})();

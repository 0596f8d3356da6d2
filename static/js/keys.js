/* Single-letter keys. Each presses something that is on the page anyway; body[data-keys=off]
 * switches them off (WCAG 2.1.4). Ctrl+Enter saves form[data-save] and always works. */
(function () {
  "use strict";
  const { letterActs } = window.wesentra;

  function focusOn(element) {
    if (!element) return false;
    element.focus();
    if (element.select) element.select();
    return true;
  }

  function openKeys() {
    const dialog = document.getElementById("keys");
    if (!dialog) return false;
    if (!dialog.open) dialog.showModal();
    return true;
  }

  /** Moves the focus by one among the rows [data-row]; from elsewhere to the first or last. */
  function moveRow(step) {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return false;
    const here = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
    const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
    return focusOn(rows[Math.max(0, Math.min(rows.length - 1, next))]);
  }

  /** Presses what the focused row has for the key, else what the page has, if it can be seen. */
  function press(key) {
    const row = document.activeElement.closest("li, tr");
    const target = row?.querySelector(`[data-row-key="${CSS.escape(key)}"]`) || [...document.querySelectorAll("[data-key]")]
      .find((one) => one.dataset.key === key && one.checkVisibility());
    if (!target) return false;
    target.click();
    return true;
  }

  const fixed = {
    "/": () => focusOn(document.getElementById("search")),
    "?": openKeys,
    p: () => focusOn(document.getElementById("purpose")),
    j: () => moveRow(1),
    k: () => moveRow(-1),
  };

  function save(event) {
    const form = event.target.closest("form[data-save]") || document.querySelector("form[data-save]");
    if (!form || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    form.requestSubmit();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return save(event);
    if (event.key.length !== 1 || !letterActs(event)) return;
    const key = event.key.toLowerCase(); // Caps Lock may be on
    const act = fixed[key];
    if (act ? act() : press(key)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open=keys]");
    if (opener && !event.ctrlKey && !event.metaKey && openKeys()) event.preventDefault();
  });

  /** Tells assistive technology the key of each element that has one. */
  function nameKeys(root) {
    if (document.body.dataset.keys === "off") return;
    for (const one of root.querySelectorAll("[data-key]")) {
      one.setAttribute("aria-keyshortcuts", one.dataset.key);
    }
  }
  nameKeys(document);
  document.addEventListener("htmx:load", (event) => nameKeys(event.target));
})();

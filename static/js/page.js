/* Small manners of every page: what is private leaves the history, menus close, notices are said. */
window.wesentra = (function () {
  "use strict";
  const announcer = document.getElementById("announce");

  if (document.body.hasAttribute("data-private-query") && location.search) {
    history.replaceState(history.state, "", location.pathname);
  }

  /** Say a sentence to people who do not see the page. */
  function announce(sentence) {
    announcer.textContent = "";
    setTimeout(() => { announcer.textContent = sentence; }, 50);
  }

  /** True if letters pressed in the element are text or choose an option. */
  function typing(element) {
    return element.isContentEditable ||
      element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit], [type=reset])");
  }

  /** True if a single letter may act: keys are on, nothing is typed, no dialog is open. */
  function letterActs(event) {
    return document.body.dataset.keys !== "off" &&
      !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing &&
      !typing(event.target) && !document.querySelector("dialog[open]");
  }

  // A live region that was full from the start is not read out: say what it holds.
  const notice = document.getElementById("flash").textContent.trim();
  if (notice) announce(notice);

  // What was said of a part of the page that could not be had is over when the next one can.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status < 400) document.getElementById("flash").replaceChildren();
  });

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details:is(.menu, .nav)[open]")) {
      if (!menu.contains(except)) menu.open = false;
    }
  }
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement.closest("details:is(.menu, .nav)[open]");
    closeMenus(null);
    if (menu) menu.querySelector("summary").focus();
  });

  // A field that was saved or left in its place: the focus, which went with its form, comes back to
  // the way to change it.
  let left = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target } = event.detail;
    left = target.contains(document.activeElement) ? target.id : "";
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!left || document.activeElement !== document.body) return;
    document.getElementById(left)?.querySelector(".edit")?.focus();
  });

  return { announce, typing, letterActs };
})();

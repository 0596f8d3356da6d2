/* Loads htmx from the CDN first and from our own server when the CDN fails, hangs or lies.
 *
 * Runs before the literal <script id="htmx-cdn" async>. htmx 2 only initialises on
 * DOMContentLoaded or when the document is complete: a script that arrives between the two is
 * told once more. The failure is remembered for the session, so that only one page waits. */
(function () {
  "use strict";
  const WAIT = 1000; // milliseconds
  const MEMORY = "htmx-cdn-failed";
  const local = document.currentScript.dataset.local;
  let parsed = false; // DOMContentLoaded has been
  let ours = null; // htmx from our own server
  let settled = false; // htmx is here, or our own copy is on its way

  document.documentElement.classList.add("js");
  document.addEventListener("DOMContentLoaded", () => { parsed = true; }, { once: true });

  function remember() {
    try {
      sessionStorage.setItem(MEMORY, "1");
    } catch { /* storage is switched off: every page tries the CDN anew */ }
  }

  function failedBefore() {
    try {
      return sessionStorage.getItem(MEMORY) === "1";
    } catch {
      return false;
    }
  }

  function wake() {
    if (parsed && document.readyState !== "complete") {
      document.dispatchEvent(new Event("DOMContentLoaded", { bubbles: true }));
    }
  }

  function useLocal() {
    if (settled) return;
    settled = true;
    const script = document.createElement("script");
    script.src = local;
    script.addEventListener("load", () => {
      ours = window.htmx;
      wake();
    });
    document.head.append(script);
  }

  function onOutcome(event) {
    if (event.target.id !== "htmx-cdn") return;
    if (event.type === "error") {
      remember();
      useLocal();
    } else if (!settled) {
      settled = true;
      wake();
    } else if (ours) {
      window.htmx = ours; // the CDN came too late: its copy was never set up
    }
  }

  document.addEventListener("load", onOutcome, true);
  document.addEventListener("error", onOutcome, true);
  // The tag of the CDN comes after this script: look for it once the parser has moved on.
  new MutationObserver((_, observer) => {
    if (!document.getElementById("htmx-cdn")) return;
    observer.disconnect();
    if (failedBefore()) return useLocal();
    setTimeout(() => {
      if (!settled) remember();
      useLocal();
    }, WAIT);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();

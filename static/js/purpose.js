/* The purpose is sent when it is chosen. With the arrow keys one passes by others on the way: there
 * it is sent by Enter, or when the focus leaves. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-purpose]");
  if (!form) return;
  const select = form.elements.purpose;
  const before = select.value;
  let passing = false;

  function send() {
    if (select.value !== before) form.requestSubmit();
  }

  select.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      passing = false;
      send();
    } else if (event.key !== "Tab") {
      passing = true;
    }
  });
  select.addEventListener("pointerdown", () => { passing = false; });
  select.addEventListener("change", () => { if (!passing) send(); });
  select.addEventListener("blur", () => { if (passing) send(); });
})();

/* Back from the sign-in service: the page goes on by itself. Without this its button does. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-sso]");
  if (!form) return;
  form.querySelector("button").disabled = true;
  form.requestSubmit();
})();

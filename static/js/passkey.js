/* Passkeys: the browser lets the device sign the challenge that stands in the form, and sends what
 * came of it. The form says that it needs this. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const failed = form.querySelector("[data-passkey-failed]");

  async function ask() {
    const options = JSON.parse(form.dataset.options);
    if (form.dataset.passkey === "create") {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
      return navigator.credentials.create({ publicKey });
    }
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return navigator.credentials.get({ publicKey });
  }

  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    failed.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify((await ask()).toJSON());
    } catch {
      failed.hidden = false;
      return;
    }
    form.requestSubmit();
  });
})();

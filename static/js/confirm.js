/* Asks before a form with data-confirm is sent. Without JavaScript the server asks on a page. */
(function () {
  "use strict";
  const dialog = document.getElementById("confirm");
  let waiting = null; // what was about to be sent, and by which button

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = form.dataset.confirm;
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = { form, submitter: event.submitter };
    dialog.querySelector("p").textContent = question;
    dialog.returnValue = "no";
    dialog.showModal();
  }, true);

  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes" || !waiting) return;
    const { form, submitter } = waiting;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "confirmed", value: "1" });
    form.append(field);
    form.dataset.confirmed = "1";
    form.requestSubmit(submitter);
    field.remove();
    delete form.dataset.confirmed;
  });
})();

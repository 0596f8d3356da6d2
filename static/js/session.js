/* Who had to sign in again did so in another tab: the forms of this one belong to the new session
 * then, if it is the same user's. */
(function () {
  "use strict";
  const { user } = document.body.dataset;
  const tokens = () => document.querySelectorAll("input[name=csrf_token]");
  const tabs = new BroadcastChannel("wesentra-session");

  tabs.addEventListener("message", ({ data }) => {
    if (data.user !== user) return;
    for (const input of tokens()) input.value = data.token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRF-Token": data.token }));
    document.getElementById("errors-signed_out")?.remove();
  });
  tabs.postMessage({ user, token: tokens()[0].value });
})();

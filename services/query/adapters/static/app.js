"use strict";
// Says when a request of htmx failed; the old content stays.

(() => {
  const notice = document.getElementById("request-error");
  const show = (failed) => { notice.hidden = !failed; };
  document.body.addEventListener("htmx:responseError", () => show(true));
  document.body.addEventListener("htmx:sendError", () => show(true));
  document.body.addEventListener("htmx:timeout", () => show(true));
  document.body.addEventListener("htmx:afterSwap", () => show(false));
})();

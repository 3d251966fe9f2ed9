// Starts GOV.UK Frontend's components. Every page works without it.
import { initAll } from "/static/govuk/govuk-frontend.min.js";

initAll();

// A page that comes back out of the browser's memory may be somebody else's: ask for it anew.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// Tells readers that a part of the page is being fetched again, when that takes a while.
const LATE_MS = 400;

const line = document.querySelector("[data-swap-status]");
let timer;
document.addEventListener("htmx:beforeRequest", () => {
  timer = setTimeout(() => { line.textContent = line.dataset.swapStatus; }, LATE_MS);
});
document.addEventListener("htmx:afterRequest", () => {
  clearTimeout(timer);
  line.textContent = "";
});

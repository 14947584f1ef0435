// "Leave this page": cover it at once, end the session, and take this page out of the history.
// Without script the same button posts a form. Shift three times within five seconds does the same.
const WITHIN_MS = 5000;
const WAIT_MS = 1000;

const forms = document.querySelectorAll("[data-leave]");

function leave() {
  const [form] = forms;
  document.documentElement.dataset.leaving = "";
  document.title = "";
  const ended = fetch(form.action, { method: "POST", keepalive: true, redirect: "manual" });
  const late = new Promise((done) => setTimeout(done, WAIT_MS));
  Promise.race([ended, late]).finally(() => location.replace(form.dataset.leave));
}

for (const form of forms) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });
}

// Only Shift by itself counts: capital letters in a postcode are not a wish to leave.
let presses = [];
addEventListener("keydown", (event) => {
  if (event.key !== "Shift") presses = [];
});
addEventListener("keyup", (event) => {
  if (event.key !== "Shift") return;
  presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
  if (presses.length === 3) leave();
});

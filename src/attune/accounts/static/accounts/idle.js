// Before somebody is signed out for asking for no page: warn, let them stay, and in the end close
// the page. Other tabs count too, so the server is asked before anything is said or closed.
const WAIT_MS = 3000;

const box = document.querySelector("[data-idle]");
const words = box.querySelector("[data-idle-words]");
const form = box.querySelector("[data-idle-stay]");
const warnSeconds = Number(box.dataset.idleWarn);
const changed = new Set();
let deadline = 0;
let timer = 0;

function show(isWarning) {
  box.toggleAttribute("data-idle-late", isWarning);
  words.textContent = isWarning ? words.dataset.idleWords : "";
  form.hidden = !isWarning;
}

// Next: when there is something to warn of, or when the time is over.
function count(seconds) {
  deadline = Date.now() + seconds * 1000;
  const isLate = seconds <= warnSeconds;
  show(isLate);
  clearTimeout(timer);
  timer = setTimeout(look, (isLate ? seconds : seconds - warnSeconds) * 1000);
}

async function ask(options) {
  const headers = { Accept: "application/json" };
  const answer = await fetch(form.action, { headers, cache: "no-store", ...options });
  return (await answer.json()).seconds;
}

async function look(options) {
  let seconds;
  try {
    seconds = await ask(options);
  } catch {
    seconds = Math.ceil((deadline - Date.now()) / 1000);
  }
  if (seconds > 0) count(seconds);
  else close();
}

// What was typed and not sent goes to the server, which keeps it for its owner.
function keep(one) {
  const body = new URLSearchParams([...new FormData(one)].filter(([, value]) => typeof value === "string"));
  const target = new URL(one.action, location.href);
  body.set("unfinished_address", target.pathname + target.search);
  return fetch(box.dataset.idleKeep, { method: "POST", body });
}

async function close() {
  document.documentElement.dataset.leaving = "";
  document.title = "";
  const late = new Promise((done) => setTimeout(done, WAIT_MS));
  for (const one of changed) await Promise.race([keep(one).catch(() => {}), late]);
  location.replace(box.dataset.idleLocked);
}

document.addEventListener("input", ({ target }) => {
  if (target.form?.method === "post") changed.add(target.form);
});
document.addEventListener("submit", ({ target }) => changed.delete(target));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  look({ method: "POST", body: new URLSearchParams(new FormData(form)) });
});
// A device that slept, or a tab that waited behind others, catches up.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && Date.now() > deadline - warnSeconds * 1000) look();
});

count(Number(box.dataset.idle));

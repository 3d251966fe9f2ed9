// Says when alerts wait, on every page; says before a session ends for idling, and leaves the page when it has: what it
// shows must not stand there.
"use strict";

const IDLE = 30 * 60 * 1000;
const WARNED = 2 * 60 * 1000;
const ASKED = 30 * 1000;
const LOOKED_AGAIN = 5 * 1000;

const warning = document.getElementById("idle");
const waiting = document.getElementById("waiting");
let timers = [];

let entered = null;
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.form;
    // What is secret is never kept.
    if (form && form.method === "post" && !form.querySelector("[type=password]")) entered = form;
  });
}

// What was entered is kept by the server, for whoever was signed in here.
async function keep() {
  const form = entered || document.querySelector("form[action='/staff/sign-out']");
  const data = new FormData(form);
  if (entered) data.append("kept_action", new URL(form.action).pathname);
  try {
    return (await fetch("/staff/keep", { method: "POST", body: data })).ok;
  } catch {
    return false;
  }
}

async function leave() {
  const kept = await keep();
  location.replace("/staff/sign-in?done=" + (kept && entered ? "idle_kept" : "idle"));
}

function start() {
  timers.forEach(clearTimeout);
  warning.hidden = true;
  timers = [
    setTimeout(() => {
      warning.hidden = false;
    }, IDLE - WARNED),
    setTimeout(leave, IDLE),
  ];
}

document.getElementById("stay").addEventListener("click", async () => {
  const response = await fetch("/staff/ask");
  if (response.ok && !response.redirected) start();
  else leave();
});

// Asking does not count as being there. The link changes only where the number did: a screen reader reads it out.
async function look() {
  try {
    const response = await fetch("/staff/alerts");
    if (!response.ok || response.redirected) return;
    const { open } = await response.json();
    const text = open === 1 ? "1 alert is waiting" : open + " alerts are waiting";
    if (waiting.textContent !== text) waiting.textContent = text;
    waiting.hidden = open === 0;
  } catch {
    // The next time will tell.
  }
}

// A training that is under way is looked at again until it has ended.
if (document.querySelector("#training[data-open]")) setTimeout(() => location.reload(), LOOKED_AGAIN);

start();
look();
setInterval(look, ASKED);

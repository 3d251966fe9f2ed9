// Says before a session ends for idling, and leaves the page when it has: what it shows must not stand there.
"use strict";

const IDLE = 30 * 60 * 1000;
const WARNED = 2 * 60 * 1000;
const warning = document.getElementById("idle");
let timers = [];

function start() {
  timers.forEach(clearTimeout);
  warning.hidden = true;
  timers = [
    setTimeout(() => { warning.hidden = false; }, IDLE - WARNED),
    setTimeout(() => location.replace("/staff/sign-in?done=idle"), IDLE),
  ];
}

document.getElementById("stay").addEventListener("click", async () => {
  const response = await fetch("/staff/ask");
  if (response.ok && !response.redirected) start();
  else location.replace("/staff/sign-in?done=idle");
});

start();

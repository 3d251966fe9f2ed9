// Live answers, read aloud, print, a screen that clears itself, and one that has lost its connection. The same pages
// work without this script.
const talk = document.getElementById("talk");
const ask = document.getElementById("ask");
const question = document.getElementById("question");
const token = document.querySelector("input[name=form_token]").value;

function add(tag, className, text, parent) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
}

function button(text, parent, act) {
  const made = add("button", "plain", text, parent);
  made.type = "button";
  made.addEventListener("click", () => act(made));
  return made;
}

// Telephone numbers are links that ring them: the same pattern as on the server (bot/web/frontend/environment.py).

const PHONE = /(?<![\w/.:-])(?:999|111|116 ?123|(?:\+44 ?|0)\d[\d ]{6,12}\d)(?![\w/:-])/g;

function write(element, text) {
  let at = 0;
  element.replaceChildren();
  for (const found of text.matchAll(PHONE)) {
    element.append(text.slice(at, found.index));
    const link = add("a", "govuk-link phone", found[0], element);
    link.href = "tel:" + found[0].replace(/[^\d+]/g, "");
    at = found.index + found[0].length;
  }
  element.append(text.slice(at));
}

// What stands under an answer

const voice = "speechSynthesis" in window ? window.speechSynthesis : null;

// Many browsers learn which voices there are only after the page is there; some never have one.
function canSpeak() {
  return Boolean(voice?.getVoices().length);
}

function showVoices() {
  document.querySelectorAll(".read-aloud").forEach((made) => (made.hidden = !canSpeak()));
}

voice?.addEventListener?.("voiceschanged", showVoices);

// The dash of a list would be read as a minus, and a telephone number as one of millions.
function asSpoken(text) {
  const digits = (number) => [...number.replaceAll(" ", "")].join(" ");
  return text.replace(/^- /gm, "").replace(/\b(?:999|\d{5,}|\d+(?: \d{3,})+)\b/g, digits);
}

function readAloud(text) {
  voice.cancel();
  const words = new SpeechSynthesisUtterance(asSpoken(text));
  words.lang = "en-GB";
  voice.speak(words);
}

// Only one answer goes to paper: the one that was chosen, or else the last.
let chosen = null;

function print(part) {
  chosen = part;
  window.print();
}

addEventListener("beforeprint", () => {
  const turns = [...document.querySelectorAll(".turn")];
  const printed = chosen ?? turns.at(-1);
  for (const part of turns) part.classList.toggle("not-printed", part !== printed);
});
addEventListener("afterprint", () => {
  chosen = null;
  document.querySelectorAll(".not-printed").forEach((part) => part.classList.remove("not-printed"));
});

async function post(path, fields) {
  const response = await fetch(path, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ ...fields, form_token: token }),
  });
  if (!response.ok || response.redirected) throw new Error(response.status);
  return response.status === 204 ? {} : response.json();
}

function sendToPhone(topic, parent) {
  button("Send this to my phone", parent, async (made) => {
    made.disabled = true;
    made.textContent = await post("/send", { topic }).then((a) => a.told, () => "That did not work.");
  });
}

function showTools(answer, asked, cards, part) {
  const tools = add("div", "options tools", "", part);
  const shown = () => cards.map((card) => card.querySelector(".said").textContent).join("\n"); // easy words, or not
  const reader = button("Read aloud", tools, () => readAloud(shown()));
  reader.classList.add("read-aloud");
  reader.hidden = !canSpeak();
  button("Print", tools, () => print(part));
  if (answer.sendable) sendToPhone(answer.sendable, tools);
  if (answer.helpful) askWhetherItHelped(answer.helpful, asked, part);
}

function askWhetherItHelped(topic, asked, part) {
  const row = add("div", "options helpful", "", part);
  const words = add("span", "", "Was this helpful?", row);
  words.setAttribute("role", "status");
  for (const [label, helped] of [["Yes", "yes"], ["No", "no"]]) {
    button(label, row, async () => {
      row.querySelectorAll("button").forEach((b) => b.remove());
      try {
        const { told, buttons } = await post("/helpful", { topic, helped, question: asked });
        write(words, told);
        for (const one of buttons) button(one.title, row, () => send(one.text, one.title));
      } catch {
        words.textContent = "That did not get through.";
      }
    });
  }
}

function showReply(reply, part) {
  const card = add("div", "reply", "", part);
  if (reply.topic) card.dataset.topic = reply.topic;
  write(add("p", "said", "", card), reply.text);
  if (reply.section) add("p", "section", "From the leaflet: " + reply.section, card);
  if (reply.buttons.length) {
    const options = add("div", "options", "", card);
    for (const one of reply.buttons) button(one.title, options, () => send(one.text, one.title));
  }
  return card;
}

function showQuestion(text) {
  const part = document.createElement("section");
  part.className = "turn";
  const asked = add("p", "asked", "", part);
  add("span", "govuk-visually-hidden", "You asked: ", asked);
  const words = add("span", "", text, asked);
  talk.append(part);
  return { part, words };
}

// The question stands at the top, under the bar, and its answer below it. On a touch screen the box gets no focus: the
// keyboard would cover the answer.
const isTouch = matchMedia("(pointer: coarse)").matches;

function toTop(part) {
  document.body.classList.add("answered"); // leaves room below, so that the page can be moved so far
  if (isTouch) document.activeElement?.blur();
  else question.focus({ preventScroll: true });
  part.scrollIntoView({ block: "start", behavior: "instant" });
}

// One question at a time: an answer never stands under another question.
let turn = Promise.resolve();

function send(text, name = text) {
  document.getElementById("starters")?.remove();
  talk.querySelectorAll(".helpful").forEach((row) => row.remove());
  turn = turn.then(async () => {
    const { part, words } = showQuestion(name);
    toTop(part);
    try {
      const response = await fetch("/messages", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text }),
      });
      if (!response.ok) throw new Error(response.status);
      const answer = await response.json();
      if (answer.asked) words.textContent = answer.asked;
      const cards = answer.replies.map((reply) => showReply(reply, part));
      if (cards.length) showTools(answer, text, cards, part);
    } catch {
      const card = add("div", "reply failed", "", part);
      add("p", "said", "That did not get through. Please try again.", card);
      question.value = question.value || text;
      lost();
    }
    toTop(part);
  });
}

if (ask) {
  if (isTouch) question.blur();
  ask.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = question.value.trim();
    question.value = "";
    if (text) send(text);
  });
  for (const form of document.querySelectorAll("#starters, #topics, #talk form[action='/#answer']")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter) send(event.submitter.value, event.submitter.textContent);
    });
  }
}

const ownDates = document.getElementById("send-dates");

ownDates?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const made = ownDates.querySelector("button");
  made.disabled = true;
  const told = await post("/send", { topic: ownDates.elements.topic.value }).then((a) => a.told, () => "That did not work.");
  made.replaceWith(Object.assign(document.createElement("span"), { textContent: told, role: "status" }));
});

// Larger text, high contrast, easy words: what is on the screen changes, and nothing is asked again.

async function look(chosen) {
  const cards = [...talk.querySelectorAll(".reply[data-topic]")];
  const again = [...new Set(cards.map((card) => card.dataset.topic))].join(" ");
  try {
    const { looks, texts } = await post("/look", { look: chosen.value, again });
    for (const one of chosen.form.querySelectorAll("button")) {
      document.body.classList.toggle("look-" + one.value, looks.includes(one.value));
      one.setAttribute("aria-pressed", looks.includes(one.value));
    }
    voice?.cancel();
    for (const card of cards) {
      const said = card.querySelector(".said");
      const text = texts[card.dataset.topic];
      if (text && said.textContent !== text) write(said, text);
    }
    talk.lastElementChild?.scrollIntoView({ block: "start", behavior: "instant" });
  } catch (error) {
    if (error instanceof TypeError) lost(); // the network; anything else is a visit that has ended
    else location.replace("/");
  }
}

if (talk) {
  document.getElementById("looks").addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = event.submitter;
    if (chosen) turn = turn.then(() => look(chosen));
  });
}

// A screen that clears itself. The server ends the visit by its own clock too.

const IDLE_MS = 100_000; // and the warning: two minutes together
const WARNING_S = 20;
const dialog = document.getElementById("still-there");
const seconds = document.getElementById("seconds");
let idle, countdown;

function touched() {
  clearTimeout(idle);
  idle = setTimeout(warn, IDLE_MS);
}

function stay() {
  clearInterval(countdown);
  if (dialog.open) dialog.close();
  touched();
}

function warn() {
  let left = WARNING_S;
  seconds.textContent = left;
  dialog.showModal();
  countdown = setInterval(() => {
    left -= 1;
    seconds.textContent = left;
    if (left <= 0) clearScreen();
  }, 1000);
}

async function clearScreen() {
  clearInterval(countdown);
  voice?.cancel();
  talk?.replaceChildren();
  document.querySelectorAll("main").forEach((main) => main.replaceChildren());
  try {
    await fetch("/end", { method: "POST", body: new URLSearchParams({ form_token: token }) });
  } finally {
    location.replace("/");
  }
}

document.getElementById("stay").addEventListener("click", stay);
dialog.addEventListener("cancel", stay);
// Not "scroll": a page that is laid out late scrolls by itself, with nobody there.
for (const kind of ["pointerdown", "keydown", "wheel", "touchmove"]) {
  addEventListener(kind, () => dialog.open || touched(), { passive: true });
}
touched();

// A screen that has lost its connection says so, and looks every few seconds whether it is back.

const banner = document.getElementById("lost");
let looking;

function lost() {
  banner.hidden = false;
  looking ??= setInterval(async () => {
    try {
      const response = await fetch("/health/live");
      if (!response.ok) return;
      clearInterval(looking);
      looking = undefined;
      banner.hidden = true;
    } catch {
      // still lost
    }
  }, 3000);
}

addEventListener("offline", lost);

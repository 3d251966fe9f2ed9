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

// What stands under an answer

const voice = "speechSynthesis" in window ? window.speechSynthesis : null;

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

async function post(path, fields) {
  const response = await fetch(path, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ ...fields, form_token: token }),
  });
  if (!response.ok || response.redirected) throw new Error(response.status);
  return response.status === 204 ? {} : response.json();
}

function showTools(answer, asked, cards) {
  const tools = add("div", "options tools", "", talk);
  const shown = () => cards.map((card) => card.querySelector(".said").textContent).join("\n"); // easy words, or not
  if (voice) button("Read aloud", tools, () => readAloud(shown()));
  button("Print", tools, () => window.print());
  if (answer.sendable) {
    button("Send this to my phone", tools, async (made) => {
      made.disabled = true;
      made.textContent = await post("/send", { topic: answer.topic }).then((a) => a.told, () => "That did not work.");
    });
  }
  if (answer.topic) {
    const row = add("div", "options helpful", "", talk);
    const words = add("span", "", "Was this helpful?", row);
    words.setAttribute("role", "status");
    for (const [label, helped] of [["Yes", "yes"], ["No", "no"]]) {
      button(label, row, async () => {
        row.querySelectorAll("button").forEach((b) => b.remove());
        words.textContent = await post("/helpful", { topic: answer.topic, helped, question: asked }).then(
          () => (helped === "yes" ? "Thank you." : "Thank you. Staff will look at it."),
          () => "That did not get through.",
        );
      });
    }
  }
}

function showReply(reply) {
  const card = add("div", "reply", "", talk);
  if (reply.topic) card.dataset.topic = reply.topic;
  add("p", "said", reply.text, card);
  if (reply.section) add("p", "section", "From the leaflet: " + reply.section, card);
  if (reply.file) {
    const link = add("a", "govuk-link", "Save these dates to a calendar", add("p", "file", "", card));
    link.href = reply.file.href;
    link.download = reply.file.name;
  }
  if (reply.buttons.length) {
    const options = add("div", "options", "", card);
    for (const one of reply.buttons) button(one.title, options, () => send(one.text, one.title));
  }
  return card;
}

function showQuestion(text) {
  const asked = document.createElement("p");
  asked.className = "asked";
  add("span", "govuk-visually-hidden", "You asked: ", asked);
  const words = add("span", "", text, asked);
  talk.append(asked);
  return words;
}

// One question at a time: an answer never stands under another question.
let turn = Promise.resolve();

function send(text, name = text) {
  document.getElementById("starters")?.remove();
  talk.querySelectorAll(".tools, .helpful").forEach((row) => row.remove());
  turn = turn.then(async () => {
    const shown = showQuestion(name);
    try {
      const response = await fetch("/messages", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text }),
      });
      if (!response.ok) throw new Error(response.status);
      const answer = await response.json();
      if (answer.asked) shown.textContent = answer.asked;
      const cards = answer.replies.map(showReply);
      if (cards.length) showTools(answer, text, cards);
    } catch {
      const card = add("div", "reply failed", "", talk);
      add("p", "said", "That did not get through. Please try again.", card);
      question.value = question.value || text;
      lost();
    }
    talk.lastElementChild.scrollIntoView({ block: "nearest" });
    question.focus({ preventScroll: true });
  });
}

if (ask) {
  ask.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = question.value.trim();
    question.value = "";
    if (text) send(text);
  });
  for (const form of document.querySelectorAll("#starters, #topics, #talk form[action='/']")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter) send(event.submitter.value, event.submitter.textContent);
    });
  }
}

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
      if (text && said.textContent !== text) said.textContent = text;
    }
    talk.lastElementChild?.scrollIntoView({ block: "nearest" });
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
for (const kind of ["pointerdown", "keydown", "scroll"]) {
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

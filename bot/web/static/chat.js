// Asks without loading the page anew. Without this script the same forms work by themselves.
"use strict";

const talk = document.getElementById("talk");
const ask = document.getElementById("ask");
const question = document.getElementById("question");
const scroller = document.querySelector("main");

function add(tag, className, text, parent) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
}

function showReply(reply) {
  const card = add("div", "reply", "", talk);
  add("p", "said", reply.text, card);
  if (reply.section) add("p", "section", "From the leaflet: " + reply.section, card);
  if (reply.file) {
    const link = add("a", "", "Save these dates to a calendar", add("p", "file", "", card));
    link.href = reply.file.href;
    link.download = reply.file.name;
  }
  if (reply.buttons.length) {
    const options = add("div", "options", "", card);
    for (const button of reply.buttons) {
      add("button", "", button.title, options).addEventListener("click", () => send(button.text));
    }
  }
}

function showQuestion(text) {
  const asked = document.createElement("p");
  asked.className = "asked";
  add("span", "who", "You asked: ", asked);
  const words = document.createElement("span");
  words.textContent = text;
  asked.append(words);
  talk.append(asked);
  return words;
}

// One question at a time: an answer never stands under another question.
let turn = Promise.resolve();

function send(text) {
  document.getElementById("starters")?.remove();
  turn = turn.then(async () => {
    const shown = showQuestion(text);
    try {
      const response = await fetch("/messages", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text }),
      });
      if (!response.ok) throw new Error(response.status);
      const answer = await response.json();
      if (answer.asked) shown.textContent = answer.asked;
      answer.replies.forEach(showReply);
    } catch {
      const card = add("div", "reply failed", "", talk);
      add("p", "said", "That did not get through. Please try again.", card);
      question.value = question.value || text;
    }
    scroller.scrollTop = scroller.scrollHeight;
    question.focus();
  });
}

ask.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  question.value = "";
  if (text) send(text);
});

document.getElementById("starters")?.addEventListener("click", (event) => {
  if (event.target instanceof HTMLButtonElement) {
    event.preventDefault();
    send(event.target.value);
  }
});

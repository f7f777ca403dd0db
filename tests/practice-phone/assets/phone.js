// Draws the snapshot that the phone sends, and sends what the person does.

import { clock } from "./elements.js";
import { drawScreen } from "./screens.js";
import { pngOf, watch } from "./scanner.js";
import { drawTable } from "./table.js";
import english from "./words-en.js";
import japanese from "./words-ja.js";

const own = location.pathname.replace(/\/$/, "");
const screen = document.getElementById("screen");
const table = document.getElementById("table");
const timeLeft = document.getElementById("time-left");
const announcer = document.getElementById("announcer");

let language = localStorage.getItem("language") ?? (navigator.language.startsWith("ja") ? "ja" : "en");
let failures = {};
let view = null;
let drawn = "";
let intakeProblem = null;
let endsAt = null;
let stopWatching = null;

const words = () => (language === "ja" ? japanese : english);

async function post(path, body, type = "application/json") {
  const content = type === "application/json" ? JSON.stringify(body) : body;
  return fetch(`${own}/${path}`, { method: "POST", headers: { "content-type": type }, body: content });
}

const tell = (event, more = {}) => post("event", { event, ...more });

async function takeIn(answer) {
  intakeProblem = answer.ok ? null : (await answer.json().catch(() => ({}))).problem ?? "not-a-picture";
  draw();
}

/** Pictures of a moving QR are handed over newest first: the older ones say nothing more. */
async function takePictures(files) {
  const newestFirst = [...files].sort((one, other) => other.lastModified - one.lastModified);
  for (const file of newestFirst) {
    const picture = await createImageBitmap(file).catch(() => null);
    await takeIn(picture ? await post("picture", await pngOf(picture), "image/png") : NOT_A_PICTURE);
  }
}

/** Looks at a screen or window that the person shares, until its QR was taken up. */
async function watchScreen() {
  stopWatching = await watch({
    isWanted: () => view?.screen === "scan" || view?.screen === "claiming",
    seen: (png) => post("picture", png, "image/png"),
    ended: () => {
      stopWatching = null;
      draw();
    },
  });
  draw();
}

const actions = {
  tell,
  takePictures,
  watchScreen,
  stopWatching: () => stopWatching?.(),
  takeLink: async (text) => takeIn(await post("link", { text })),
  enterPassword: (typed) => post("password", new TextEncoder().encode(typed), "application/octet-stream"),
  hold: (card) => post("card", { action: "hold", card }),
  lift: () => post("card", { action: "lift" }),
  pageImage: (document, page, width) => `${own}/documents/${document}/pages/${page}.png?width=${width}`,
};

/** What the screen depends on; time and table change without drawing it anew. */
function essence() {
  const { revision, ms_left, table: _, ...rest } = view;
  return JSON.stringify([language, [intakeProblem, stopWatching !== null], rest]);
}

function draw() {
  if (!view) return;
  const context = { words: words(), failures, language, actions, intakeProblem, isWatching: stopWatching !== null };
  drawTableAnew(context);
  if (essence() === drawn) return;
  const isSameKind = JSON.parse(drawn || "[null,null,{}]")[2].screen === view.screen;
  drawn = essence();
  document.body.dataset.screen = view.screen;
  screen.replaceChildren(...drawScreen(view, context));
  const heading = document.getElementById("screen-title");
  document.title = `${heading?.textContent ?? ""} | ${words().program}`;
  announcer.textContent = heading?.textContent ?? "";
  if (!isSameKind) {
    screen.scrollTop = 0;
    scrollTo(0, 0);
    heading?.focus({ preventScroll: true });
  }
}

/** Keeps the focus on the card that was just held or taken away. */
function drawTableAnew(context) {
  const focused = document.activeElement?.dataset.card;
  table.replaceChildren(...drawTable(view, context));
  if (focused) table.querySelector(`[data-card="${focused}"]`)?.focus();
}

function drawTime() {
  const left = endsAt === null ? null : endsAt - performance.now();
  timeLeft.hidden = left === null;
  if (left === null) return;
  const text = `${words().timeLeft} ${clock(left)}`;
  if (timeLeft.textContent !== text) timeLeft.textContent = text;
  timeLeft.classList.toggle("is-short", left < SHORT_MS);
}

function take(next) {
  if (view && next.revision < view.revision) return;
  if (next.screen !== "scan" || next.problem) intakeProblem = null;
  view = next;
  endsAt = next.ms_left === null ? null : performance.now() + next.ms_left;
  draw();
  drawTime();
}

function choose(chosen) {
  language = chosen;
  localStorage.setItem("language", chosen);
  document.documentElement.lang = chosen;
  for (const element of document.querySelectorAll("[data-words]")) element.textContent = words()[element.dataset.words];
  for (const choice of document.querySelectorAll("[data-language]")) {
    choice.setAttribute("aria-pressed", String(choice.dataset.language === chosen));
  }
  draw();
  drawTime();
}

function listen() {
  const events = new EventSource(`${own}/events`);
  events.onmessage = (event) => take(JSON.parse(event.data));
}

function start() {
  for (const choice of document.querySelectorAll("[data-language]")) {
    choice.addEventListener("click", () => choose(choice.dataset.language));
  }
  document.addEventListener("paste", (event) => {
    const pictures = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (pictures.length > 0 && (view?.screen === "scan" || view?.screen === "claiming")) {
      event.preventDefault();
      takePictures(pictures);
    }
  });
  setInterval(drawTime, 250);
  choose(language);
}

const NOT_A_PICTURE = { ok: false, json: async () => ({ problem: "not-a-picture" }) };
/** From here on the time is shown in another colour; design.md. */
const SHORT_MS = 120_000;

start();
failures = await (await fetch("/failures.json")).json();
listen();

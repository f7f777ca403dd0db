// A session's page turns by itself. The server's page is the truth: an event only says that there is a new one, and its
// step takes the place of the old one. All that an event can tell, one GET can tell.

import { announce } from "./announce.js";
import { Countdown, minutesAndSeconds } from "./countdown.js";

const path = step().dataset.path;
const connection = document.getElementById("connection");
const countdown = new Countdown(showTime);

let events = null;
let lostTimer = null;
let turning = false;
let turnAgain = false;

function start() {
  countdown.set(secondsOf(step()));
  if (isOver()) return;
  listen();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  window.addEventListener("online", ask);
}

function listen() {
  events = new EventSource(`${path}/events`);
  events.addEventListener("open", connected);
  events.addEventListener("message", (event) => take(JSON.parse(event.data)));
  events.addEventListener("error", () => {
    lostTimer ??= setTimeout(() => { connection.hidden = false; }, LOST_SHOWS_AFTER_MS);
    // A browser tries again by itself unless the answer was no stream at all.
    if (events.readyState === EventSource.CLOSED && !isOver()) setTimeout(retry, RETRY_AFTER_MS);
  });
}

function retry() {
  ask();
  listen();
}

async function ask() {
  if (isOver()) return;
  try {
    const answer = await fetch(`${path}/state`, { headers: { Accept: "application/json" } });
    if (answer.ok) take(await answer.json());
    else if (answer.status === 404) location.reload();
  } catch {
    // The stream's own error says so on the page.
  }
}

function connected() {
  clearTimeout(lostTimer);
  lostTimer = null;
  connection.hidden = true;
}

function take(status) {
  connected();
  if (isOver()) return;
  if (secondsOf(step()) !== null) countdown.set(status.seconds_left);
  if (isNews(status)) turn();
}

/** A step shows its stage and a second phone only while a phone is at work. */
function isNews(status) {
  const { state, stage, secondPhone } = step().dataset;
  if (status.state !== state) return true;
  return stage !== "" && (status.stage !== stage || String(status.second_phone) !== secondPhone);
}

/** One fetch at a time; what comes in meanwhile makes one more. */
async function turn() {
  if (turning) { turnAgain = true; return; }
  turning = true;
  try {
    const answer = await fetch(path, { headers: { Accept: "text/html" } });
    if (answer.status >= 500) throw new Error("the server is busy, and the page as it is tells more");
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    setTimeout(ask, RETRY_AFTER_MS);
  }
  turning = false;
  if (turnAgain) { turnAgain = false; turn(); }
}

function show(page) {
  const old = step();
  const fresh = page.getElementById("step");
  if (!fresh) { location.reload(); return; }
  const hadFocus = old.contains(document.activeElement);
  fresh.querySelector(".ask")?.toggleAttribute("open", Boolean(old.querySelector(".ask")?.open));
  fresh.classList.toggle("is-arriving", old.dataset.state !== fresh.dataset.state);
  old.replaceWith(fresh);
  document.getElementById("rail").replaceWith(page.getElementById("rail"));
  document.title = page.title;
  countdown.set(secondsOf(fresh));
  if (hadFocus) fresh.querySelector("h1").focus();
  if (old.dataset.state !== fresh.dataset.state) document.getElementById("tab-step").checked = true;
  announce(fresh.dataset.say);
  if (isOver()) events?.close();
}

function showTime(seconds) {
  for (const clock of document.querySelectorAll("[data-clock]")) clock.textContent = minutesAndSeconds(seconds);
  const ring = document.getElementById("ring");
  ring?.setAttribute("stroke-dashoffset", seconds - ring.getAttribute("pathLength"));
  if (seconds <= LATE_FROM_S) showLate();
  if (seconds === 0) setTimeout(ask, EXPIRY_ASKED_AFTER_MS);
}

function showLate() {
  const late = document.getElementById("late");
  if (!late?.hidden) return;
  late.hidden = false;
  document.getElementById("qr").classList.add("is-late");
  document.getElementById("renew").classList.add("is-primary");
  announce(late.textContent.trim());
}

function step() {
  return document.getElementById("step");
}

function isOver() {
  return step().dataset.over !== undefined;
}

function secondsOf(section) {
  return section.dataset.secondsLeft === undefined ? null : Number(section.dataset.secondsLeft);
}

/** As on the server's page: experience.md's copy rules. */
const LATE_FROM_S = 120;
const RETRY_AFTER_MS = 2000;
const LOST_SHOWS_AFTER_MS = 2000;
const EXPIRY_ASKED_AFTER_MS = 300;

// After the constants, which a script cannot read before their line.
start();

// A page of a hand-off turns by itself. The relay's events say that something has happened and what time it is there; what
// has happened, the service's own state says; and the server's page is shown in place of the old one.

import { announce } from "./announce.js";
import { Countdown, minutesAndSeconds } from "./countdown.js";
import { offerOtherWays } from "./launch.js";
import { MovingQr } from "./moving.js";

const connection = document.getElementById("connection");
const countdown = new Countdown(showTime);
const ticketCountdown = new Countdown(showTicketTime);
const qr = new MovingQr(wake);

let listening = null;
/** When the stream last began or brought anything, a keep-alive too, and whether it ever did. */
let heardAt = Date.now();
let hasSpoken = false;
/** The number of the last event that came. */
let lastEvent = null;
let lostTimer = null;
let turning = false;
let turnAgain = false;
/** The stage of the phone that the page was last fetched for. */
let stageAsked = null;
/** One that a fetch failed to bring, and that was asked for once more. */
let stageRetried = null;

function start() {
  arrive();
  if (isOver()) return;
  listen();
  askRelay();
  setInterval(lookAfterStream, LOOK_AFTER_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  document.addEventListener("resume", wake);
  // Without a network a stream falls silent, and over another one it does not go on.
  for (const change of ["offline", "online"]) window.addEventListener(change, () => listening?.abort());
  // Kept in the browser's memory while another page was shown: nothing of it is true any more.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

/** One stream after the other, until the session is over. */
async function listen() {
  while (!isOver()) {
    try {
      listening = new AbortController();
      [heardAt, hasSpoken] = [Date.now(), false];
      const answer = await relay({ Accept: "text/event-stream", ...afterLastEvent() }, listening.signal);
      // What was told already is not told again, and the relay's clock has to be known anew.
      if (lastEvent !== null) askRelay();
      for await (const { id, report } of reportsIn(answer.body)) { lastEvent = id; take(report); }
    } catch {
      // Whatever it was, the next attempt is the remedy.
    }
    if (isOver()) return;
    qr.unsure();
    lostTimer ??= setTimeout(() => { connection.hidden = false; }, LOST_SHOWS_AFTER_MS);
    await ask();
    await new Promise((resolve) => { setTimeout(resolve, RETRY_AFTER_MS); });
  }
}

/** As an EventSource does, which could not show a token. WHATWG HTML, section Server-sent events. */
function afterLastEvent() {
  return lastEvent === null ? {} : { "Last-Event-ID": lastEvent };
}

async function* reportsIn(body) {
  let held = "";
  for await (const text of chunks(body.pipeThrough(new TextDecoderStream()))) {
    held += text;
    const events = held.split("\n\n");
    held = events.pop();
    for (const event of events) {
      const [id, data] = ["id", "data"].map((name) => fieldOf(event, name));
      if (data) yield { id, report: JSON.parse(data) };
    }
  }
}

function fieldOf(event, name) {
  const line = event.split("\n").find((line) => line.startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim() ?? null;
}

/** Not every browser can be asked for the chunks of a stream in turn. */
async function* chunks(stream) {
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    [heardAt, hasSpoken] = [Date.now(), true];
    yield next.value;
  }
}

/** A stream that says nothing at all is held back on its way: then the page asks. One that falls silent is begun anew. */
function lookAfterStream() {
  if (isOver() || document.hidden) return;
  if (!hasSpoken) askBoth();
  if (Date.now() - heardAt > LONGEST_SILENCE_MS) listening?.abort();
}

/** Asleep, a stream may have died without a word. */
function wake() {
  listening?.abort();
  askBoth();
}

async function relay(headers, signal) {
  const { events, token } = step().dataset;
  const answer = await fetch(events, { headers: { ...headers, Authorization: `Bearer ${token}` }, cache: "no-store", signal });
  if (!answer.ok) throw new Error("the relay answers for this page no more");
  return answer;
}

/** All that an event can tell, one GET can tell. */
async function askRelay() {
  if (isOver()) return;
  qr.unsure();
  try {
    take(await (await relay({ Accept: "application/json" })).json());
  } catch {
    listening?.abort();
  }
}

function askBoth() {
  askRelay();
  ask();
}

function take(report) {
  connected();
  // Once a phone has the session nobody needs to see the code any more.
  if (report.state === "waiting") qr.sync(report.step_now_ms); else qr.withdraw();
  if (secondsOf(step()) !== null) countdown.set(report.seconds_left);
  const second = document.getElementById("second-device");
  if (second && report.second_device && second.hidden) { second.hidden = false; announce(second.textContent.trim()); }
  if (isNextStage(report)) turn();
  ask();
}

async function ask() {
  if (isOver()) return;
  try {
    const answer = await fetch(`${step().dataset.path}/state`, { headers: { Accept: "application/json" } });
    if (answer.status === 404) location.reload();
    else if (answer.ok && isNews(await answer.json())) turn();
  } catch {
    // The stream's own end says so on the page.
  }
}

/** Another state, or another face of the same one. */
function isNews({ state, ticket_tag: ticketTag, wrong_numbers: wrongNumbers }) {
  const shown = step().dataset;
  if (state !== shown.state) return true;
  if (state === "waiting") return (ticketTag ?? "") !== (shown.ticketTag ?? "");
  return state === "numbered" && (wrongNumbers ?? 0) !== Number(shown.wrongNumbers ?? 0);
}

/** What a phone says of its stages decides nothing, and only the relay passes it on. */
function isNextStage({ state, stage }) {
  const shown = step().dataset;
  const isNext = state === shown.state && shown.stage !== undefined && Boolean(stage) && ![shown.stage, stageAsked].includes(stage);
  if (isNext) stageAsked = stage;
  return isNext;
}

/** The fetch may have failed, or the service not have heard of it yet. */
function lookAfterStage() {
  if (stageAsked === null || step().dataset.stage === stageAsked || stageRetried === stageAsked) return;
  [stageRetried, stageAsked] = [stageAsked, null];
  setTimeout(askRelay, RETRY_AFTER_MS);
}

function connected() {
  clearTimeout(lostTimer);
  lostTimer = null;
  connection.hidden = true;
}

/** One fetch at a time; what comes in meanwhile makes one more. */
async function turn() {
  if (turning) { turnAgain = true; return; }
  turning = true;
  try {
    const answer = await fetch(step().dataset.path, { headers: { Accept: "text/html" } });
    if (answer.status >= 500) throw new Error("the server is busy, and the page as it is tells more");
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    setTimeout(ask, RETRY_AFTER_MS);
  }
  lookAfterStage();
  turning = false;
  if (turnAgain) { turnAgain = false; turn(); }
}

function show(page) {
  const old = step();
  const fresh = page.getElementById("step");
  if (!fresh) { location.reload(); return; }
  const isAnother = old.dataset.state !== fresh.dataset.state;
  const focus = focusIn(old);
  fresh.classList.toggle("is-arriving", isAnother);
  fresh.querySelector(".ask")?.toggleAttribute("open", Boolean(old.querySelector(".ask")?.open));
  keepNumber(old, fresh);
  old.replaceWith(fresh);
  document.getElementById("rail")?.replaceWith(page.getElementById("rail") ?? "");
  document.title = page.title;
  const tab = document.getElementById("tab-step");
  if (isAnother && tab) tab.checked = true;
  passOn(focus, fresh);
  announce(fresh.dataset.say);
  arrive();
}

/** What was typed and not yet sent belongs to the person. */
function keepNumber(old, fresh) {
  const [typed, field] = [old.querySelector("#number"), fresh.querySelector("#number")];
  if (typed && field) field.value = typed.value;
}

/** Where the person is: at the number, elsewhere in the step, at nothing at all, or outside. */
function focusIn(old) {
  const { activeElement: active, body } = document;
  if (active?.id === "number") return { at: "number", from: active.selectionStart, to: active.selectionEnd };
  if (old.contains(active)) return { at: "step" };
  return { at: !active || active === body ? "nothing" : "outside" };
}

function passOn({ at, from, to }, fresh) {
  const field = fresh.querySelector("#number");
  if (field && at !== "outside") {
    field.focus({ preventScroll: true });
    if (at === "number") field.setSelectionRange(from, to);
  } else if (at === "step" || at === "number") {
    fresh.querySelector("h1").focus();
  }
}

function arrive() {
  countdown.set(secondsOf(step()));
  const { ticketSecondsLeft: ticket } = step().dataset;
  ticketCountdown.set(ticket === undefined ? null : Number(ticket));
  qr.adopt(document.getElementById("moving-qr"));
  offerOtherWays();
  if (isOver()) { listening?.abort(); connected(); }
}

function showTime(seconds) {
  for (const clock of document.querySelectorAll("[data-clock]")) clock.textContent = minutesAndSeconds(seconds);
  const ring = document.getElementById("ring");
  ring?.setAttribute("stroke-dashoffset", seconds - ring.getAttribute("pathLength"));
  if (seconds <= LATE_FROM_S) showLate();
  if (seconds === 0) setTimeout(ask, EXPIRY_ASKED_AFTER_MS);
}

function showTicketTime(seconds) {
  for (const clock of document.querySelectorAll("[data-ticket-clock]")) clock.textContent = minutesAndSeconds(seconds);
  if (seconds > 0) return;
  // Nobody taps or copies a dead link, even where the server cannot be asked.
  for (const part of document.querySelectorAll(".ticket > *")) part.hidden = part.id !== "ticket-over";
  setTimeout(ask, TICKET_ASKED_AFTER_MS);
}

function showLate() {
  for (const place of document.querySelectorAll(".qr, .session-clock")) place.classList.add("is-late");
  const late = document.getElementById("late");
  if (!late?.hidden) return;
  late.hidden = false;
  document.getElementById("renew")?.classList.add("is-primary");
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
const LOOK_AFTER_MS = 10000;
/** Two of the relay's keep-alives, and a little more. */
const LONGEST_SILENCE_MS = 95000;
const LOST_SHOWS_AFTER_MS = 2000;
const EXPIRY_ASKED_AFTER_MS = 300;
/** No event tells of it, and the server counted whole seconds. */
const TICKET_ASKED_AFTER_MS = 1300;

// After the constants, which a script cannot read before their line.
start();

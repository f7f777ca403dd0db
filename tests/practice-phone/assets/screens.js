// One function for each screen of the flow: from the snapshot to elements.

import { actions, body, button, checkbox, declining, h, icon, note, seal, sign, skeleton, title } from "./elements.js";
import { factsTable, failureNote, failureScreen } from "./failures.js";
import { comeBack, number, whose } from "./matching.js";
import { review } from "./reading.js";

export function drawScreen(view, context) {
  return SCREENS[view.screen](view, context);
}

/** Where pictures come in, chosen, dropped, pasted, or off a screen that is shared. */
function finder({ words, actions: act, isWatching }) {
  const file = h("input", {
    type: "file", id: "picture", accept: "image/*", multiple: true, class: "unseen",
    onchange: (event) => act.takePictures(event.target.files),
  });
  const finder = h("label", { class: "finder", for: "picture" },
    icon("picture"), h("span", { class: "finder-button" }, words.scan.choose), h("span", { class: "caption" }, words.scan.paste));
  const over = (isOver) => (event) => {
    event.preventDefault();
    finder.classList.toggle("is-over", isOver);
  };
  finder.addEventListener("dragover", over(true));
  finder.addEventListener("dragleave", over(false));
  finder.addEventListener("drop", (event) => {
    over(false)(event);
    act.takePictures(event.dataTransfer.files);
  });
  const live = isWatching
    ? button(words.scan.stopWatching, act.stopWatching, { id: "share" })
    : button(words.scan.watch, act.watchScreen, { id: "share" });
  return [file, finder, live];
}

function scan(view, context) {
  const { words, actions: act, intakeProblem } = context;
  const link = h("input", { type: "text", id: "link", autocomplete: "off", spellcheck: "false", placeholder: "http://127.0.0.1…/s#…" });
  const form = h("form", { class: "link-form", onsubmit: (event) => {
    event.preventDefault();
    act.takeLink(link.value);
  } }, h("label", { for: "link" }, words.scan.link), h("div", { class: "row" }, link, h("button", { class: "button", type: "submit" }, words.scan.open)));
  return [body(
    title(words.scan.title),
    h("p", { class: "lead" }, words.scan.lead),
    intakeProblem ? note("danger", "stop", h("p", {}, words.intake[intakeProblem])) : null,
    view.problem ? failureNote(view.problem, context) : null,
    context.isWatching ? h("p", { class: "caption" }, words.scan.watching) : null,
    finder(context), form,
  ), actions(button(words.rehearsal.begin, () => act.tell("rehearsal-wanted")))];
}

/** The QR moves: until the relay has taken a frame of it, newer ones are welcome. */
function claiming(view, context) {
  const { words, intakeProblem } = context;
  return [body(
    title(words.claiming.title),
    h("p", { class: "lead" }, context.isWatching ? words.claiming.watching : words.claiming.lead),
    intakeProblem && !context.isWatching ? note("danger", "stop", h("p", {}, words.intake[intakeProblem])) : null,
    view.trouble ? failureNote(view.trouble, context) : null,
    finder(context),
  ), actions(declining(context))];
}

function asking(page, words) {
  return h("div", { class: "requester" },
    h("p", { class: "caption" }, words.rehearsal.page),
    h("p", { class: "origin" }, page.origin),
    whose(page, words),
    h("p", { class: "caption" }, words.rehearsal.told));
}

function rehearsing(view, context) {
  const { words, actions: act } = context;
  return [body(
    h("div", { class: "stage" }, sign(true)),
    title(words.rehearsal.title),
    view.problem ? failureNote(view.problem, context) : h("p", { class: "lead" }, words.rehearsal.lead),
    view.page ? asking(view.page, words) : null,
  ), actions(view.page ? declining(context) : button(words.back, () => act.tell("start-over")))];
}

function rehearsalTalking(view, { words }) {
  return [body(h("div", { class: "stage is-talking" }, sign(false)), title(words.talking.title), h("p", { class: "lead" }, words.talking.lead))];
}

const VERDICT_ICONS = { ready: "check", attention: "info", "not-ready": "stop" };

function rehearsed(view, context) {
  const { words, actions: act, language } = context;
  const day = (seconds) => new Date(seconds * 1000).toLocaleDateString(language, { timeZone: "Asia/Tokyo" });
  const filled = ({ line, value, number }) => words.rehearsal[line][value](line === "certificate" && number !== null ? day(number) : number);
  const lines = view.lines.map((one) => h("li", { class: `is-${one.verdict}` }, icon(VERDICT_ICONS[one.verdict]),
    h("span", {}, h("b", {}, words.rehearsal[one.line].name), h("span", { class: "caption" }, filled(one)))));
  return [body(
    title(words.rehearsal.verdicts[view.verdict]),
    h("p", { class: "lead" }, words.rehearsal.spent),
    view.report ? reported(view.report, context) : null,
    h("ul", { class: "items rehearsal" }, lines),
  ), actions(
    view.report?.stage === "lost" ? button(words.rehearsal.sendAgain, () => act.tell("try-again")) : null,
    button(words.close, () => act.tell("start-over"), { primary: true }),
    view.report?.stage === "sending" ? null : button(words.rehearsal.again, () => act.tell("rehearsal-wanted")))];
}

/** How far the lines are on their way to the page that asked. */
function reported({ page, stage, problem }, context) {
  const { words } = context;
  const kinds = { sending: ["info", "info"], delivered: ["info", "check"], lost: ["warn", "warn"] };
  return h("div", {}, note(...kinds[stage], h("p", {}, words.rehearsal.report[stage](page.origin))), problem ? failureNote(problem, context) : null);
}

function fetching(view, context) {
  const { words } = context;
  return [body(
    title(words.fetching.title),
    view.origin ? h("p", { class: "lead" }, words.fetching.from, " ", h("b", {}, view.origin)) : null,
    view.trouble ? failureNote(view.trouble, context) : null,
    skeleton(6),
  ), actions(declining(context))];
}

function flowExplained(view, context) {
  const { words, actions: act } = context;
  const steps = words.steps.map((step, index) => h("li", { class: index === 0 ? "is-done" : index === 1 ? "is-next" : null },
    h("span", { class: "step-mark" }, index === 0 ? icon("check") : `STEP${index + 1}`),
    h("span", {}, h("b", {}, index === 0 ? `STEP1 ${step.name}` : step.name), h("span", { class: "caption" }, step.what))));
  return [body(
    title(words.flow.title),
    h("p", { class: "lead" }, words.flow.lead),
    h("ol", { class: "steps" }, steps),
  ), actions(button(words.flow.start, () => act.tell("proceed"), { primary: true }), declining(context))];
}

function consents(view, context) {
  const { words, actions: act, language } = context;
  const next = button(words.consents.give, () => act.tell("consents-given"), { primary: true, disabled: true });
  const boxes = view.consents.map((consent, index) => checkbox(`consent-${index}`, consent[language], { onchange: () => {
    next.disabled = boxes.some((box) => !box.querySelector("input").checked);
  } }));
  return [body(
    title(words.consents.title),
    h("p", { class: "lead" }, words.consents.lead),
    h("div", { class: "choices" }, boxes),
  ), actions(next, declining(context))];
}

function disclosure(view, context) {
  const { words, actions: act } = context;
  return [body(
    title(words.disclosure.title),
    h("p", { class: "lead" }, words.disclosure.lead),
    h("ul", { class: "items" }, view.items.map((item) => h("li", {}, icon(ITEM_ICONS[item]), words.items[item]))),
    note("info", "info", h("p", {}, words.disclosure.note)),
  ), actions(button(words.goOn, () => act.tell("proceed"), { primary: true }), declining(context))];
}

const ITEM_ICONS = { name: "person", address: "home", "birth-date": "calendar", sex: "people" };

function tries(left, words) {
  const kind = left >= 5 ? "ok" : left >= 3 ? "warn" : "danger";
  return h("p", { class: `tries is-${kind}` }, icon(kind === "ok" ? "check" : "warn"), words.triesLeft(left));
}

function lastTry(view, context) {
  const { words, actions: act } = context;
  const typed = h("input", { type: "text", id: "last-try", inputmode: "numeric", autocomplete: "off", maxlength: "1" });
  return [body(
    title(words.lastTry.title),
    view.problem ? failureNote(view.problem, context) : null,
    tries(view.tries_left ?? 1, words),
    h("label", { class: "field", for: "last-try" }, words.lastTry.label), typed,
  ), actions(declining(context), button(words.lastTry.goOn, () => act.tell("last-try-confirmed", { typed: typed.value })))];
}

function enterPassword(view, context) {
  if (view.must_confirm_last_try) return lastTry(view, context);
  const { words, actions: act } = context;
  const typed = h("input", {
    type: "password", id: "password", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
    maxlength: "64", "aria-describedby": "password-hint", "data-1p-ignore": true, "data-lpignore": "true",
  });
  const eye = h("button", { type: "button", class: "eye", "aria-pressed": "false", "aria-label": words.password.show, onclick: () => {
    const isShown = typed.type === "text";
    typed.type = isShown ? "password" : "text";
    eye.setAttribute("aria-pressed", String(!isShown));
  } }, icon("eye"));
  const send = (event) => {
    event.preventDefault();
    act.enterPassword(typed.value);
    typed.value = "";
  };
  return [h("form", { class: "form", onsubmit: send }, body(
    title(words.password.title),
    view.problem ? failureNote(view.problem, context) : null,
    h("label", { class: "field", for: "password" }, words.password.label),
    h("div", { class: "row is-tight" }, typed, eye),
    h("p", { class: "caption", id: "password-hint" }, words.password.hint),
    view.tries_left === null ? h("p", { class: "caption" }, words.password.triesUnknown) : tries(view.tries_left, words),
    h("p", { class: "practice" }, h("b", {}, words.practice), " ", words.password.practice, " ", h("code", {}, "PRACTICE1")),
  ), actions(h("button", { type: "submit", class: "button is-primary" }, words.password.next), declining(context)))];
}

function beginning(view, context) {
  return [body(title(context.words.beginning), view.trouble ? failureNote(view.trouble, context) : null, skeleton(3))];
}

function dots(step, words) {
  const names = ["detected", "checking-password", "signing", "sending"];
  const here = names.indexOf(step);
  return h("ol", { class: "dots" }, names.map((name, index) => h("li", {
    class: index < here ? "is-behind" : index === here ? "is-here" : null,
    "aria-current": index === here ? "step" : null,
  }, h("span", { class: "dot" }, index < here ? icon("check") : null), words.dots[name])));
}

/** Of several documents: how many are signed. */
function batch({ signed, documents }, words) {
  return documents > 1 ? h("p", { class: "caption" }, words.signedOf(signed, documents)) : null;
}

function holdCard(view, context) {
  const { words } = context;
  return [body(
    h("div", { class: "stage" }, sign(true)),
    title(words.hold.title),
    view.problem ? failureNote(view.problem, context) : h("p", { class: "lead" }, words.hold.lead),
    batch(view.progress, words),
    dots(null, words),
  ), actions(declining(context))];
}

function talking(view, { words }) {
  return [body(
    h("div", { class: "stage is-talking" }, sign(false)),
    title(words.talking.title),
    h("p", { class: "lead" }, words.talking.lead),
    batch(view.progress, words),
    dots(view.step, words),
  )];
}

function sending(view, context) {
  const { words } = context;
  return [body(
    h("div", { class: "stage" }, sign(false)),
    title(words.sending.title),
    view.trouble ? failureNote(view.trouble, context) : h("p", { class: "lead" }, words.sending.lead),
    dots("sending", words),
  )];
}

function checking(view, context) {
  const { words } = context;
  return [body(
    title(words.checking.title),
    h("p", { class: "lead" }, words.checking.lead),
    view.trouble ? failureNote(view.trouble, context) : skeleton(3),
  )];
}

function done(view, context) {
  const { words, actions: act } = context;
  return [body(
    h("div", { class: "stage" }, seal(words.done.seal)),
    title(words.done.title),
    h("ul", { class: "titles" }, view.titles.map((text) => h("li", {}, text))),
    h("p", { class: "lead" }, words.done.lead),
  ), actions(button(words.close, () => act.tell("start-over"), { primary: true }))];
}

function declined(view, context) {
  const { words, actions: act } = context;
  return [body(
    title(words.declined.title),
    h("p", { class: "lead" }, words.declined.lead),
    factsTable(view.facts, words),
  ), actions(button(words.close, () => act.tell("start-over"), { primary: true }))];
}

const SCREENS = {
  scan, claiming, rehearsing, "rehearsal-talking": rehearsalTalking, rehearsed, number, return: comeBack, fetching, review, "flow-explained": flowExplained, consents, disclosure, "enter-password": enterPassword, beginning,
  "hold-card": holdCard, talking, sending, checking, done, declined, failed: failureScreen,
};

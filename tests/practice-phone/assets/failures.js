// What happened, three facts, one remedy, other ways, and the code.

import { button, h, icon, note, title } from "./elements.js";

/** Cause and remedy in the language, as docs/failures.md has them. */
function told(failure, { failures, language }) {
  const { cause, remedy } = failures[failure.code]?.[language] ?? { cause: failure.code, remedy: "" };
  return { cause: capital(cause), remedy: sentence(remedy, language) };
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The table of failures leaves out capitals and full stops. */
function sentence(text, language) {
  if (text === "" || /[.。]$/.test(text)) return capital(text);
  return capital(text) + (language === "ja" ? "。" : ".");
}

/** A failure that leaves the screen as it is. */
export function failureNote(failure, context) {
  const { cause, remedy } = told(failure, context);
  return note("danger", "stop",
    h("p", {}, h("b", {}, cause)),
    h("p", {}, remedy),
    h("p", { class: "caption" }, spent(failure.facts, context.words), " · ", failure.code));
}

export function failureScreen(view, context) {
  const { words, actions } = context;
  const { failure } = view;
  const { cause, remedy } = told(failure, context);
  const buttons = view.can_send_again
    ? [button(words.failed.sendAgain, () => actions.tell("try-again"), { primary: true }),
      button(words.failed.giveUp, () => confirm(words.failed.giveUpAsked) && actions.tell("signature-given-up"))]
    : [button(words.failed.startOver, () => actions.tell("start-over"), { primary: true })];
  return [
    h("div", { class: "body" },
      h("p", { class: "failure-mark" }, icon("stop"), words.failed.mark),
      title(cause),
      h("p", { class: "lead" }, remedy),
      places(failure, words),
      factsTable(failure.facts, words),
      h("details", { class: "more" }, h("summary", {}, words.failed.otherTitle), h("ul", {}, words.failed.others.map((way) => h("li", {}, way)))),
      code(failure.code, words)),
    h("div", { class: "actions" }, buttons),
  ];
}

/** Was anything signed, was a try spent, was anything sent? Always all three. */
export function factsTable(facts, words) {
  const row = (name, value, isGood) => h("tr", { class: isGood ? null : "is-changed" }, h("th", { scope: "row" }, name), h("td", {}, value));
  return h("table", { class: "facts" }, h("tbody", {},
    row(words.facts.signed, facts.signed ? words.facts.isSigned : words.facts.notSigned, !facts.signed),
    row(words.facts.tries, spent(facts, words, true), facts.try_spent === "no"),
    row(words.facts.sent, words.facts.sentWhat[facts.sent], facts.sent === "nothing")));
}

function spent(facts, words, isShort = false) {
  if (facts.try_spent === "yes") return words.triesLeft(facts.tries_left);
  if (facts.try_spent === "unknown") return words.facts.triesUnknown;
  return isShort ? words.facts.triesSame : words.facts.triesSameFull;
}

function places(failure, words) {
  if (failure.places.length === 0) return null;
  return h("ul", { class: "places" }, failure.places.map((place) =>
    h("li", {}, place.page === null ? words.wholeDocument : words.pageNumber(place.page), ": ", words.constructs[place.construct] ?? place.construct)));
}

function code(text, words) {
  const copy = h("button", { type: "button", class: "link", onclick: async () => {
    await navigator.clipboard?.writeText(text).catch(() => {});
    copy.textContent = words.failed.copied;
  } }, words.failed.copy);
  return h("p", { class: "code" }, h("span", {}, words.failed.code, " ", h("code", {}, text)), copy);
}

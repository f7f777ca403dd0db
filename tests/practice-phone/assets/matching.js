// While the page and the phone make sure of each other.

import { actions, body, button, declining, h, note, title } from "./elements.js";
import { failureNote } from "./failures.js";

/** The digits, and the address where alone they may be typed. Stopping is the one thing to press. */
export function number(view, context) {
  const { words } = context;
  return [body(
    title(words.number.title),
    h("p", { class: "digits", "aria-label": [...view.number].join(" ") }, view.number),
    h("p", { class: "lead" }, words.number.only),
    h("p", { class: "origin" }, view.page.origin),
    whose(view.page, words),
    view.trouble ? failureNote(view.trouble, context) : null,
    note("warn", "warn", h("p", {}, h("b", {}, words.number.asked)), h("p", { class: "caption" }, words.number.stop)),
    h("p", { class: "caption" }, words.number.waiting),
  ), actions(declining(context))];
}

/** Nothing here is typed: the browser that launched the phone is confirmed by its own cookie. */
export function comeBack(view, context) {
  const { words, actions: act } = context;
  const link = h("a", { class: "button is-primary", id: "return", href: view.return_address, target: "_blank", rel: "noreferrer" }, words.comeBack.open);
  return [body(
    title(words.comeBack.title),
    h("p", { class: "lead" }, words.comeBack.lead),
    h("p", { class: "origin" }, view.page.origin),
    whose(view.page, words),
    view.trouble ? failureNote(view.trouble, context) : null,
    h("p", { class: "practice" }, h("b", {}, words.practice), " ", words.comeBack.practice),
  ), actions(view.return_address ? link : button(words.comeBack.open, () => act.tell("return-wanted")), declining(context))];
}

/** The name that a page gives itself, never larger than its address. */
export function whose(page, words) {
  return h("div", {},
    h("p", { class: "caption" }, words.rehearsal.named(page.name)),
    page.is_origin_checked ? h("p", { class: "caption" }, words.review.checked) : h("p", { class: "caption" }, words.review.unchecked));
}

// The table beside the phone: practice cards, and the hand that holds one.

import { button, h } from "./elements.js";

export function drawTable(view, { words, actions }) {
  const { held, cards, is_reader_on: isReaderOn } = view.table;
  return [
    h("h2", { id: "table-title" }, words.table.title),
    h("p", { class: "caption" }, isReaderOn ? words.table.now : words.table.lead),
    h("ul", { class: "cards" }, cards.map((card) => practiceCard(card, held, isReaderOn, words, actions))),
    h("p", { class: "practice" }, h("b", {}, words.practice), " ", words.password.practice, " ", h("code", {}, "PRACTICE1")),
  ];
}

function practiceCard(card, held, isReaderOn, words, actions) {
  const { name, what } = words.cards[card.kind];
  const isHeld = card.kind === held;
  const label = isHeld ? words.table.lift : words.table.hold;
  const act = button(label, () => (isHeld ? actions.lift() : actions.hold(card.kind)), {
    primary: isReaderOn && !held && card.kind === "good",
    "aria-label": `${label}: ${name}`,
    "data-card": card.kind,
    "aria-pressed": String(isHeld),
  });
  return h("li", { class: isHeld ? "card is-held" : "card" },
    h("span", { class: `card-face is-${card.kind}`, "aria-hidden": "true" }, h("span", { class: "card-chip" })),
    h("span", { class: "card-words" },
      h("b", {}, name),
      h("span", { class: "caption" }, card.tries_left === null ? what : `${what} · ${words.triesLeft(card.tries_left)}`)),
    act);
}

// The request and its document: who asks, what for, and every page.

import { button, checkbox, h, icon, note, title } from "./elements.js";

const DRAWN_WIDTH = 1000;

export function review(view, context) {
  const { words, actions } = context;
  const goOn = button(words.goOn, () => actions.tell("proceed"), { primary: true, disabled: !view.can_proceed });
  const unopened = view.may_accept_unopened ? checkbox("unopened", words.review.unopened, {
    checked: view.accepts_unopened,
    onchange: (event) => actions.tell("unopened-accepted", { accepted: event.target.checked }),
  }) : null;
  return [
    h("div", { class: "body" },
      title(words.review.title),
      requester(view.page, words),
      view.may_accept_unopened ? overview(view.documents, words) : null,
      view.documents.map((document, index) => paper(document, index, context)),
      unopened,
      h("details", { class: "more" }, h("summary", {}, words.review.unknownTitle), h("p", {}, words.review.unknown))),
    h("div", { class: "actions" },
      view.can_proceed ? null : h("p", { class: "caption" }, words.review.readFirst),
      h("div", { class: "pair" }, button(words.decline, () => actions.tell("declined")), goOn)),
  ];
}

/** Of several documents: which there are, and which of them were opened. */
function overview(documents, words) {
  return h("div", { class: "overview" },
    h("p", {}, words.review.several(documents.length)),
    h("ol", {}, documents.map((document, index) => h("li", { class: document.pages_seen ? "is-seen" : null },
      h("a", { href: `#paper-${index}` }, document.title),
      h("span", { class: "caption" }, document.pages_seen ? icon("check") : null,
        `${words.pageCount(document.page_count)} · ${document.pages_seen ? words.review.opened : words.review.notYetOpened}`)))));
}

function requester(page, words) {
  return h("div", { class: "requester" },
    h("p", { class: "caption" }, words.review.from),
    h("p", { class: "origin" }, page.origin),
    h("p", { class: "caption" }, words.rehearsal.named(page.name)),
    page.is_origin_checked ? h("p", { class: "caption" }, words.review.checked) : note("warn", "warn", h("p", {}, words.review.unchecked)));
}

function paper(document, index, context) {
  const { words } = context;
  return h("article", { class: "paper", id: `paper-${index}`, "aria-label": document.title },
    h("h2", {}, document.title),
    h("dl", { class: "about" },
      fact(words.review.parties, document.parties.join(words.and)),
      document.declared_name ? fact(words.review.signer, document.declared_name) : null,
      fact(words.review.pages, words.pageCount(document.page_count)),
      fact(words.review.fingerprint, h("code", {}, document.fingerprint))),
    pages(document, index, context),
    seen(document, index, context));
}

function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

function pages(document, index, { words, actions }) {
  const figures = Array.from({ length: document.page_count }, (_, page) => {
    const image = h("img", { src: actions.pageImage(index, page, DRAWN_WIDTH), alt: words.pageOf(page + 1, document.page_count), loading: "lazy" });
    return h("figure", {}, enlarging(image, words.review.enlarge(page + 1)),
      h("figcaption", { class: "caption" }, words.pageOf(page + 1, document.page_count)));
  });
  if (!document.pages_seen) watchEnd(figures.at(-1), () => actions.tell("pages-seen", { document: index }));
  return h("div", { class: "pages" }, figures);
}

/** A page in small letters is drawn twice as wide, and back, at a press. */
function enlarging(image, label) {
  const frame = h("button", { type: "button", class: "sheet", "aria-pressed": "false", "aria-label": label, onclick: () => {
    const isLarge = frame.classList.toggle("is-large");
    frame.setAttribute("aria-pressed", String(isLarge));
  } }, image);
  return frame;
}

/** The last page counts as reached when its picture is drawn and its lower edge is in sight. */
function watchEnd(figure, reached) {
  const image = figure.querySelector("img");
  const observer = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting) && image.complete && image.naturalWidth > 0) {
      observer.disconnect();
      reached();
    }
  });
  image.addEventListener("load", () => observer.observe(figure.querySelector("figcaption")));
}

function seen(document, index, { words, actions }) {
  if (document.pages_seen) return h("p", { class: "seen" }, icon("check"), words.review.seen);
  return checkbox(`seen-${index}`, words.review.tick, { onchange: () => actions.tell("pages-seen", { document: index }) });
}

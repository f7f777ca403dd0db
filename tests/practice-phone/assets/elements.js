// Small pieces that every screen is made of.

/** An element with attributes, listeners (`onclick`) and children; null children are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

function shape(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

const ICONS = {
  check: "M5 12.5l4.5 4.5L19 7.5",
  warn: "M12 4l9 16H3zM12 10v4M12 17v.5",
  stop: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 16v.5",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8v.5",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5L13 16l3-3 4 4M15.5 9.5v.5",
  home: "M4 11l8-7 8 7v9h-5v-5h-6v5H4z",
  calendar: "M4 6h16v14H4zM4 10.5h16M8 3.5V8M16 3.5V8",
  people: "M9 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM3 19c.6-3.2 2.8-5 6-5s5.4 1.8 6 5M16 6a2.6 2.6 0 0 1 0 5.200M17.500 14.400c2 .6 3.200 2.200 3.500 4.600",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20c.8-4 3.6-6 7.5-6s6.7 2 7.5 6",
};

/** A line drawing that says nothing by itself: a word stands beside it. */
export function icon(name) {
  const svg = shape("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" });
  svg.append(shape("path", { d: ICONS[name] }));
  return svg;
}

/** The sign: a card held over a phone. `moving`: the card comes down. */
export function sign(moving) {
  const svg = shape("svg", { viewBox: "0 0 216 176", class: moving ? "sign is-moving" : "sign", "aria-hidden": "true" });
  const card = shape("g", { class: "sign-card-group" });
  card.append(shape("rect", { x: 66, y: 54, width: 116, height: 74, rx: 8, class: "sign-card" }));
  card.append(shape("path", { d: "M66 62a8 8 0 0 1 8-8h46v74H74a8 8 0 0 1-8-8z", class: "sign-touch" }));
  card.append(shape("path", { d: "M138 76h28M138 88h28M138 100h18", class: "sign-lines" }));
  svg.append(shape("rect", { x: 30, y: 8, width: 90, height: 160, rx: 14, class: "sign-phone" }), card);
  return svg;
}

/** The seal of the done screen. */
export function seal(text) {
  const svg = shape("svg", { viewBox: "0 0 96 96", class: "seal", "aria-hidden": "true" });
  svg.append(shape("circle", { cx: 48, cy: 48, r: 44, class: "seal-ring" }), shape("circle", { cx: 48, cy: 48, r: 37, class: "seal-line" }));
  [...text].forEach((letter, index) => {
    const glyph = shape("text", { x: 48, y: 44 + index * 25, class: "seal-letter", "text-anchor": "middle" });
    glyph.textContent = letter;
    svg.append(glyph);
  });
  return svg;
}

/** A title that the screen is announced by. */
export function title(text) {
  return h("h1", { id: "screen-title", tabindex: "-1" }, text);
}

export function note(kind, iconName, ...children) {
  return h("div", { class: `note is-${kind}` }, icon(iconName), h("div", {}, ...children));
}

export function button(text, onclick, { primary = false, ...attributes } = {}) {
  return h("button", { type: "button", class: primary ? "button is-primary" : "button", onclick, ...attributes }, text);
}

export function checkbox(id, label, { checked = false, onchange } = {}) {
  const box = h("input", { type: "checkbox", id, checked, onchange });
  return h("div", { class: "choice" }, box, h("label", { for: id }, label));
}

/** Lines in the shape of what is coming. */
export function skeleton(lines) {
  return h("div", { class: "skeleton", "aria-hidden": "true" }, Array.from({ length: lines }, () => h("span")));
}

/** 7:42 */
export function clock(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function body(...children) {
  return h("div", { class: "body" }, ...children);
}

export function actions(...children) {
  return h("div", { class: "actions" }, ...children);
}

export function declining({ words, actions: act }) {
  return button(words.decline, () => act.tell("declined"));
}

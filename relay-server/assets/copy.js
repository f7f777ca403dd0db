// Buttons with `data-copy`. They show only where scripts run.

import { announce } from "./announce.js";

document.documentElement.classList.add("scripted");

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say(button);
  } catch {
    // Without the permission to copy, the person copies by hand.
    window.prompt(button.textContent.trim(), button.dataset.copy);
  }
});

function say(button) {
  const label = button.querySelector("span");
  const before = label.textContent;
  if (before === button.dataset.copied) return;
  label.textContent = button.dataset.copied;
  announce(button.dataset.copied);
  setTimeout(() => { label.textContent = before; }, COPIED_SHOWS_MS);
}

const COPIED_SHOWS_MS = 2000;

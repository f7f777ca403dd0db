// 「アプリを起動する」 where no app takes the link up. No page is told whether an app has opened: it goes by what the person
// sees, who stays at this page, or was led to another one and has come back.

import { announce } from "./announce.js";

let waiting = null;

document.addEventListener("click", (event) => {
  if (!event.target.closest("#launch")) return;
  tapped.note();
  clearTimeout(waiting);
  waiting = setTimeout(() => { if (!document.hidden) show(); }, MISSING_AFTER_MS);
});
document.addEventListener("visibilitychange", () => { if (document.hidden) clearTimeout(waiting); });

/** Where the link of this session was tapped before, and no app has taken it up since. */
export function offerOtherWays() {
  if (tapped.isNoted()) show();
}

function show() {
  const ways = document.getElementById("app-missing");
  if (!ways?.hidden) return;
  ways.hidden = false;
  announce(ways.querySelector("b").textContent);
}

/** Kept over a reload, in this tab. Where nothing may be kept, a reload forgets it. */
const tapped = {
  note() {
    try { sessionStorage.setItem(TAPPED, location.pathname); } catch { /* forgotten */ }
  },
  isNoted() {
    try { return sessionStorage.getItem(TAPPED) === location.pathname; } catch { return false; }
  },
};

const TAPPED = "launch-tapped";
/** experience.md, step 4. */
const MISSING_AFTER_MS = 2000;

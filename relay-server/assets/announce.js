// Says a sentence to people who listen to the page instead of looking at it.

export function announce(sentence) {
  const said = document.getElementById("said");
  if (!said) return;
  said.textContent = "";
  // A listener hears a change of the text, so the same sentence twice needs an empty moment between.
  requestAnimationFrame(() => { said.textContent = sentence; });
}

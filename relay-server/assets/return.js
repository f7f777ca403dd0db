// The app has opened this page, and what it hands back stands behind the `#`. It is taken out of the address before
// anything else, so that no history and no screen keeps it, and goes to the server as a form.

const value = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
document.documentElement.classList.add("scripted");

if (value) {
  const form = document.getElementById("return");
  form.elements.value.value = value;
  form.submit();
} else {
  document.getElementById("returning").hidden = true;
  document.getElementById("nothing").hidden = false;
}

// The first page with scripts: PDFs may be dropped anywhere, are checked before they are sent, and are seen on their way.
// Without this script the form does the same job.

const form = document.getElementById("drop");
const input = document.getElementById("pdf");
const problem = document.getElementById("problem");
const progress = document.getElementById("progress");
const words = document.getElementById("progress-words");
const bar = document.getElementById("progress-bar");
const chosen = document.getElementById("chosen");
const stop = document.getElementById("stop");
const button = document.getElementById("send");

let upload = null;

document.documentElement.classList.add("scripted");
showChosen();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const refusal = refusalOf([...input.files]);
  if (refusal) refuse(document.getElementById(refusal).content.cloneNode(true));
  else send(new FormData(form));
});

stop.addEventListener("click", () => upload?.abort());

for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("is-over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("is-over");
});
document.addEventListener("drop", (event) => {
  document.body.classList.remove("is-over");
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  const taken = new DataTransfer();
  for (const file of [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1)) taken.items.add(file);
  input.files = taken.files;
  showChosen();
  button.focus();
});
input.addEventListener("change", showChosen);

function showChosen() {
  const files = [...input.files];
  chosen.hidden = files.length === 0;
  chosen.replaceChildren(...files.map(({ name }) => {
    const line = document.getElementById("chosen-one").content.cloneNode(true);
    line.querySelector("bdi").textContent = name;
    return line;
  }));
  if (files.length > 0) problem.replaceChildren();
}

function refusalOf(files) {
  const { limit, together, files: most } = form.dataset;
  if (files.some(({ size }) => size === 0)) return "empty";
  if (files.some(({ size }) => size > Number(limit))) return "too-large";
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return files.length > Number(most) || bytes > Number(together) ? "too-many" : null;
}

function send(body) {
  upload = new XMLHttpRequest();
  upload.open("POST", form.action);
  upload.setRequestHeader("Accept", "application/json, text/html;q=0.9");
  upload.upload.addEventListener("progress", (event) => showSent(event.loaded, event.total));
  upload.upload.addEventListener("load", showReading);
  upload.addEventListener("load", () => answered(upload));
  upload.addEventListener("error", () => stopped(words.dataset.lost));
  upload.addEventListener("abort", () => stopped(words.dataset.stopped));
  problem.replaceChildren();
  progress.hidden = false;
  stop.hidden = false;
  button.disabled = true;
  showSent(0, 1);
  upload.send(body);
}

function showSent(sent, total) {
  const percent = Math.round((sent / total) * 100);
  bar.value = percent;
  words.textContent = `${words.dataset.sending} ${percent}%`;
}

function showReading() {
  // What is sent whole is no longer stopped by not sending it.
  stop.hidden = true;
  bar.removeAttribute("value");
  words.textContent = words.dataset.reading;
}

function answered(answer) {
  const type = answer.getResponseHeader("Content-Type") ?? "";
  if (answer.status === 201 && type.startsWith("application/json")) {
    location.assign(JSON.parse(answer.responseText).location);
  } else if (type.startsWith("text/html")) {
    takeOver(new DOMParser().parseFromString(answer.responseText, "text/html"));
  } else {
    stopped(words.dataset.lost);
  }
}

/** The answer to a refused upload is this page with the reason on it, or a page that stands alone. */
function takeOver(page) {
  const reason = page.getElementById("problem");
  if (reason) refuse(...reason.childNodes);
  else document.getElementById("main").replaceWith(page.getElementById("main"));
}

/** The refused file is let go, so that its name does not stand there as if it were taken. */
function refuse(...reason) {
  rest();
  input.value = "";
  showChosen();
  problem.replaceChildren(...reason);
  problem.scrollIntoView({ block: "center" });
}

function stopped(sentence) {
  rest();
  problem.textContent = "";
  const note = document.createElement("p");
  note.className = "note is-warn";
  note.textContent = sentence;
  problem.append(note);
}

function rest() {
  progress.hidden = true;
  button.disabled = false;
}

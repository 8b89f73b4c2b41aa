// What makes the studio nicer: live states, previews while typing, kept text, copy buttons.
// Every page works without it.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

/* Parts that are asked for again while something can change: data-live is the address. */

function swap(root, html) {
  const page = parse(html);
  const fresh = page.getElementById(root.id);
  for (const part of all("[data-also]", page)) {
    const old = document.getElementById(part.id);
    if (old && !old.contains(document.activeElement)) old.replaceWith(part);
  }
  if (!fresh || root.contains(document.activeElement) && document.activeElement.matches("input, textarea")) return;
  for (const name of ["live", "every"]) {
    if (name in fresh.dataset) root.dataset[name] = fresh.dataset[name];
    else delete root.dataset[name];
  }
  if (root.lastHtml === fresh.innerHTML) return;
  root.lastHtml = fresh.innerHTML;
  const said = root.querySelector("[role=status]");
  const says = fresh.querySelector("[role=status]");
  if (said.textContent !== says.textContent) said.textContent = says.textContent;
  const before = placeIn(root);
  while (root.lastChild !== said) root.lastChild.remove();
  const rest = [...fresh.childNodes];
  root.append(...rest.slice(rest.indexOf(says) + 1));
  putBackPlace(root, before);
}

/* Where a person is in a part that is about to change: what has the focus, what is unfolded. */

function placeIn(root) {
  const active = document.activeElement;
  return {
    focused: root.contains(active) ? active.outerHTML : "",
    unfolded: all("details[open] > summary", root).map((summary) => summary.textContent),
  };
}

function putBackPlace(root, { focused, unfolded }) {
  for (const summary of all("details > summary", root)) {
    if (unfolded.includes(summary.textContent)) summary.parentElement.open = true;
  }
  if (focused) all("a, button, summary", root).find((one) => one.outerHTML === focused)?.focus({ preventScroll: true });
}

async function lookAt(root, address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (answer.redirected) return delete root.dataset.live; // signed out
    if (answer.ok) swap(root, await answer.text());
  } catch { /* no connection: look again later */ }
}

function follow(root) {
  clearTimeout(root.timer);
  if (!root.dataset.live) return;
  root.timer = setTimeout(async () => {
    if (!document.hidden) await lookAt(root, root.dataset.live);
    follow(root);
  }, Number(root.dataset.every) || 1500);
}

function startFollowing() {
  for (const root of all("[data-live]")) follow(root);
  document.addEventListener("studio:arrived", async (event) => {
    const root = document.getElementById("arriving");
    if (!root) return;
    await lookAt(root, event.detail);
    follow(root);
  });
}

/* The preview while somebody types: exactly what the server would post. */

function previewWhileTyping(form) {
  const shown = document.getElementById("preview");
  const said = form.querySelector("[data-said]");
  let timer, asked;
  async function refresh() {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST", body: new FormData(form), signal: asked.signal, headers: { Accept: "text/html" },
      });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      shown.replaceChildren(...parse(await answer.text()).body.childNodes);
      form.querySelector("[data-send]").textContent = shown.querySelector("[data-label]").dataset.label;
      said.textContent = "";
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = "The preview could not be made just now; your text is still here.";
    }
  }
  form.addEventListener("input", (event) => {
    if (event.target.name === "photo") form.elements.which.value = "some";
    if (event.target.value === "some") form.querySelector("#which details").open = true;
    clearTimeout(timer);
    timer = setTimeout(refresh, 350);
  });
}

/* Text that was not saved stays in this browser, and is put back with a notice. */

const KEPT = "kept:";
const texts = (form) => all("textarea, input[type=text], input[type=url]", form).filter((f) => f.name);

function putBack(form, key, kept) {
  const lost = texts(form).filter((f) => f.name in kept && f.value !== kept[f.name]);
  if (!lost.length) return localStorage.removeItem(key);
  for (const field of lost) {
    field.before_ = field.value;
    field.value = kept[field.name];
  }
  const note = document.createElement("p");
  const forget = document.createElement("button");
  note.className = "note warn";
  note.setAttribute("role", "status");
  note.textContent = "Text that was not saved last time is back in its fields. ";
  forget.className = "btn";
  forget.type = "button";
  forget.textContent = "Forget it";
  forget.addEventListener("click", () => {
    for (const field of lost) field.value = field.before_;
    localStorage.removeItem(key);
    note.remove();
  });
  note.append(forget);
  form.before(note);
}

function keepText(form) {
  const key = KEPT + form.dataset.keep;
  if (document.querySelector("[data-saved]")) localStorage.removeItem(key);
  const kept = JSON.parse(localStorage.getItem(key) || "{}");
  putBack(form, key, kept);
  form.addEventListener("input", (event) => {
    if (!texts(form).includes(event.target)) return;
    const now = JSON.parse(localStorage.getItem(key) || "{}");
    now[event.target.name] = event.target.value;
    localStorage.setItem(key, JSON.stringify(now));
  });
  form.addEventListener("studio:saved", (event) => {
    const now = JSON.parse(localStorage.getItem(key) || "{}");
    for (const name of event.detail) delete now[name];
    localStorage.setItem(key, JSON.stringify(now));
  });
}

for (const part of all("[data-forget]")) localStorage.removeItem(KEPT + part.dataset.forget);

function forgetAtSignOut() {
  const form = document.querySelector("form[action$='/sign-out']");
  form?.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(KEPT)) localStorage.removeItem(key);
  });
}

/* Small things. */

function busyButton(button) {
  button.form.addEventListener("submit", () => {
    button.textContent = button.dataset.busy;
    button.setAttribute("aria-busy", "true");
    setTimeout(() => { button.disabled = true; });
  });
}

function copyButton(button) {
  const label = button.lastChild;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    label.textContent = "Copied";
    setTimeout(() => { label.textContent = "Copy"; }, 2000);
  });
}

function focalPoint(button) {
  const spot = button.querySelector("[data-spot]");
  const [left, top] = ["left", "top"].map((id) => document.getElementById(id));
  const show = () => {
    spot.hidden = false;
    spot.style.left = `${left.value}%`;
    spot.style.top = `${top.value}%`;
  };
  button.addEventListener("click", (event) => {
    if (!event.detail) return; // by keyboard: the numbers are for that
    const box = button.getBoundingClientRect();
    left.value = Math.round(((event.clientX - box.left) / box.width) * 100);
    top.value = Math.round(((event.clientY - box.top) / box.height) * 100);
    show();
  });
  for (const field of [left, top]) field.addEventListener("input", show);
  show();
}

for (const part of all("[data-with-script]")) part.hidden = false;
for (const part of all("[data-without-script]")) part.hidden = true;
for (const form of all("form[data-keep]")) keepText(form);
for (const form of all("form[data-preview]")) previewWhileTyping(form);
for (const button of all("[data-copy]")) copyButton(button);
for (const button of all("[data-busy]")) busyButton(button);
for (const button of all("[data-focal]")) focalPoint(button);
forgetAtSignOut();
startFollowing();

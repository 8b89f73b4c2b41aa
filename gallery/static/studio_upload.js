// Photos one by one, three at a time, each with its row. Without this the same form sends them all at once.

const AT_ONCE = 3;
const WAITS_MS = [1000, 3000, 8000, 20000]; // after a lost connection
const KINDS = { added: "ok", duplicate: "warn", rejected: "bad" };

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

class Row {
  constructor(file, list) {
    this.file = file;
    this.sent = 0;
    this.over = false;
    this.label = file.path || file.webkitRelativePath || file.name;
    this.item = element("li");
    this.hint = element("span", "hint", megabytes(file.size));
    this.pill = element("span", "pill", "waiting");
    const words = element("span");
    words.append(element("bdi", "", this.label), element("br"), this.hint);
    this.item.append(this.picture(), words, this.pill);
    list.append(this.item);
  }

  picture() {
    const picture = element("img");
    const address = URL.createObjectURL(this.file);
    picture.alt = "";
    picture.loading = "lazy";
    picture.decoding = "async";
    picture.onload = () => URL.revokeObjectURL(address);
    picture.onerror = () => { URL.revokeObjectURL(address); picture.replaceWith(element("span")); };
    picture.src = address;
    return picture;
  }

  say(word, kind, hint) {
    this.pill.className = `pill ${kind}`;
    this.pill.textContent = word;
    if (hint) this.hint.textContent = hint;
  }

  progress(sent) {
    this.sent = Math.min(sent, this.file.size);
    this.hint.textContent = `${megabytes(this.sent)} of ${megabytes(this.file.size)}`;
  }

  end(word, kind, hint) {
    this.over = true;
    this.sent = this.file.size;
    this.say(word, kind, hint || megabytes(this.file.size));
  }
}

function send(row, form, onProgress) {
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  body.set("photos", row.file, row.label);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.timeout = 15 * 60 * 1000;
    request.upload.onprogress = (event) => { row.progress(event.loaded); onProgress(); };
    request.onload = () => resolve(request);
    request.onerror = request.ontimeout = () => reject(new Error("connection"));
    request.send(body);
  });
}

async function sendPatiently(row, form, onProgress) {
  for (const wait of [...WAITS_MS, null]) {
    try {
      row.say("uploading", "");
      const request = await send(row, form, onProgress);
      if (request.status < 500 || request.status === 507) return request;
    } catch { /* the connection: wait, then again */ }
    if (wait === null) return null;
    row.say("waiting for the connection", "warn");
    await after(wait);
  }
  return null;
}

function settle(row, request) {
  const file = request?.response?.files?.[0];
  if (file) return row.end(file.says, KINDS[file.outcome], file.reason);
  if (request?.status === 413) return row.end("left out", "bad", "The file is larger than 60 MB; send a smaller version of it.");
  if (request?.status === 507) return row.end("not sent", "bad", "The disk is full; what arrived is safe. Make room, then send it again.");
  return row.end("not sent", "bad", request?.response?.error || "The connection was lost; choose this file again when it is back.");
}

class Upload {
  constructor(form) {
    this.form = form;
    this.box = document.querySelector("[data-progress]");
    this.list = this.box.querySelector("[data-rows]");
    this.heading = this.box.querySelector("[data-total]");
    this.bar = this.box.querySelector("progress");
    this.rows = [];
    this.queue = [];
    this.running = 0;
    addEventListener("beforeunload", (event) => { if (this.running) event.preventDefault(); });
  }

  add(files) {
    if (!files.length) return;
    this.box.hidden = false;
    this.started ??= Date.now();
    for (const file of files) {
      const row = new Row(file, this.list);
      this.rows.push(row);
      if (file.size > Number(this.form.dataset.most)) row.end("left out", "bad", "The file is larger than 60 MB; send a smaller version of it.");
      else this.queue.push(row);
    }
    this.show();
    while (this.running < AT_ONCE && this.queue.length) this.next();
  }

  async next() {
    const row = this.queue.shift();
    this.running += 1;
    settle(row, await sendPatiently(row, this.form, () => this.show()));
    this.running -= 1;
    this.show();
    document.dispatchEvent(new CustomEvent("studio:arrived", { detail: this.form.dataset.arriving }));
    if (this.queue.length) this.next();
  }

  show() {
    const total = this.rows.reduce((sum, row) => sum + row.file.size, 0);
    const sent = this.rows.reduce((sum, row) => sum + row.sent, 0);
    const over = this.rows.filter((row) => row.over).length;
    this.bar.max = total || 1;
    this.bar.value = sent;
    const words = `${over} of ${this.rows.length}${this.left(sent, total)}`;
    if (this.heading.textContent !== words) this.heading.textContent = words;
  }

  left(sent, total) {
    const seconds = (Date.now() - this.started) / 1000;
    if (sent >= total) return " · done";
    if (seconds < 5 || !sent) return "";
    const minutes = Math.ceil(((total - sent) * seconds) / sent / 60);
    return minutes > 1 ? ` · about ${minutes} minutes left` : " · less than a minute left";
  }
}

async function entriesOf(reader) {
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    found.push(...some);
  }
}

async function filesIn(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    file.path = entry.fullPath.replace(/^\//, "");
    return [file];
  }
  const inside = await entriesOf(entry.createReader());
  return (await Promise.all(inside.map(filesIn))).flat();
}

async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  return (await Promise.all(entries.map(filesIn))).flat();
}

function watch(form) {
  const upload = new Upload(form);
  const field = form.elements.photos;
  const folder = element("input");
  folder.type = "file";
  folder.webkitdirectory = true;
  folder.addEventListener("change", () => { upload.add([...folder.files]); folder.value = ""; });
  form.querySelector("[data-folder]").addEventListener("click", () => folder.click());
  const takeChosen = () => { upload.add([...field.files]); field.value = ""; };
  field.addEventListener("change", takeChosen);
  form.addEventListener("submit", (event) => { event.preventDefault(); takeChosen(); });
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("over"));
  form.addEventListener("drop", async (event) => {
    event.preventDefault();
    upload.add(await filesOf(event.dataTransfer));
  });
}

for (const form of document.querySelectorAll("form[data-upload]")) watch(form);

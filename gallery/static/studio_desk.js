// The captions desk by keyboard, and moving photos before they are saved. Without this the same forms do it press by press.

const rowsOf = (list) => [...list.querySelectorAll("li[data-photo]")];
const wordOf = (field) => field.name.slice(0, field.name.lastIndexOf("-"));

/* Captions: Enter saves and goes on, Ctrl+Enter repeats, Alt+arrows move. */

class Desk {
  constructor(form) {
    this.form = form;
    this.said = form.querySelector("[data-said]");
    form.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("change", () => this.countSelected());
    form.querySelector("[data-all]").addEventListener("change", (event) => {
      for (const box of this.boxes()) box.checked = event.target.checked;
    });
    this.countSelected();
  }

  boxes() {
    return [...this.form.querySelectorAll("input[name=selected]")];
  }

  countSelected() {
    const count = this.boxes().filter((box) => box.checked).length;
    this.form.querySelector("[data-selected]").textContent = count ? ` (${count})` : "";
  }

  key(event) {
    const row = event.target.closest("li[data-photo]");
    if (!row || !event.target.matches("textarea, input[type=text]") || event.isComposing) return;
    const steps = { ArrowUp: -1, ArrowDown: 1 };
    if (event.altKey && event.key in steps) this.go(event, row, steps[event.key]);
    else if (event.key === "Enter" && event.ctrlKey) this.repeat(event, row);
    else if (event.key === "Enter" && !event.shiftKey && !event.altKey) this.go(event, row, 1);
  }

  repeat(event, row) {
    const before = this.beside(row, event.target, -1);
    if (before) {
      event.target.value = before.value;
      event.target.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.go(event, row, 1);
  }

  go(event, row, step) {
    event.preventDefault();
    this.save(row);
    const next = this.beside(row, event.target, step);
    next?.focus();
    next?.closest("li").scrollIntoView({ block: "nearest" });
  }

  beside(row, field, step) {
    const rows = rowsOf(this.form);
    const other = rows[rows.indexOf(row) + step];
    return other && this.form.elements[`${wordOf(field)}-${other.dataset.photo}`];
  }

  async save(row) {
    const id = row.dataset.photo;
    const names = ["caption", "alt_text", "credit", "was"].map((word) => `${word}-${id}`);
    const body = new FormData();
    for (const name of ["csrf_token", ...names]) body.set(name, this.form.elements[name].value);
    const number = row.parentElement.start + rowsOf(this.form).indexOf(row);
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.error);
      this.form.elements[`was-${id}`].value = told.marks[id];
      this.form.dispatchEvent(new CustomEvent("studio:saved", { detail: names }));
      if (told.changed) this.said.textContent = `Photo ${number} is saved.`;
    } catch (error) {
      this.said.textContent = `Photo ${number} is not saved: ${error.message || "no connection"}. The text is still here; press Save later.`;
    }
  }
}

/* Order: photos move on the page; one save sends all numbers. */

class Order {
  constructor(form) {
    this.form = form;
    this.list = form.querySelector("ol");
    this.said = form.querySelector("[data-said]");
    this.before = Number(form.dataset.before);
    this.onePage = Number(form.dataset.total) === rowsOf(this.list).length;
    form.addEventListener("click", (event) => this.press(event));
    this.list.addEventListener("change", (event) => this.typed(event.target));
  }

  press(event) {
    const button = event.target.closest("button[name=move]");
    if (!button) return;
    const rows = rowsOf(this.list);
    const row = button.closest("li");
    const at = rows.indexOf(row);
    const verb = button.value.split(":")[0];
    const to = { first: 0, up: at - 1, down: at + 1, last: rows.length - 1 }[verb];
    const outside = to < 0 || to >= rows.length;
    if (!this.onePage && (outside || verb === "first" || verb === "last")) return; // the server knows the other pages
    event.preventDefault();
    if (!outside) this.put(row, to);
    button.focus();
  }

  typed(field) {
    const to = Number(field.value) - 1 - this.before;
    if (Number.isInteger(to) && to >= 0 && to < rowsOf(this.list).length) this.put(field.closest("li"), to);
  }

  put(row, to) {
    const others = rowsOf(this.list).filter((other) => other !== row);
    this.list.insertBefore(row, others[to] || null);
    rowsOf(this.list).forEach((one, index) => {
      const number = this.before + index + 1;
      one.querySelector("input[type=number]").value = number;
      one.querySelector("label").textContent = `Place of photo ${number}`;
      for (const button of one.querySelectorAll("button")) button.setAttribute("aria-label", `Photo ${number}: ${button.title}`);
    });
    this.said.textContent = `Now at place ${this.before + to + 1}; not saved yet.`;
  }
}

for (const form of document.querySelectorAll("form[data-desk]")) new Desk(form);
for (const form of document.querySelectorAll("form[data-order]")) new Order(form);

// The editor's desk: counts of words and characters as one types, order by the arrow keys, cells
// that were changed. Everything works without it.
"use strict";

const countWords = (text) => (text.match(/\S*[\p{L}\p{N}_]\S*/gu) || []).length;

function show(place, selector, number) {
  const shown = place.querySelector(selector);
  if (shown) shown.textContent = number;
}

const limit = (place, selector) => Number(place.querySelector(selector)?.textContent || Infinity);

function count(field) {
  const text = field.value, note = field.closest(".desk-counted")?.querySelector(".desk-count");
  if (!note) return;
  show(note, "[data-words]", countWords(text));
  show(note, "[data-characters]", text.length);
  const isOver = countWords(text) > limit(note, "[data-words-max]")
    || text.length > limit(note, "[data-characters-max]");
  note.classList.toggle("is-over", isOver);
}

function countAll(form) {
  const note = form.querySelector("[data-total]");
  if (!note) return;
  const fields = [...form.querySelectorAll(".desk-counted textarea")].filter(
    (field) => !field.closest(".empty-form") && !isDeleted(field));
  const words = fields.reduce((sum, field) => sum + countWords(field.value), 0);
  show(note, "[data-words]", words);
  note.classList.toggle("is-over", words > limit(note, "[data-words-max]"));
}

const isDeleted = (field) =>
  Boolean(field.closest(".form-row")?.querySelector('input[name$="-DELETE"]:checked'));

for (const event of ["input", "change"]) {
  document.addEventListener(event, ({target}) => {
    if (target.matches(".desk-counted textarea")) count(target);
    if (target.form) countAll(target.form);
  });
}

// --- Order of a list ---

function status(text) {
  const place = document.querySelector("[data-order-status]");
  if (place) place.textContent = text;
}

// What a list may send, since django-admin-sortable2 tells the console only.
async function saveOrder(handles) {
  const config = JSON.parse(document.getElementById("admin_sortable2_config").textContent);
  const token = document.querySelector('#changelist-form input[name="csrfmiddlewaretoken"]').value;
  const response = await fetch(config.update_url, {
    method: "POST",
    headers: {"Content-Type": "application/json", "X-CSRFToken": token},
    body: JSON.stringify({updatedItems: handles.map((one, place) => [one.getAttribute("pk"), place])}),
  });
  if (!response.ok) location.reload();
}

document.addEventListener("keydown", (event) => {
  const step = {ArrowUp: -1, ArrowDown: 1}[event.key];
  const handle = event.target.closest("#result_list .handle");
  if (!handle || !step) return;
  event.preventDefault();
  const row = handle.closest("tr");
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(row); else other.after(row);
  handle.focus();
  const all = [...row.parentElement.querySelectorAll(".handle")];
  status(`${all.indexOf(handle) + 1} / ${all.length}`);
  saveOrder(step < 0 ? [handle, other.querySelector(".handle")]
    : [other.querySelector(".handle"), handle]);
});

// The marks of django-admin-sortable2 that move a row to an end are no buttons by themselves.
document.addEventListener("DOMContentLoaded", () => {
  for (const mark of document.querySelectorAll(".sort i[role=button]")) mark.tabIndex = 0;
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches(".sort i[role=button]") && ["Enter", " "].includes(event.key)) {
    event.preventDefault();
    event.target.click();
  }
});

// --- Targets ---

const targets = document.querySelector("[data-targets]");
if (targets) {
  const mark = () => {
    for (const cell of targets.querySelectorAll("td")) {
      const isChanged = [...cell.querySelectorAll("select")].some(
        (one) => one.value !== one.dataset.stored);
      cell.classList.toggle("is-changed", isChanged);
    }
  };
  targets.addEventListener("change", mark);
  mark();
}

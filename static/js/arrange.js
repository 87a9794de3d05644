// Rows of several lists put in order by dragging or with the arrow buttons. The numbers and the
// chosen lists are what is sent; this fills them in.
"use strict";

const form = document.querySelector("[data-arrange]");
const groups = [...form.querySelectorAll("[data-group]")];
const rows = () => [...form.querySelectorAll("li[data-seconds]")];
const groupOf = (row) => row.closest("[data-group]");
let dragged = null;
let isSaved = true;

const minutes = (group) => [...group.querySelectorAll("li[data-seconds]")].reduce(
  (sum, row) => sum + Number(row.dataset.seconds), 0) / 60;

function show(selector, number, place) {
  const shown = place.querySelector(selector);
  if (shown) shown.textContent = number.toFixed(1);
}

// Let numbers, lists and minutes say what is seen.
function settle() {
  let total = 0;
  for (const group of groups) {
    [...group.querySelectorAll("li[data-seconds]")].forEach((row, place) => {
      row.querySelector("input").value = place + 1;
      const list = row.querySelector("select");
      if (list) list.value = group.dataset.group;
    });
    show("[data-minutes]", minutes(group), group);
    if (group.dataset.group !== "") total += minutes(group);
  }
  show("[data-minutes-total]", total, form);
  const max = Number(form.querySelector("[data-minutes-max]")?.textContent || Infinity);
  form.querySelector(".desk-submit").classList.toggle("is-over", total > max);
}

function changed(row) {
  isSaved = false;
  settle();
  const group = groupOf(row);
  const place = [...group.querySelectorAll("li[data-seconds]")].indexOf(row) + 1;
  const title = group.querySelector("h2").firstChild.textContent.trim();
  form.querySelector("[data-status]").textContent = `${title}: ${place}`;
}

// One step up or down, into the neighbouring list at the ends.
function move(row, step) {
  const next = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (next) {
    if (step < 0) next.before(row); else next.after(row);
  } else {
    const other = groups[groups.indexOf(groupOf(row)) + step];
    if (!other) return;
    const list = other.querySelector("ol");
    if (step < 0) list.append(row); else list.prepend(row);
  }
  changed(row);
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  move(button.closest("li"), Number(button.dataset.move));
  button.focus();
});

form.addEventListener("change", (event) => {
  const row = event.target.closest("li[data-seconds]");
  if (!row) return;
  if (event.target.matches("select")) {
    groups.find((group) => group.dataset.group === event.target.value)
      .querySelector("ol").append(row);
  } else {
    const others = [...row.parentElement.children].filter((one) => one !== row);
    const place = Math.max(1, Number(event.target.value) || 1);
    if (others[place - 1]) others[place - 1].before(row); else row.parentElement.append(row);
  }
  changed(row);
  event.target.focus();
});

form.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("li[data-seconds]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  dragged.classList.add("is-dragged");
});

form.addEventListener("dragover", (event) => {
  const list = event.target.closest?.("[data-group]")?.querySelector("ol");
  if (!dragged || !list) return;
  event.preventDefault();
  const over = event.target.closest("li[data-seconds]");
  if (!over) {
    // Over the title it comes first, below the rows last.
    if (event.target.closest("h2")) list.prepend(dragged);
    else if (!list.contains(dragged)) list.append(dragged);
  } else if (over !== dragged) {
    const {top, height} = over.getBoundingClientRect();
    if (event.clientY < top + height / 2) over.before(dragged); else over.after(dragged);
  }
});

form.addEventListener("drop", (event) => event.preventDefault());
form.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("is-dragged");
  changed(dragged);
  dragged = null;
});

form.addEventListener("submit", () => { isSaved = true; });
window.addEventListener("beforeunload", (event) => {
  if (!isSaved) event.preventDefault();
});

for (const moves of form.querySelectorAll(".desk-moves")) moves.hidden = false;

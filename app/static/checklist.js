// Helps on the checklist; without it everything works by saving: means and limits while typing, what is left, what is unsaved.

const form = document.querySelector("form[data-checklist]");
const NUMBER = /^-?\d{1,9}([.,]\d{1,9})?$/;
const comma = document.documentElement.lang === "sv";

/** A number as people write it, or null. */
const number = text => (NUMBER.test(text.trim()) ? Number(text.trim().replace(",", ".")) : null);

/** Three decimals at most, with the language's decimal sign. */
const spoken = value => {
  const text = String(Math.round(value * 1000) / 1000);
  return comma ? text.replace(".", ",") : text;
};

/** The broken limit in words, or nothing. Rounded, so that 0.1 is not more than 0.10. */
const outside = (value, {least, most}) => {
  const exact = Math.round(value * 1e9) / 1e9;
  if (least && exact < Number(least)) return `< ${spoken(Number(least))}`;
  return most && exact > Number(most) ? `> ${spoken(Number(most))}` : "";
};

const show = (cell, words) => {
  cell.querySelector(".over-limit").textContent = words;
  cell.classList.toggle("outside", words !== "");
};

const computeRow = row => {
  for (const field of row.querySelectorAll("input[data-column]")) {
    const value = number(field.value);
    show(field.closest("td"), value === null ? "" : outside(value, field.dataset));
  }
  for (const mean of row.querySelectorAll("output[data-mean-of]")) {
    const parts = mean.dataset.meanOf.split(" ").map(key => number(row.querySelector(`[data-column="${key}"]`).value));
    const whole = parts.length > 0 && parts.every(part => part !== null);
    const value = whole ? parts.reduce((sum, part) => sum + part, 0) / parts.length : null;
    mean.textContent = whole ? spoken(value) : "–";
    show(mean.closest("td"), whole ? outside(value, mean.dataset) : "");
  }
};

const state = form.querySelector("[data-save-state]");
let unsaved = false;
const changed = event => {
  if (event.target.type === "file" && !event.target.files.length) return;
  unsaved = true;
  if (state) state.textContent = form.dataset.unsaved;
};

form.addEventListener("input", event => {
  changed(event);
  const row = event.target.closest(".cells tbody tr");
  if (row) computeRow(row);
});
form.addEventListener("change", changed);
form.addEventListener("submit", () => {
  unsaved = false;
});
window.addEventListener("beforeunload", event => {
  if (unsaved) event.preventDefault();
});

const place = form.querySelector("[data-filter]");
const cards = [...form.querySelectorAll("[data-left]")];
if (place && cards.length > 1) {
  const button = document.createElement("button");
  const none = document.createElement("p");
  button.type = "button";
  button.className = "button";
  none.setAttribute("role", "status");
  const filter = only => {
    for (const card of cards) card.hidden = only && card.dataset.left === "no";
    for (const each of form.querySelectorAll(".outcome")) each.hidden = only && !each.querySelector('[data-left="yes"]');
    button.textContent = only ? form.dataset.showAll : form.dataset.showLeft;
    button.setAttribute("aria-pressed", String(only));
    none.textContent = only && cards.every(card => card.hidden) ? form.dataset.noneLeft : "";
  };
  let only = false;
  button.addEventListener("click", () => filter((only = !only)));
  filter(false);
  place.append(button, none);
  place.hidden = false;
}

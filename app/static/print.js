// A button for the printer; without it the browser's own menu does the same.

const place = document.querySelector("[data-print]");
if (place) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = place.textContent;
  button.addEventListener("click", () => window.print());
  place.replaceChildren(button);
}

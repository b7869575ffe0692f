// Looks once a second whether the file was saved; then both sides are shown anew, where they were.

const EVERY = 1000;
const kept = sessionStorage.getItem("preview");
const frame = document.querySelector("iframe");

if (kept) {
  const {scroll, module, inside} = JSON.parse(kept);
  sessionStorage.removeItem("preview");
  document.querySelector("main").scrollTop = scroll;
  frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, inside), {once: true});
  if (module !== new URL(frame.src).pathname) frame.src = module;
}

const look = async () => {
  const answer = await fetch("/stamp", {cache: "no-store"}).catch(() => null);
  const {stamp} = answer && answer.ok ? await answer.json() : {stamp: "away"};
  if (stamp === "away" || stamp === document.body.dataset.stamp) {
    setTimeout(look, EVERY);
    return;
  }
  const shown = frame.contentWindow;
  const state = {scroll: document.querySelector("main").scrollTop, module: shown.location.pathname, inside: shown.scrollY};
  sessionStorage.setItem("preview", JSON.stringify(state));
  location.reload();
};

setTimeout(look, EVERY);

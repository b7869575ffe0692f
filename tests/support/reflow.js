// Says what a person would have to scroll sideways for, and which text is cut off. An empty list is a good page.
() => {
  const faults = [];
  const root = document.scrollingElement;
  const named = element => {
    const mark = element.id ? "#" + element.id : element.className && typeof element.className === "string"
      ? "." + element.className.trim().split(/\s+/).join(".") : "";
    return element.tagName.toLowerCase() + mark + " «" + (element.innerText || "").trim().slice(0, 40) + "»";
  };
  if (root.scrollWidth > root.clientWidth)
    faults.push(`the page is ${root.scrollWidth} wide in a window of ${root.clientWidth}`);

  const scrolls = value => value === "auto" || value === "scroll";
  const inOwnScrollBox = element => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
      if (scrolls(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  // Text for screen readers only is one pixel large on purpose.
  const onlyHeard = (style, box) => box.width <= 1 || box.height <= 1 || style.clipPath === "inset(50%)";

  for (const element of document.body.querySelectorAll("*")) {
    if (!element.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (onlyHeard(style, box) || element.closest("svg") || box.right <= 0) continue;
    if (box.right > root.clientWidth + 1 && !inOwnScrollBox(element))
      faults.push(`reaches ${Math.round(box.right)} in a window of ${root.clientWidth}: ${named(element)}`);
    if (!(element.innerText || "").trim()) continue;
    const cuts = value => value === "hidden" || value === "clip";
    if (cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
      faults.push(`cut off at the side: ${named(element)}`);
    if (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1)
      faults.push(`cut off below: ${named(element)}`);
  }
  return faults;
}

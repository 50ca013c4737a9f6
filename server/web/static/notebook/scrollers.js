// What scrolls must be reachable with the keyboard; what does not scroll must not be a stop on the way.

// A code cell that waits for its editor is a stop in any case: the focus opens the editor.
const MAY_SCROLL = ".bench :is(pre:not(.waiting), .code:not(.editor, .waiting), .output, .scrolls, .prose table, .prose math)";
const CALM_MS = 250;

export function mountScrollers() {
  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(tend, CALM_MS);
  };
  new MutationObserver((changes) => {
    if (changes.some(({ target }) => !target.closest("time"))) soon(); // a clock changes every second, and nothing with it
  }).observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["hidden", "open"],
  });
  window.addEventListener("resize", soon);
  tend();
}

function tend() {
  for (const node of document.querySelectorAll(MAY_SCROLL)) {
    const scrolls = node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1;
    if (scrolls && getComputedStyle(node).overflow !== "visible") node.setAttribute("tabindex", "0");
    else if (node !== document.activeElement) node.removeAttribute("tabindex"); // who reads here keeps their place
  }
}

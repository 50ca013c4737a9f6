// HTML that a kernel made is shown in a frame of its own: no scripts, no origin, no network.
// The frame cannot tell its height, so the height is estimated from what is in it.

import { h } from "./dom.js";

const DROPPED =
  "script, style, link, meta, base, iframe, frame, object, embed, form, input, button, select, textarea, template, noscript, title, video, audio";
const TOKENS = ["--ink", "--ink-2", "--well", "--line", "--edge", "--sheet", "--link", "--mono", "--sans"];
const ROW = 24.6;
const CAP = 420;
const TALLEST = 2400;

const SHEET = `
  html { background: transparent; color: var(--ink); font: 13px/1.4 var(--sans); }
  body { margin: 0; padding: 2px; }
  table { border-collapse: collapse; font-family: var(--mono); font-variant-numeric: tabular-nums; }
  th, td { padding: 0.2rem 0.75rem; border: 0; text-align: end; white-space: nowrap; vertical-align: top; }
  thead { border-bottom: 1px solid var(--edge); }
  thead th { font-weight: 600; }
  tbody th { font-weight: 550; }
  tbody tr:nth-child(odd) { background: var(--well); }
  caption { padding-bottom: 0.3rem; text-align: start; }
  p { margin: 0.5rem 0 0; color: var(--ink-2); }
  a { color: var(--link); }
  pre { margin: 0; font: 13px/1.5 var(--mono); }
  img, svg { max-width: 100%; }
`;

export function frameNode(html, { label, nonce }) {
  const kept = clean(html);
  const height = estimate(kept.body);
  const frame = h("iframe", {
    class: "kernel-frame",
    sandbox: "",
    title: label,
    height: Math.min(height, CAP),
    referrerpolicy: "no-referrer",
  });
  const draw = () => {
    frame.srcdoc = documentOf(kept, nonce);
  };
  draw();
  onThemeChange(frame, draw);
  const node = h("div", { class: "output framed" }, frame);
  if (height > CAP) node.append(growButton(frame, height));
  return node;
}

function growButton(frame, height) {
  const button = h("button", { class: "button plain small", type: "button", "aria-expanded": "false" }, "Show more of it");
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    frame.setAttribute("height", open ? Math.min(height, TALLEST) : CAP);
    button.textContent = open ? "Show less of it" : "Show more of it";
  });
  return button;
}

/** What is left after dropping everything active; inline styles become rules, because the frame allows no inline style. */
function clean(html) {
  const sheets = [];
  const quiet = hushed(
    html.replaceAll(/<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi, (_, css) => {
      sheets.push(css);
      return "";
    }),
  );
  const parsed = new DOMParser().parseFromString(quiet, "text/html");
  const rules = sheets.filter(isHarmless);
  parsed.querySelectorAll(DROPPED).forEach((node) => node.remove());
  parsed.querySelectorAll("*").forEach((node, i) => tame(node, i, rules));
  return { body: parsed.body, rules };
}

/** Browsers report inline styles and handlers as soon as they are parsed; under other names they are silent. */
function hushed(html) {
  return html.replaceAll(/<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi, (tag) =>
    tag.replaceAll(/([\s"'])(style|on[a-z]+)(?=\s*=)/gi, "$1data-was-$2"),
  );
}

function tame(node, i, rules) {
  for (const { name, value } of [...node.attributes]) {
    if (name === "data-was-style" && isHarmless(value) && !/[{}]/.test(value)) {
      node.setAttribute("data-look", i);
      rules.push(`[data-look="${i}"] { ${value} }`);
    }
    const address = /^(href|src|srcset|action|formaction|poster|xlink:href)$/.test(name) && !/^(#|data:image\/)/.test(value);
    if (address || /^(style|on.*|nonce|border|bgcolor|data-was-.*)$/.test(name)) node.removeAttribute(name);
  }
}

function isHarmless(css) {
  return !/url\s*\(|@import|expression\s*\(|<\//i.test(css);
}

function documentOf({ body, rules }, nonce) {
  const dark = isDark();
  const style = getComputedStyle(document.documentElement);
  const tokens = TOKENS.map((name) => `${name}: ${style.getPropertyValue(name)};`).join(" ");
  // pandas writes text-align in every header; our sheet comes after what the output brought for plain frames only.
  const css = `:root { color-scheme: ${dark ? "dark" : "light"}; ${tokens} }\n${SHEET}\n${rules.join("\n")}\ntable.dataframe :is(th, td) { text-align: end; }`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Output</title><style nonce="${nonce}">${css}</style></head><body>${body.innerHTML}</body></html>`;
}

function estimate(body) {
  const rows = body.querySelectorAll("tr").length;
  const copy = body.cloneNode(true);
  copy.querySelectorAll("table").forEach((table) => table.remove());
  const blocks = copy.querySelectorAll("p, li, h1, h2, h3, h4, pre, br").length;
  const lines = Math.ceil(copy.textContent.trim().length / 90) + copy.textContent.trim().split("\n").length - 1;
  const pictures = copy.querySelectorAll("svg, img").length * 240;
  return Math.ceil(rows * ROW + Math.max(lines, copy.textContent.trim() ? blocks : 0) * 26 + pictures + 10);
}

function isDark() {
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  if (scheme === "dark" || scheme === "light") return scheme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

function onThemeChange(frame, draw) {
  let dark = isDark();
  const look = () => {
    if (!frame.isConnected) return stop();
    if (isDark() === dark) return undefined;
    dark = isDark();
    return draw();
  };
  const media = matchMedia("(prefers-color-scheme: dark)");
  const stop = () => {
    media.removeEventListener("change", look);
    document.removeEventListener("change", look);
  };
  media.addEventListener("change", look);
  document.addEventListener("change", look);
}

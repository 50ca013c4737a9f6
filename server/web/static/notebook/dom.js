// Builds elements. Text is always text; only fromServer() reads markup, and only what our own server rendered.

const AS_PROPERTY = new Set(["value", "checked", "disabled", "open", "hidden", "htmlFor"]);

/** h("button", { class: "button", onclick: act }, "Run") */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) put(node, name, value);
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function put(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (AS_PROPERTY.has(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** Markup that the server rendered and cleaned (task text, hints, messages). Never a kernel's output. */
export function fromServer(html) {
  const template = document.createElement("template");
  template.innerHTML = html ?? "";
  return template.content;
}

/** Lines that the server highlighted, in the block that they belong into. */
export function codeBox(html) {
  const content = fromServer(html);
  return content.querySelector("pre") ? content : h("pre", { class: "code" }, h("code", {}, content));
}

export function byId(id) {
  return document.getElementById(id);
}

export function icon(name) {
  return h("span", { class: `icon ${name}`, "aria-hidden": "true" });
}

export function kbd(...keys) {
  return keys.flatMap((key, i) => (i ? [" ", h("kbd", {}, key)] : [h("kbd", {}, key)]));
}

/** A button that stays focusable while it may not be used, and says why. */
export function allow(button, allowed, reason = "") {
  if (allowed) button.removeAttribute("aria-disabled");
  else button.setAttribute("aria-disabled", "true");
  button.title = allowed ? "" : reason;
}

let serial = 0;
/** -> () => whether the focus is where it is now, or nowhere: who went on meanwhile is not called away. */
export function stayedHere() {
  const here = document.activeElement;
  return () => document.activeElement === here || document.activeElement === document.body;
}

export function freshId(prefix) {
  serial += 1;
  return `${prefix}-${serial}`;
}

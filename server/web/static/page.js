// Small helps for every page; each page works without them.

const token = () => document.querySelector('meta[name="csrf"]').content;

/** Store the theme as soon as it is chosen; the style sheet has already followed the radios. */
function keepTheme(form) {
  form.addEventListener("change", async () => {
    const theme = new FormData(form).get("theme");
    document.documentElement.dataset.theme = theme;
    const body = JSON.stringify({ theme });
    await fetch(form.action, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token() } });
  });
}

document.querySelectorAll("[data-theme-form]").forEach(keepTheme);

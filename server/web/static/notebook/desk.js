// What every cell may use: the editor when it is near, rendering, names from the kernel, and acts on cells.

export function makeDesk(api, state) {
  let loading = null;
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        target.whenNear();
      }
    },
    { rootMargin: "600px" },
  );
  return {
    api,
    limits: state.limits,
    nonce: document.querySelector("script[nonce]")?.nonce ?? "",
    editors: () => (loading ??= import("./editor.js")),
    render: async (source) => (await api.post("/render", { source })).html,
    whenNear: (node, act) => {
      node.whenNear = act;
      near.observe(node);
    },
  };
}

/** Completion is a help: without an answer the editor offers the names that it knows itself. */
export function namesFromKernel(api, kernel) {
  return async (code, cursor) => {
    if (kernel.state.state !== "idle") return [];
    const asked = { code, cursor: characters(code, cursor) };
    const { matches } = await api.post("/complete", asked).catch(() => ({ matches: [] }));
    return matches;
  };
}

/** The kernel counts characters; the browser counts some of them, such as 😀, as two. */
export function characters(code, cursor) {
  return [...code.slice(0, cursor)].length;
}

export function cellActs({ structure, runner }) {
  return {
    run: (view) => runner.run(view),
    runTo: (view) => runner.runTo(view),
    add: (view, type) => structure.add(view, type),
    remove: (view) => structure.remove(view),
    move: (view, step) => structure.move(view, step),
    reset: (view) => structure.reset(view),
  };
}

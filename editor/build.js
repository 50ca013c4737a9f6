// Bundles the editor into one committed file. Run by `make editor`; see README.md.
import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";

const outfile = new URL("../server/web/static/notebook/editor.js", import.meta.url).pathname;

await build({
  entryPoints: [new URL("editor.js", import.meta.url).pathname],
  outfile,
  bundle: true,
  format: "esm",
  minify: true,
  target: ["chrome123", "safari17.5", "firefox121"],
  legalComments: "none",
  charset: "utf8",
  banner: {
    js: "/* Built from editor/ by `make editor`; do not edit. CodeMirror 6 and Lezer, MIT licence, see editor/README.md. */",
  },
});

const bytes = readFileSync(outfile);
console.log(`editor.js: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzipped`);

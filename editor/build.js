// Bundles the editor into one committed file. Run by `make editor`; see README.md.
import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { writeFileSync } from "node:fs";
import { minify } from "terser";

const outfile = new URL("../server/web/static/notebook/editor.js", import.meta.url).pathname;
const origin =
  "/* Built from editor/ by `make editor`; do not edit. CodeMirror 6 and Lezer, MIT licence, see editor/README.md. */";

const { outputFiles } = await build({
  entryPoints: [new URL("editor.js", import.meta.url).pathname],
  bundle: true,
  write: false,
  format: "esm",
  minify: true,
  target: ["chrome123", "safari17.5", "firefox121"],
  legalComments: "none",
  charset: "utf8",
});

// Its shorter names pack 3 kB better than those of esbuild.
const { code } = await minify(outputFiles[0].text, { module: true, compress: { passes: 2 }, format: { preamble: origin } });
writeFileSync(outfile, `${code}\n`);
console.log(`editor.js: ${code.length} characters, ${gzipSync(code, { level: 9 }).length} bytes gzipped`);

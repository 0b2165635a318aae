// Fails when what a browser fetches before the sign-in page is shown exceeds the budget:
// index.html, the scripts and styles it names, the sign-in route, everything these import
// statically, and the Latin font. Sizes are those of the gzip files (a font is compressed
// already and counts as it is).
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT = 250 * 1024;
const dist = fileURLToPath(new URL('../dist', import.meta.url));
const files = new Set(['index.html']);

function visit(file) {
  if (files.has(file)) return;
  files.add(file);
  if (!file.startsWith('assets/') || !file.endsWith('.js')) return;
  for (const [, name] of readFileSync(join(dist, file), 'utf8').matchAll(
    /(?:from|import)\s*["']\.\/([^"']+\.js)["']/g,
  )) {
    visit(`assets/${name}`);
  }
}

const page = readFileSync(join(dist, 'index.html'), 'utf8');
for (const [, name] of page.matchAll(/(?:src|href)="\/_\/([^"]+\.(?:js|css|svg))"/g)) visit(name);
for (const name of readdirSync(join(dist, 'assets'))) {
  if (/^(sign-in-route-.*\.js|geist-latin-wght-normal-.*\.woff2)$/.test(name)) visit(`assets/${name}`);
}

function size(file) {
  const path = join(dist, file);
  if (file.endsWith('.woff2')) return statSync(path).size;
  return existsSync(`${path}.gz`) ? statSync(`${path}.gz`).size : gzipSync(readFileSync(path)).length;
}

let total = 0;
for (const file of files) {
  const bytes = size(file);
  total += bytes;
  console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KiB  ${file}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} KiB  initial load, limit ${LIMIT / 1024} KiB`);
process.exitCode = total > LIMIT ? 1 : 0;

// Fails when what a browser fetches exceeds the budget.
//
// Initial load: what is fetched before the sign-in page is shown: index.html, the scripts and styles it names,
// the sign-in route, everything these import statically, and the Latin font.
// Each page and each part that is loaded when it is first needed: its script and what this imports statically,
// as far as the initial load does not have it.
//
// Sizes are those of the gzip files (a font is compressed already and counts as it is).
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const KIB = 1024;
const INITIAL_LIMIT = 250;
/** Of a page that is not named below. */
const PAGE_LIMIT = 75;
const LIMITS = {
  'account-records-page': 95,
  'collection-settings-page': 100,
  'hooks-page': 85,
  'records-page': 155,
  'code-mirror': 136,
  'activity-chart': 125,
  'result-chart': 215,
  'diagram-canvas': 82,
  frame: 60,
  de: 30,
};

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const assets = readdirSync(join(dist, 'assets'));

/** Adds a file and what it imports statically, as far as `known` does not have it. */
function collect(file, found, known = new Set()) {
  if (found.has(file) || known.has(file)) return found;
  found.add(file);
  if (!file.startsWith('assets/') || !file.endsWith('.js')) return found;
  for (const [, name] of readFileSync(join(dist, file), 'utf8').matchAll(
    /(?:from|import)\s*["']\.\/([^"']+\.js)["']/g,
  )) {
    collect(`assets/${name}`, found, known);
  }
  return found;
}

function size(file) {
  const path = join(dist, file);
  if (file.endsWith('.woff2')) return statSync(path).size;
  return existsSync(`${path}.gz`) ? statSync(`${path}.gz`).size : gzipSync(readFileSync(path)).length;
}

let exceeded = false;
function report(name, files, limit) {
  const kib = [...files].reduce((sum, file) => sum + size(file), 0) / KIB;
  const over = kib > limit;
  exceeded ||= over;
  console.log(`${kib.toFixed(1).padStart(8)} KiB  ${name}, limit ${limit} KiB${over ? ': TOO LARGE' : ''}`);
}

const initial = new Set(['index.html']);
const page = readFileSync(join(dist, 'index.html'), 'utf8');
for (const [, name] of page.matchAll(/(?:src|href)="\/_\/([^"]+\.(?:js|css|svg))"/g)) collect(name, initial);
for (const name of assets) {
  if (/^(sign-in-route-.*\.js|geist-latin-wght-normal-.*\.woff2)$/.test(name)) collect(`assets/${name}`, initial);
}
for (const file of initial) console.log(`${(size(file) / KIB).toFixed(1).padStart(8)} KiB  ${file}`);
report('initial load', initial, INITIAL_LIMIT);

const missing = new Set(Object.keys(LIMITS));
for (const asset of assets) {
  const name = /^(.+)-[\w-]{8}\.js$/.exec(asset)?.[1];
  if (!name || !(name in LIMITS || name.endsWith('-page'))) continue;
  missing.delete(name);
  report(name, collect(`assets/${asset}`, new Set(), initial), LIMITS[name] ?? PAGE_LIMIT);
}
for (const name of missing) console.log(`${name} has a limit, but is not built`);
process.exitCode = exceeded || missing.size > 0 ? 1 : 0;

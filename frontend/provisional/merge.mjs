// Writes src/shared/api/schema.d.ts from ../docs/openapi.json and the provisional paths that it lacks.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paths } from './paths.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const document = JSON.parse(readFileSync(join(root, '../docs/openapi.json'), 'utf8'));
for (const [path, operations] of Object.entries(paths)) {
  document.paths[path] = { ...operations, ...document.paths[path] };
}
const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
writeFileSync(join(folder, 'openapi.json'), JSON.stringify(document));
execFileSync(
  'npx',
  ['--no-install', 'openapi-typescript', join(folder, 'openapi.json'), '--output', 'src/shared/api/schema.d.ts'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
rmSync(folder, { recursive: true });

// Starts the server under test with a fresh SQLite folder, on a free port.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const START_MS = 60_000;

function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Gives the server's address, the setup token it printed, and the way to stop it and remove its data. */
export async function startServer(program) {
  const folder = mkdtempSync(join(tmpdir(), 'snackbase-browser-'));
  const port = await freePort();
  // Settings of the caller must not reach the server: it is to start as on a new machine.
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SNACKBASE_')));
  const child = spawn(resolve(program), ['serve', '--host', '127.0.0.1', '--port', String(port)], {
    cwd: folder,
    env: {
      ...inherited,
      SNACKBASE_DATABASE_URL: `sqlite:///${folder}/snackbase.db`,
      SNACKBASE_STORAGE_PATH: `${folder}/files`,
      SNACKBASE_SECRET_KEY: 'browser-test-secret-key-0123456789abcdef',
      SNACKBASE_TOKEN_SECRET: 'browser-test-token-secret-0123456789abcdef',
      // Mails go to a sink on this machine.
      SNACKBASE_ALLOW_PRIVATE_DESTINATIONS: 'true',
      SNACKBASE_ENCRYPTION_KEY: 'browser-test-encryption-key-0123456789ab',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = new Promise((done) => child.once('exit', done));
  ended.then(() => (child.gone = true));

  const stop = async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, pause(5_000).then(() => child.kill('SIGKILL'))]);
    rmSync(folder, { recursive: true, force: true });
  };
  const base = `http://localhost:${port}`;
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await pause(100)) {
    if (child.gone) break;
    const token = /\/_\/setup\?token=([\w.~%-]+)/.exec(output)?.[1];
    if (token && (await fetch(`${base}/api/v1/setup`).then((reply) => reply.ok, () => false))) {
      return { base, token: decodeURIComponent(token), stop, output: () => output };
    }
  }
  await stop();
  throw new Error(`the server did not start and print its setup address:\n${output}`);
}

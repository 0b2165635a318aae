// Runs the journey step by step; a failed step does not keep the next ones from being tried.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser } from './browser.mjs';
import { steps } from './journey.mjs';
import { automationSteps } from './journey-automation.mjs';
import { drawerSteps } from './journey-drawer.mjs';
import { fileSteps } from './journey-files.mjs';
import { gridSteps } from './journey-grid.mjs';
import { frameSteps } from './journey-frame.mjs';
import { operationsSteps } from './journey-operations.mjs';
import { ruleWritingSteps } from './journey-rules.mjs';
import { querySteps } from './journey-query.mjs';
import { structureSteps } from './journey-structure.mjs';
import { peopleSteps } from './journey-people.mjs';
import { openMailSink } from './mail-sink.mjs';
import { takePictures } from './pictures.mjs';
import { startServer } from './server.mjs';

const server = await startServer(process.env.SNACKBASE_BIN);
const session = await openBrowser();
const sink = await openMailSink();
const keep = process.env.KEEP;
if (keep) mkdirSync(keep, { recursive: true });
let passed = 0;
const failed = [];

try {
  const tour = { ...session, base: server.base, token: server.token, sink, exported: {} };
  const journeys = [
    steps, operationsSteps, peopleSteps, structureSteps, ruleWritingSteps, fileSteps, gridSteps, drawerSteps,
    querySteps, automationSteps, frameSteps,
  ];
  for (const [name, step] of journeys.flat()) {
    let problem = null;
    try {
      await step(tour);
    } catch (error) {
      problem = error.message;
    }
    const noise = session.takeNoise();
    if (noise.length > 0) problem = [problem, ...noise].filter(Boolean).join('\n    ');
    if (problem === null) {
      passed += 1;
      console.log(`ok    ${name}`);
    } else {
      failed.push(name);
      console.log(`FAIL  ${name}\n    ${problem.split('\n').slice(0, 12).join('\n    ')}\n    at ${session.page.url()}`);
      if (keep) await session.page.screenshot({ path: join(keep, `${failed.length}-${name.replaceAll(/\W+/g, '-')}.png`) });
      if (process.env.FIRST) break;
    }
  }
  if (process.env.PICTURES) await takePictures(tour, process.env.PICTURES);
} finally {
  await session.browser.close();
  await sink.stop();
  await server.stop();
}
if (failed.length > 0 && keep) console.log(server.output().slice(-4_000));
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;

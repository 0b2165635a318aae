// A browser page that fails the run on what a person would not see: console errors, broken
// Content-Security-Policy, accessibility findings, content wider than the window.
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { PATIENCE } from './actions.mjs';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export async function openBrowser() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  // Pretends a slower machine: the page's own thread runs so many times slower.
  if (process.env.THROTTLE) {
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: Number(process.env.THROTTLE) });
  }

  const noise = [];
  // A refusal that a step provokes is written to the console by the browser itself; `expectRefusal` lets it pass.
  let tolerated = 0;
  page.on('pageerror', (error) => noise.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    if (tolerated > 0 && /the server responded with a status of 4\d\d/.test(message.text())) tolerated -= 1;
    else noise.push(`console: ${message.text()}`);
  });

  return {
    browser,
    page,
    expectRefusal: (count = 1) => (tolerated += count),
    /** What went to the console since the last call. */
    takeNoise: () => {
      tolerated = 0;
      return noise.splice(0);
    },
    /** Fails on serious and critical findings of axe and on sideways scrolling, at desktop and phone width. */
    async audit() {
      const findings = [];
      // A message that leaves by itself meanwhile does so at once, not by way of a contrast that nobody reads.
      await page.emulateMedia({ reducedMotion: 'reduce' });
      for (const [width, height] of [[1280, 800], [360, 740]]) {
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(250);
        // Half faded in, a text has another contrast than a person reads. What turns for ever is not waited for.
        await page.evaluate(() => {
          const ends = (one) => Number.isFinite(one.effect?.getComputedTiming().endTime ?? 0);
          return Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished));
        });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wide > 0) findings.push(`${width} px: the page is ${wide} px too wide`);
        // evaluate() is not bound by the page's Content-Security-Policy, a script element would be.
        const { violations } = await page.evaluate(`${axe.source}; axe.run(document, { resultTypes: ['violations'] })`);
        for (const { id, impact, nodes } of violations) {
          if (impact === 'serious' || impact === 'critical') {
            findings.push(`${width} px: ${id} (${impact}) at ${nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')}`);
          }
        }
      }
      await page.emulateMedia({ reducedMotion: null });
      await page.setViewportSize({ width: 1280, height: 800 });
      if (findings.length > 0) throw new Error(findings.join('\n    '));
    },
  };
}

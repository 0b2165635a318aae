// A browser page that fails the run on what a person would not see: console errors, broken
// Content-Security-Policy, accessibility findings, content wider than the window.
import axe from 'axe-core';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const desktop = { width: 1280, height: 800 };
const tablet = { width: 768, height: 1024 };
const phone = { width: 360, height: 740 };
const always = [{ ...desktop, colorScheme: 'light' }, { ...phone, colorScheme: 'light' }];
const inTurn = [
  { ...tablet, colorScheme: 'light' }, { ...desktop, colorScheme: 'dark' }, { ...tablet, colorScheme: 'dark' },
  { ...phone, colorScheme: 'dark' },
];

/**
 * Waits until the page has taken on a size or theme: nothing changes for a moment, and nothing is fading. Half faded
 * in, a text has another contrast than a person reads. What turns for ever is not waited for.
 */
async function still(page) {
  await page.evaluate(async () => {
    await new Promise((done) => {
      const watch = new MutationObserver(() => {
        clearTimeout(calm);
        calm = setTimeout(done, 100);
      });
      let calm = setTimeout(done, 100);
      // Pages that tell the time to the second are never calm for long, but long enough.
      setTimeout(done, 3_000);
      watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    const ends = (one) => Number.isFinite(one.effect?.getComputedTiming().endTime ?? 0);
    await Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished));
  });
}

export async function openBrowser() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  const context = await browser.newContext({ viewport: desktop, colorScheme: 'light', locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  // Pretends a slower machine: the page's own thread runs so many times slower, except while axe reads it.
  const slowness = Number(process.env.THROTTLE ?? 1);
  const devtools = slowness > 1 ? await context.newCDPSession(page) : null;
  const slowDown = (rate) => devtools?.send('Emulation.setCPUThrottlingRate', { rate });
  await slowDown(slowness);

  const noise = [];
  let audits = 0;
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
    /**
     * Fails on serious and critical findings of axe and on sideways scrolling, at desktop and phone width, and
     * in one of the other looks in turn. A theme that a person chose stays in all of them.
     */
    async audit() {
      const findings = [];
      audits += 1;
      for (const look of [...always, inTurn[audits % inTurn.length]]) {
        const { width, height, colorScheme } = look;
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height });
        await still(page);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        const found = wide > 0 ? [`the page is ${wide} px too wide`] : [];
        await slowDown(1);
        // evaluate() is not bound by the page's Content-Security-Policy, a script element would be.
        if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        await slowDown(slowness);
        for (const { id, impact, nodes } of violations) {
          if (impact === 'serious' || impact === 'critical') {
            found.push(`${id} (${impact}) at ${nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')}`);
          }
        }
        findings.push(...found.map((finding) => `${width} px, ${colorScheme}: ${finding}`));
      }
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(desktop);
      await still(page);
      if (findings.length > 0) throw new Error(findings.join('\n    '));
    },
  };
}

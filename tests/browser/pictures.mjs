// Pictures of every page in both themes, for people to look at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN, heading, signIn, signOut } from './actions.mjs';

const sizes = [['desktop', 1440, 900], ['phone', 390, 844]];
const entry = ['sign-in', 'forgot-password', 'register', 'reset-password?token=x', 'verify-email?token=x', 'accept-invitation?token=x'];
const pages = [
  '', 'collections', 'collections/papers/records', 'collections/papers/records?record=new', 'collections/books/records', 'collections/books/records?mode=scroll&sort=lent,-pages',
  'collections/flours/records?dialog=import', 'files', 'collections?dialog=export', 'collections?dialog=import', 'collections/new', 'collections/new?from=tasks', 'collections/diagram',
  'collections/papers/settings', 'collections/papers/settings?tab=rules', 'macros', 'macros?macro=new', 'accounts', 'users', 'users?dialog=new', 'invitations', 'invitations?dialog=new', 'groups', 'groups?group=new', 'roles',
  'audit', 'audit?table=users', 'configuration', 'configuration?tab=system', 'configuration?tab=system&add=gallery',
  'configuration?tab=system&add=auth_providers/google', 'configuration?tab=account', 'mail', 'mail?template=new', 'mail?tab=logs', 'api-keys',
  'api-keys?dialog=new', 'realtime', 'collections/stories/api', 'collections/stories/api?op=create&lang=js',
  'collections/stories/analytics', 'collections/stories/analytics?by=day&fn=count(),sum(price)', 'collections/stories/analytics?by=state&fn=count()&view=pie',
  'migrations', 'migrations?tab=history', 'jobs', 'hooks', 'hooks?hook=new', 'webhooks', 'webhooks?webhook=new', 'health', 'profile',
];

export async function takePictures({ page, base }, folder) {
  mkdirSync(folder, { recursive: true });
  const take = async (address) => {
    for (const theme of ['light', 'dark']) {
      for (const [name, width, height] of sizes) {
        await page.setViewportSize({ width, height });
        await page.evaluate((choice) => localStorage.setItem('snackbase-theme', choice), theme);
        await page.goto(`${base}/_/${address}`);
        await page.waitForLoadState('networkidle');
        await page.waitForTimeout(350);
        const file = `${address.replaceAll(/[^\w]+/g, '-') || 'home'}-${theme}-${name}.png`;
        await page.screenshot({ path: join(folder, file), fullPage: name === 'desktop' });
      }
    }
  };
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${base}/_/profile`);
  await signOut(page);
  for (const address of entry) await take(address);
  await page.setViewportSize({ width: 1440, height: 900 });
  await signIn(page, base, ADMIN);
  await heading(page, 'Overview');
  for (const address of pages) await take(address);
}

// What lies around all pages: the account in view, the palette, languages, keys, charts, health, a lost connection.
import assert from 'node:assert/strict';
import { ADMIN, button, closed, focused, heading, holds, row, signIn, signOut, toast, until } from './actions.mjs';

const COLLECTION = 'crumbs';
/** Whether an address has an account in view. */
const inView = ({ id }) => (url) => url.searchParams.get('account') === id;
const main = (page, name) => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true });
const palette = (page) => page.getByRole('dialog').getByRole('combobox');

/** Calls the API as the superadmin, beside the browser. */
async function callApi(base) {
  const send = async (method, address, body, token) => {
    const reply = await fetch(base + address, {
      method,
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      body: body && JSON.stringify(body),
    });
    const result = await reply.json();
    assert.ok(reply.ok, `${method} ${address}: ${JSON.stringify(result)}`);
    return result;
  };
  const { token } = await send('POST', '/api/v1/auth/login', { account: 'system', ...ADMIN });
  return (method, address, body) => send(method, address, body, token);
}

/** Presses Tab until the control has the focus. */
async function tabTo(page, control) {
  await control.waitFor();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab does not reach the control');
}

export const frameSteps = [
  ['an account is taken into view, and stays so from page to page', async (tour) => {
    const { page, base, audit } = tour;
    const api = await callApi(base);
    tour.tearoom = await api('POST', '/api/v1/accounts', { name: 'Tea Room', slug: 'tea-room' });
    await api('POST', '/api/v1/collections', { name: COLLECTION, schema: [{ name: 'title', type: 'text', required: true }] });
    tour.theirs = await api('POST', `/api/v1/records/${COLLECTION}`, { title: 'Scone', account_id: tour.tearoom.id });
    await api('POST', `/api/v1/records/${COLLECTION}`, { title: 'Toast' });
    await api('POST', '/api/v1/groups', { name: 'tasters', account_id: tour.tearoom.id });

    await signIn(page, base, ADMIN);
    await heading(page, 'Overview');
    await main(page, COLLECTION).click();
    await row(page, 'Toast').waitFor();
    await button(page, 'Account in view: All accounts').click();
    await page.getByRole('combobox', { name: 'Search accounts' }).fill('tea r');
    await page.getByRole('option', { name: /Tea Room/ }).waitFor();
    await audit();
    await page.keyboard.press('Enter');
    await page.getByText('Only Tea Room is in view.').waitFor();
    await row(page, 'Toast').waitFor({ state: 'detached' });
    await row(page, 'Scone').waitFor();
    await page.waitForURL(inView(tour.tearoom));
    await audit();
    await main(page, 'Groups').click();
    await heading(page, 'Groups');
    await row(page, 'tasters').waitFor();
    await until(async () => assert.equal(await page.locator('tbody tr').count(), 1));
    await page.waitForURL(inView(tour.tearoom));
    await main(page, 'Users').click();
    await page.getByText('No users here').waitFor();
    await main(page, 'Roles').click();
    await page.getByText('Tea Room is chosen, but this page concerns the whole installation.').waitFor();
    await audit();
  }],
  ['a link carries the account, and all accounts come back', async ({ page, tearoom }) => {
    await main(page, 'Groups').click();
    await row(page, 'tasters').waitFor();
    await page.reload();
    await page.getByText('Only Tea Room is in view.').waitFor();
    await row(page, 'tasters').waitFor();
    await page.waitForURL(inView(tearoom));
    await button(page, 'Show all accounts').click();
    await button(page, 'Account in view: All accounts').waitFor();
    await page.waitForURL((url) => !url.searchParams.has('account'));
    await page.goBack();
    await page.getByText('Only Tea Room is in view.').waitFor();
    await page.goForward();
    await button(page, 'Account in view: All accounts').waitFor();
  }],
  ['the palette finds a record by its id and a user by e-mail, and knows what came last', async ({ page, audit, theirs }) => {
    await page.keyboard.press('Control+k');
    await palette(page).fill(theirs.id);
    const found = page.getByRole('option', { name: theirs.id });
    await found.getByText(COLLECTION).waitFor();
    await audit();
    await found.click();
    await page.getByRole('dialog', { name: /^Record / }).waitFor();
    await page.waitForURL((url) => url.searchParams.get('record') === theirs.id);
    await page.keyboard.press('Escape');
    await closed(page);
    await page.keyboard.press('Control+k');
    await palette(page).fill('ann@');
    await page.getByRole('option', { name: /ann@example\.com/ }).click();
    await heading(page, 'Users');
    await row(page, ADMIN.email).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: theirs.id }).waitFor();
    await palette(page).fill('show only tea');
    await page.keyboard.press('Escape');
    await closed(page);
  }],
  ['letters lead to pages, and the list of keys tells those of the page', async ({ page, audit }) => {
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await heading(page, 'Accounts');
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText('On this page').waitFor();
    await sheet.getByText('New entry').waitFor();
    await audit();
    await page.keyboard.press('Escape');
    await closed(page);
  }],
  ['another language is chosen and kept', async ({ page, base, audit }) => {
    await button(page, 'Account menu').click();
    await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
    await heading(page, 'Konten');
    await page.waitForFunction(() => document.documentElement.lang === 'de');
    await page.goto(`${base}/_/`);
    await heading(page, 'Überblick');
    await audit();
    await page.keyboard.press('Control+k');
    await palette(page).fill('english');
    await page.getByRole('option', { name: /English/, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await heading(page, 'Overview');
    await page.waitForFunction(() => document.documentElement.lang === 'en');
  }],
  ['charts show what happened, in a range of the address, and as a table', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/`);
    await page.getByRole('img', { name: /^Changes of data\. Created: [1-9]/ }).locator('svg').first().waitFor();
    await audit();
    await page.getByText('7 days', { exact: true }).click();
    await page.waitForURL(/days=7/);
    await button(page, 'As a table').click();
    const table = page.getByRole('table', { name: 'Activity' });
    await table.waitFor();
    await until(async () => assert.equal(await table.locator('tbody tr').count(), 7));
    await audit();
    await button(page, 'As a chart').click();
  }],
  ['the health page tells how the server is', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/`);
    await main(page, 'Health').click();
    await heading(page, 'Health');
    await page.getByText('Healthy').waitFor();
    await page.getByText('SQLite').waitFor();
    await page.getByText('Nobody was refused in the last hour.').waitFor();
    await audit();
  }],
  ['a lost connection is told, and the page recovers by itself', async ({ page, base, audit, takeNoise }) => {
    await page.goto(`${base}/_/roles`);
    await row(page, 'admin').waitFor();
    await page.context().setOffline(true);
    await page.getByText(/^The server cannot be reached\. What you typed stays/).waitFor();
    await audit();
    await page.context().setOffline(false);
    await toast(page, 'The server is back.');
    await page.getByText(/^The server cannot be reached/).waitFor({ state: 'detached' });
    // The browser itself writes the failed attempts to the console.
    const other = takeNoise().filter((line) => !line.includes('net::ERR_INTERNET_DISCONNECTED'));
    assert.deepEqual(other, []);
  }],
  ['what is not saved is not lost by going back', async ({ page, base }) => {
    await page.goto(`${base}/_/roles`);
    await button(page, 'New role').click();
    const name = page.getByRole('dialog').getByLabel('Name');
    await name.fill('brewer');
    const leave = async (action) => {
      // The action may not end before the question is answered.
      const asked = page.waitForEvent('dialog').then(async (question) => {
        await question.dismiss();
        return question.message();
      });
      await action();
      assert.match(await asked, /unsaved changes/);
    };
    await leave(() => page.evaluate(() => history.back()));
    await leave(() => page.keyboard.press('Escape'));
    await page.waitForURL(/dialog=new/);
    await holds(name, 'brewer');
    await button(page, 'Cancel').click();
    await closed(page);
    // So it is in drawers; going on after all leaves nothing to ask for.
    await main(page, 'Groups').click();
    await button(page, 'New group').click();
    await page.waitForURL(/group=new/);
    const group = page.getByRole('dialog').getByLabel('Name');
    await group.fill('brewers');
    await leave(() => page.evaluate(() => history.back()));
    await page.waitForURL(/group=new/);
    await holds(group, 'brewers');
    page.once('dialog', (question) => question.accept());
    await page.evaluate(() => history.back());
    await closed(page);
    await main(page, 'Roles').click();
    await heading(page, 'Roles');
  }],
  ['a record is made by keyboard alone, from signing in', async ({ page, base }) => {
    await signOut(page);
    await page.goto(`${base}/_/sign-in`);
    await tabTo(page, page.getByLabel('E-mail'));
    await page.keyboard.type(ADMIN.email);
    await tabTo(page, page.getByLabel(/^Password/));
    await page.keyboard.type(ADMIN.password);
    await page.keyboard.press('Enter');
    await heading(page, 'Overview');
    await page.keyboard.press('Control+k');
    await focused(palette(page));
    await page.keyboard.type(COLLECTION);
    await page.getByRole('option', { name: COLLECTION, exact: true, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await row(page, 'Toast').waitFor();
    await page.keyboard.press('n');
    const title = page.getByRole('dialog').getByRole('textbox', { name: 'title' });
    await tabTo(page, title);
    await page.keyboard.type('Teacake');
    await page.keyboard.press('Control+Enter');
    await closed(page);
    await row(page, 'Teacake').waitFor();
    await page.waitForURL((url) => url.pathname === `/_/collections/${COLLECTION}/records`);
  }],
];

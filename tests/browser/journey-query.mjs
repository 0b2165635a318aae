// Filters built from conditions, analytics, the API of a collection, and realtime; over collections of their own.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { ADMIN, button, escape, heading, holds, path, row, signIn, until } from './actions.mjs';

const AUTHORS = [['Ada', 'London'], ['Grace', 'Boston'], ['Linus', 'Helsinki']];
const STATES = ['draft', 'review', 'live'];

/** A call of the API beside the browser, as another program would make it. */
async function call(base, method, address, { token, body } = {}) {
  const reply = await fetch(`${base}/api/v1${address}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: body && JSON.stringify(body),
  });
  const text = await reply.text();
  assert.ok(reply.ok, `${method} ${address}: ${reply.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

const superadmin = (base) =>
  call(base, 'POST', '/auth/login', { body: { account: 'system', ...ADMIN } }).then((session) => session.token);

const filterInput = (page) => page.getByRole('combobox', { name: 'Filter expression' });
const builder = (page) => page.getByRole('dialog', { name: 'Filter by conditions' });
/** Waits until the address says something. */
const says = (page, name, value) => page.waitForURL((url) => url.searchParams.get(name) === value);
/** The rows of the table, once there are so many. */
const rows = (page, count) => page.waitForFunction((wanted) => document.querySelectorAll('tbody tr').length === wanted, count);

export const querySteps = [
  ['stories and their authors are stored by another program', async ({ page, base }) => {
    const token = await superadmin(base);
    const post = (address, body) => call(base, 'POST', address, { token, body });
    await post('/collections', { name: 'storytellers', schema: [{ name: 'name', type: 'text' }, { name: 'city', type: 'text' }] });
    const storytellers = [];
    for (const [name, city] of AUTHORS) storytellers.push(await post('/records/storytellers', { name, city }));
    await post('/collections', {
      name: 'stories',
      schema: [
        { name: 'title', type: 'text', required: true },
        { name: 'state', type: 'text' },
        { name: 'price', type: 'number' },
        { name: 'day', type: 'date' },
        { name: 'writer', type: 'reference', collection: 'storytellers', on_delete: 'set_null' },
      ],
    });
    const records = Array.from({ length: 12 }, (_, at) => ({
      title: `Story ${at + 1}`,
      state: STATES[at % 3],
      price: at + 1,
      day: `2026-05-0${1 + (at % 4)}`,
      writer: storytellers[at % 2].id,
    }));
    await post('/records/stories/batch', { records });
    await signIn(page, base, ADMIN);
    await heading(page, 'Overview');
  }],

  ['a filter with a group is built from conditions', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/stories/records`);
    await rows(page, 12);
    await button(page, 'Conditions').click();
    const fields = builder(page).getByLabel('Field', { exact: true });
    const operators = builder(page).getByLabel('Operator', { exact: true });
    await fields.first().selectOption('price');
    await operators.first().selectOption({ label: 'is more than' });
    await builder(page).getByLabel('Value for price').fill('3');
    await button(builder(page), 'Group').click();
    await fields.nth(1).selectOption('state');
    await builder(page).getByLabel('Value for state').fill('draft');
    await button(builder(page), 'Condition').first().click();
    await fields.nth(2).selectOption('writer.city');
    await builder(page).getByLabel('Value for writer.city').fill('Boston');
    await audit();
    await button(builder(page), 'Apply conditions').click();
    // Of the stories 4 to 12 the drafts 4, 7, 10 and those of Grace, which have even numbers.
    await rows(page, 6);
    await holds(filterInput(page), 'price > 3 && (state = "draft" || writer.city = "Boston")');
    await says(page, 'filter', 'price > 3 && (state = "draft" || writer.city = "Boston")');
    await audit();
  }],

  ['its text and its conditions follow each other', async ({ page }) => {
    await button(page, 'Remove price is more than 3').click();
    await rows(page, 8);
    await holds(filterInput(page), 'state = "draft" || writer.city = "Boston"');
    await filterInput(page).fill('price > 10 || title ~ "%Story 2%"');
    await filterInput(page).press('Enter');
    await rows(page, 3);
    await page.getByText('title contains “Story 2”').waitFor();
    await button(page, 'Conditions').click();
    await holds(builder(page).getByLabel('How the conditions are joined').first(), 'or');
    await holds(builder(page).getByLabel('Value for price'), '10');
    await escape(page, builder(page), button(page, 'Conditions'));
  }],

  ['what conditions cannot show stays text', async ({ page }) => {
    await filterInput(page).fill('upper(state) = "LIVE" && price * 2 > 12');
    await filterInput(page).press('Enter');
    await rows(page, 2);
    await button(page, 'Conditions').click();
    await builder(page).getByText('This filter stays text').waitFor();
    await escape(page, builder(page), button(page, 'Conditions'));
    await holds(filterInput(page), 'upper(state) = "LIVE" && price * 2 > 12');
  }],

  ['names of fields are completed, and a refusal marks its place', async ({ page, audit, expectRefusal }) => {
    await filterInput(page).fill('');
    await filterInput(page).pressSequentially('writer.c');
    await page.getByRole('option', { name: 'writer.city' }).waitFor();
    await filterInput(page).press('ArrowDown');
    await filterInput(page).press('Enter');
    await holds(filterInput(page), 'writer.city ');
    await filterInput(page).fill('price > 1 && colour = "red"');
    expectRefusal(2);
    await filterInput(page).press('Enter');
    const alert = page.getByRole('alert');
    await alert.getByText('does not exist in collection').waitFor();
    await alert.locator('mark').filter({ hasText: /^colour$/ }).waitFor();
    await audit();
    await button(page, 'Clear filter').first().click();
    await rows(page, 12);
  }],

  ['results are computed for groups and drawn', async ({ page, audit }) => {
    await filterInput(page).fill('price > 1');
    await filterInput(page).press('Enter');
    await rows(page, 11);
    await page.getByRole('link', { name: 'Analytics' }).click();
    await heading(page, 'Analytics');
    await page.getByLabel('Add a field').selectOption('writer');
    await button(page, 'Result').click();
    await button(page, 'Run').click();
    await page.getByText('2 groups').waitFor();
    await row(page, 'Grace').getByText('42').waitFor();
    await page.getByRole('img', { name: /^Chart of Records, Sum of price/ }).locator('svg').first().waitFor();
    await page.getByRole('columnheader', { name: 'Sum of price' }).getByRole('button').click();
    await page.waitForFunction(() => document.querySelector('tbody tr')?.textContent.startsWith('Ada'));
    await says(page, 'filter', 'price > 1');
    await audit();
  }],

  ['groups are kept by their results, in a link that opens the same', async ({ page }) => {
    await page.getByRole('group', { name: 'Keep only groups where' }).getByRole('button', { name: 'Condition' }).click();
    await page.getByLabel('Result', { exact: true }).selectOption({ label: 'Sum of price' });
    await page.getByLabel('Value', { exact: true }).fill('40');
    await button(page, 'Run').click();
    await page.getByText('1 group', { exact: true }).waitFor();
    await says(page, 'having', 'sum_price > 40');
    await page.goto(page.url());
    await row(page, 'Grace').getByText('42').waitFor();
    await rows(page, 1);
    await holds(page.getByLabel('Value', { exact: true }), '40');
  }],

  ['the result is saved as CSV', async ({ page }) => {
    const [file] = await Promise.all([page.waitForEvent('download'), button(page, 'CSV').click()]);
    assert.equal(file.suggestedFilename(), 'stories_analytics.csv');
    assert.match(await readFile(await file.path(), 'utf8'), /^writer,count,sum_price\r\n[\w-]{36},6,42\r\n$/);
  }],

  ['a condition on results that is none is explained', async ({ page, base, expectRefusal }) => {
    expectRefusal(2);
    await page.goto(`${base}/_/collections/stories/analytics?by=state&fn=count()&having=${encodeURIComponent('count > 1 AND')}`);
    await page.getByRole('alert').filter({ hasText: 'HAVING' }).waitFor();
    await holds(page.getByLabel('Condition on results'), 'count > 1 AND');
  }],

  ['the API page gives snippets with real names and ids', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/stories/records`);
    await page.getByRole('link', { name: 'API', exact: true }).click();
    await heading(page, 'API');
    await page.getByRole('link', { name: /^Read a record/ }).click();
    await page.getByRole('tab', { name: 'JavaScript' }).click();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button(page, 'Copy the snippet').click();
    await button(page, 'Copied').waitFor();
    const snippet = /client\.records\.get\('stories', '[\w-]{36}', \{\n {2}expand: \[\n {4}'writer',/;
    await until(async () => assert.match(await page.evaluate(() => navigator.clipboard.readText()), snippet));
    await says(page, 'op', 'view');
    await says(page, 'lang', 'js');
    await audit();
  }],

  ['the console sends and shows the reply', async ({ page, audit, expectRefusal }) => {
    await button(page, 'Send').click();
    await page.getByText('200 OK').waitFor();
    await page.getByText(/"title": "Story \d+"/).first().waitFor();
    await page.getByText('Headers', { exact: true }).click();
    await page.getByText(/application\/json/).waitFor();
    await audit();
    await page.getByRole('link', { name: /^Create a record/ }).click();
    await page.getByLabel('Body').fill('{"state": "draft"}');
    expectRefusal();
    await button(page, 'Send').click();
    await page.getByText('400 Bad Request').waitFor();
    await page.getByText(/Required field 'title' is missing/).waitFor();
    await page.getByLabel('Body').fill('{"title":');
    await page.getByRole('alert').filter({ hasText: 'not valid JSON' }).waitFor();
  }],

  ['the inspector hears of a change that another program made', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/realtime?collection=stories`);
    await heading(page, 'Realtime');
    await button(page, 'Connect').click();
    await page.getByRole('status').getByText('Connected', { exact: true }).waitFor();
    await button(page, 'Subscribe').click();
    await page.getByText('Active', { exact: true }).waitFor();
    const token = await superadmin(base);
    await call(base, 'POST', '/records/stories', { token, body: { title: 'Breaking', price: 99 } });
    await page.getByRole('button', { name: /stories\.create/ }).click();
    await page.getByRole('region', { name: 'Message', exact: true }).getByText('"title": "Breaking"').waitFor();
    await audit();
  }],

  ['what was missed comes after connecting again', async ({ page, base }) => {
    await button(page, 'Disconnect').click();
    await page.getByRole('status').getByText('Not connected').waitFor();
    const token = await superadmin(base);
    const { items } = await call(base, 'GET', '/records/stories?filter=price%20%3D%2099', { token });
    await call(base, 'DELETE', `/records/stories/${items[0].id}`, { token });
    await button(page, 'Connect').click();
    await page.getByRole('button', { name: /stories\.delete/ }).waitFor();
  }],

  ['a refused subscription and a channel are shown', async ({ page }) => {
    await page.getByLabel('Collection', { exact: true }).fill('nowhere');
    await button(page, 'Subscribe').click();
    await page.getByText('Refused', { exact: true }).waitFor();
    await page.getByText('The collection does not exist').waitFor();
    await button(page, 'Unsubscribe from nowhere').click();
    await page.getByLabel('Channel', { exact: true }).fill('stories');
    await button(page, 'Join').click();
    await page.getByRole('region', { name: 'Channel stories' }).getByText('1 there').waitFor();
    await button(page, 'Broadcast').click();
    await page.getByLabel('Which lines to show').selectOption({ label: 'Channels' });
    await page.getByRole('button', { name: /broadcast/ }).first().waitFor();
    await says(page, 'kind', 'channel');
  }],

  ['server-sent events tell the same', async ({ page, base, audit }) => {
    await page.getByText('Server-sent events').click();
    await page.getByLabel('Which lines to show').selectOption({ label: 'Changes of records' });
    await button(page, 'Clear').click();
    await button(page, 'Connect').click();
    await page.getByText('Active', { exact: true }).waitFor();
    const token = await superadmin(base);
    await call(base, 'POST', '/records/stories', { token, body: { title: 'By stream' } });
    await page.getByRole('button', { name: /stories\.create/ }).waitFor();
    assert.equal(path(page), '/_/realtime');
    await audit();
    await button(page, 'Disconnect').click();
  }],
];

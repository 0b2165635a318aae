// The record grid with 5,000 records: pages and scrolling, columns, edits in place, selection, live changes, views.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { ADMIN, button, closed, escape, focused, heading, holds, pressUntil, row, signIn, toast, until } from './actions.mjs';

const MANY = 5_000;
const cell = (page, text) => page.getByRole('gridcell', { name: text, exact: true });
const box = (page) => page.getByRole('grid').locator('..');
const headers = (page) => page.getByRole('columnheader').allInnerTexts().then((texts) => texts.map((text) => text.trim()));

/** Calls the API beside the page, as somebody else would. */
async function call(page, base, method, path, body) {
  const token = await page.evaluate(() => JSON.parse(localStorage.getItem('snackbase-session')).token);
  const reply = await fetch(`${base}/api/v1/${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  assert.ok(reply.ok, `${method} ${path}: ${reply.status} ${reply.ok ? '' : await reply.text()}`);
  return reply.status === 204 ? null : reply.json();
}

/** The id of the book of a title. */
async function idOf(page, base, title) {
  const filter = encodeURIComponent(`title = "${title}"`);
  return (await call(page, base, 'GET', `records/books?filter=${filter}`)).items[0].id;
}

async function open(page, base, search = '') {
  await page.goto(`${base}/_/collections/books/records${search}`);
  await page.locator('[data-live="live"]').waitFor();
  await page.locator('tbody tr[data-row-id]').first().waitFor();
}

const loadingSteps = [
  ['a large collection is shown by pages, from the first to the last', async ({ page, base, audit }) => {
    await signIn(page, base, ADMIN);
    await heading(page, 'Overview');
    const options = { searchable: true };
    await call(page, base, 'POST', 'collections', { name: 'writers', schema: [{ name: 'name', type: 'text', required: true }] });
    await call(page, base, 'POST', 'collections', {
      name: 'books',
      schema: [
        { name: 'title', type: 'text', required: true, options },
        { name: 'pages', type: 'number' },
        { name: 'lent', type: 'boolean' },
        { name: 'writer', type: 'reference', collection: 'writers', on_delete: 'set_null' },
        { name: 'label', type: 'computed', expression: 'upper(title)', return_type: 'text' },
      ],
    });
    const { created } = await call(page, base, 'POST', 'records/writers/batch', { records: [{ name: 'Ursula' }, { name: 'Octavia' }] });
    const records = Array.from({ length: MANY }, (_, index) => ({
      title: `Book ${String(index).padStart(4, '0')}`, pages: index % 400, lent: false, writer: created[index % 2].id,
    }));
    await call(page, base, 'POST', 'records/books/import', { records });
    await open(page, base, '?sort=title');
    await page.getByText('1–25 of 5,000').waitFor();
    await button(page, 'Last page').click();
    await cell(page, 'Book 4999').waitFor();
    await page.waitForURL(/page=200/);
    await button(page, 'First page').click();
    await cell(page, 'Book 0000').waitFor();
    await audit();
  }],
  ['scrolling loads the rest, keeps few rows in memory, and finds the way back', async ({ page, audit }) => {
    await page.getByText('Scroll', { exact: true }).click();
    await page.waitForURL(/mode=scroll/);
    await page.getByText('100 records loaded').waitFor();
    await button(page, 'Count all').click();
    await page.getByText('of 5,000').waitFor();
    await page.waitForFunction(
      () => {
        const scroller = document.querySelector('[role=grid]').parentElement;
        scroller.scrollTop = scroller.scrollHeight;
        return document.body.textContent.includes('Records 1,001–2,000 loaded');
      },
      undefined,
      { timeout: 60_000, polling: 100 },
    );
    await until(async () => assert.ok((await page.locator('tbody tr').count()) < 80, 'only the rows in view are drawn'));
    await page.waitForFunction(
      () => {
        document.querySelector('[role=grid]').parentElement.scrollTop = 0;
        return document.querySelector('tbody tr[data-row-id]')?.textContent.includes('Book 0000');
      },
      undefined,
      { timeout: 60_000, polling: 100 },
    );
    await audit();
  }],
  ['the way of loading is remembered for the collection', async ({ page, base }) => {
    await open(page, base);
    await page.waitForURL(/mode=scroll/);
    await page.getByRole('radio', { name: 'Scroll', checked: true }).waitFor();
    await page.getByText('Pages', { exact: true }).click();
    await page.waitForURL(/mode=pages/);
  }],
];

const columnSteps = [
  ['columns are hidden, moved by keys and widened, and stay so', async ({ page, base, audit }) => {
    await open(page, base, '?sort=title');
    await button(page, 'Columns').click();
    await page.getByRole('checkbox', { name: 'Show label' }).uncheck();
    await page.getByRole('checkbox', { name: 'Show Updated', exact: true }).check();
    await audit();
    await button(page, 'Move pages').focus();
    await page.keyboard.press('Space');
    await page.getByText('Column pages is at the place of pages.').waitFor();
    await pressUntil(page, 'ArrowUp', page.getByText('Column pages is at the place of title.'));
    await page.keyboard.press('Space');
    await page.waitForFunction(() => document.querySelectorAll('th')[2].textContent.startsWith('pages'));
    await escape(page, button(page, 'Reset columns'), button(page, 'Columns'));
    await button(page, 'pages').focus();
    const width = () => page.getByRole('columnheader', { name: 'pages' }).evaluate((head) => head.offsetWidth);
    const before = await width();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Alt+ArrowRight');
    await page.waitForFunction(() => document.querySelectorAll('th')[3].textContent.startsWith('pages'));
    await until(async () => assert.ok((await width()) > before));
    await open(page, base, '?sort=title');
    const kept = ['ID', 'title', 'pages', 'lent', 'writer', 'Account', 'Created', 'Updated'];
    await until(async () => assert.deepEqual((await headers(page)).slice(1, -1), kept));
    await button(page, 'Columns').click();
    await button(page, 'Reset columns').click();
    await page.getByRole('columnheader', { name: 'label' }).waitFor();
    await escape(page, button(page, 'Reset columns'), button(page, 'Columns'));
  }],
  ['a column is dragged to another place', async ({ page }) => {
    const grip = await button(page, 'lent').boundingBox();
    const target = await button(page, 'title').boundingBox();
    await page.mouse.move(grip.x + 30, grip.y + 10);
    await page.mouse.down();
    await page.mouse.move(grip.x, grip.y + 10, { steps: 4 });
    await page.mouse.move(target.x + 20, target.y + 10, { steps: 12 });
    await page.mouse.up();
    await page.waitForFunction(() => document.querySelectorAll('th')[2].textContent.startsWith('lent'));
    assert.match(page.url(), /sort=title/);
    // The click that ends a drag is swallowed, and for a moment any other one with it.
    const reset = button(page, 'Reset columns');
    const shown = () => reset.waitFor({ timeout: 500 }).then(() => true, () => false);
    do await button(page, 'Columns').click();
    while (!(await shown()));
    await reset.click();
    await page.waitForFunction(() => document.querySelectorAll('th')[2].textContent.startsWith('title'));
    await escape(page, reset, button(page, 'Columns'));
  }],
  ['several columns order the rows, by Shift and by the menu', async ({ page }) => {
    await button(page, 'pages').click();
    await page.waitForURL(/sort=pages/);
    await button(page, 'title').click({ modifiers: ['Shift'] });
    await button(page, 'title').click({ modifiers: ['Shift'] });
    await page.waitForURL(/sort=pages(%2C|,)-title/);
    await page.waitForFunction(() => document.querySelector('tbody tr')?.textContent.includes('Book 4800'));
    await page.getByRole('columnheader', { name: 'title' }).hover();
    await button(page, 'Column menu of title').click();
    await page.getByRole('menuitem', { name: 'Do not sort by this' }).click();
    await page.waitForURL(/sort=pages(&|$)/);
  }],
];

const editSteps = [
  ['a value is changed in its cell, and undone', async ({ page, base, audit }) => {
    await open(page, base, '?sort=title');
    await cell(page, 'Book 0001').dblclick();
    const editor = page.getByLabel('New value of title');
    await editor.fill('');
    await page.keyboard.press('Enter');
    await page.getByText('Fill this in.').waitFor();
    await audit();
    await editor.fill('Book one');
    await page.keyboard.press('Enter');
    await toast(page, 'title is changed.');
    await cell(page, 'BOOK ONE').waitFor();
    await button(page, 'Undo').click();
    await toast(page, 'The change is undone.');
    await cell(page, 'BOOK 0001').waitFor();
    assert.equal((await call(page, base, 'GET', `records/books/${await idOf(page, base, 'Book 0001')}`)).title, 'Book 0001');
  }],
  ['the keyboard walks through cells, changes them and opens records', async ({ page, base }) => {
    await open(page, base, '?sort=title');
    await cell(page, 'Book 0002').click();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('F2');
    await page.getByLabel('New value of pages').fill('77');
    await page.keyboard.press('Enter');
    await row(page, 'Book 0002').getByText('77', { exact: true }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await row(page, 'Book 0003').getByText('Yes').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Search in writers' }).fill('Urs');
    await page.getByRole('option', { name: 'Octavia' }).waitFor({ state: 'detached' });
    await page.getByRole('option', { name: 'Ursula' }).waitFor();
    await page.keyboard.press('Enter');
    await row(page, 'Book 0003').getByRole('link', { name: 'Ursula' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-cell') === '3:5');
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await page.getByText('1 selected').waitFor();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: /^Record / }).waitFor();
    await page.keyboard.press('Escape');
    await closed(page);
  }],
  ['what somebody else wrote meanwhile is not overwritten unasked', async ({ page, base }) => {
    const id = await idOf(page, base, 'Book 0005');
    await open(page, base, '?sort=title');
    await cell(page, 'Book 0005').dblclick();
    await page.getByLabel('New value of title').fill('Mine');
    await call(page, base, 'PATCH', `records/books/${id}`, { title: 'Book 0005 of theirs' });
    await page.locator('tr[data-changed]').waitFor();
    await holds(page.getByLabel('New value of title'), 'Mine');
    await page.keyboard.press('Enter');
    await toast(page, 'Somebody else changed title meanwhile.');
    await cell(page, 'Book 0005 of theirs').waitFor();
    await button(page, 'Overwrite').click();
    await cell(page, 'Mine').waitFor();
    await toast(page, 'title is changed.');
    await call(page, base, 'PATCH', `records/books/${id}`, { title: 'Book 0005' });
    await cell(page, 'Book 0005').waitFor();
  }],
];

const selectionSteps = [
  ['a range is selected, and one field of it is set', async ({ page, base, audit }) => {
    await open(page, base, '?sort=title');
    const boxes = page.getByRole('checkbox', { name: /^Select record/ });
    await boxes.nth(9).check();
    await boxes.nth(12).click({ modifiers: ['Shift'] });
    await page.getByText('4 selected').waitFor();
    await audit();
    await button(page, 'Edit a field').click();
    const dialog = page.getByRole('dialog', { name: 'Edit a field of 4 records' });
    await dialog.getByLabel('Field').selectOption('pages');
    await dialog.getByLabel('New value').fill('many');
    await dialog.getByRole('button', { name: 'Change 4 records' }).click();
    await dialog.getByText('Enter a number, such as 12.5.').waitFor();
    await audit();
    await dialog.getByLabel('New value').fill('9999');
    await dialog.getByRole('button', { name: 'Change 4 records' }).click();
    await toast(page, '4 records are changed.');
    for (const title of ['0009', '0012']) await row(page, `Book ${title}`).getByText('9,999').waitFor();
  }],
  ['selected records are saved, and deleted together', async ({ page, base }) => {
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save as JSON').click()]);
    const saved = JSON.parse(await readFile(await download.path(), 'utf8'));
    assert.deepEqual(saved.map(({ title }) => title), ['Book 0009', 'Book 0010', 'Book 0011', 'Book 0012']);
    assert.equal(typeof saved[0].writer, 'string');
    await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click();
    await button(page, 'Delete 4 records').click();
    await toast(page, '4 records are deleted.');
    await closed(page);
    await page.getByText('1–25 of 4,996').waitFor();
    const { total } = await call(page, base, 'GET', 'records/books?limit=1');
    assert.equal(total, MANY - 4);
  }],
  ['a row is deleted and taken back', async ({ page, base }) => {
    await row(page, 'Book 0004').getByRole('button', { name: /^More actions/ }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await row(page, 'Book 0004').waitFor({ state: 'detached' });
    await page.locator('[data-sonner-toast]').filter({ hasText: 'will be deleted' }).getByRole('button', { name: 'Undo' }).click();
    await row(page, 'Book 0004').waitFor();
    await idOf(page, base, 'Book 0004');
  }],
  ['a row is duplicated by an address of its own', async ({ page, base }) => {
    const id = await idOf(page, base, 'Book 0004');
    await row(page, 'Book 0004').getByRole('button', { name: /^More actions/ }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await page.getByRole('dialog', { name: 'New record in books' }).waitFor();
    await page.waitForURL(({ searchParams }) => searchParams.get('record') === 'new' && searchParams.get('from') === id);
    await page.keyboard.press('Escape');
    await closed(page);
    await page.waitForURL((url) => !url.searchParams.has('from'));
  }],
];

const liveSteps = [
  ['changes of others show in place, new records wait until they are asked for', async ({ page, base, audit }) => {
    await open(page, base, '?sort=title');
    await box(page).evaluate((scroller) => (scroller.scrollTop = 200));
    await page.getByRole('checkbox', { name: /^Select record/ }).nth(7).check();
    await call(page, base, 'PATCH', `records/books/${await idOf(page, base, 'Book 0006')}`, { pages: 123456 });
    await page.locator('tr[data-changed]').filter({ hasText: '123,456' }).waitFor();
    await call(page, base, 'POST', 'records/books/batch', { records: [{ title: 'A new one' }, { title: 'A newer one' }] });
    await call(page, base, 'DELETE', `records/books/${await idOf(page, base, 'Book 0007')}`);
    const pill = page.getByRole('button', { name: '2 new records · 1 deleted' });
    await pill.waitFor();
    assert.equal(await cell(page, 'A new one').count(), 0);
    assert.equal(await box(page).evaluate((scroller) => scroller.scrollTop), 200);
    await page.getByText('1 selected').waitFor();
    await audit();
    await pill.click();
    await cell(page, 'A newer one').waitFor();
    await cell(page, 'Book 0007').waitFor({ state: 'detached' });
    await page.locator('tr[data-changed]').waitFor({ state: 'detached', timeout: 15_000 });
  }],
  ['only new records that the filter lets through are counted', async ({ page, base }) => {
    await open(page, base, `?filter=${encodeURIComponent('pages > 900000')}`).catch(() => undefined);
    await page.getByText('No record matches').waitFor();
    await call(page, base, 'POST', 'records/books/batch', { records: [{ title: 'Thin', pages: 2 }, { title: 'Thick', pages: 950000 }] });
    await page.getByRole('button', { name: '1 new record' }).click();
    await cell(page, 'Thick').waitFor();
  }],
  ['live changes are switched off', async ({ page, base }) => {
    await page.getByRole('button', { name: 'Live' }).click();
    await page.locator('[data-live="off"]').waitFor();
    await page.reload();
    await page.locator('[data-live="off"]').waitFor();
    await page.getByRole('button', { name: 'Live' }).click();
    await page.locator('[data-live="live"]').waitFor();
  }],
];

const viewSteps = [
  ['numbers are summed up under the filter', async ({ page, base, audit }) => {
    await open(page, base, `?filter=${encodeURIComponent('title = "Book 0020" || title = "Book 0030"')}`);
    await button(page, 'Summary').click();
    const summary = page.getByRole('region', { name: 'Summary of the records' });
    await summary.getByText('50', { exact: true }).waitFor();
    await summary.getByText('25', { exact: true }).waitFor();
    await audit();
    await button(page, 'Summary').click();
    await summary.waitFor({ state: 'detached' });
  }],
  ['a view is saved under a name and comes back', async ({ page, base, audit }) => {
    await open(page, base, `?filter=${encodeURIComponent('pages > 390')}&sort=-pages`);
    await button(page, 'Views').click();
    await page.getByRole('menuitem', { name: 'Save this view…' }).click();
    await page.getByLabel('Name of the view').fill('Thick ones');
    await audit();
    await button(page, 'Save view').click();
    await closed(page);
    await button(page, 'Thick ones').click();
    await page.getByRole('menuitem', { name: 'Default view' }).click();
    await page.waitForURL((url) => !url.searchParams.has('filter'));
    await button(page, 'Views').click();
    await page.getByRole('menuitem', { name: 'Thick ones', exact: true }).click();
    await page.waitForURL(/sort=-pages/);
    await button(page, 'Thick ones').waitFor();
    await button(page, 'Thick ones').click();
    await page.getByRole('menuitem', { name: 'Delete view Thick ones' }).click();
    await page.getByText('No saved views yet.').waitFor();
    await page.keyboard.press('Escape');
  }],
  ['keys lead to the search, to a new record and refresh', async ({ page, base }) => {
    await open(page, base, '?sort=title');
    await page.keyboard.press('/');
    await focused(page.getByRole('searchbox', { name: 'Search records' }));
    await page.getByRole('searchbox', { name: 'Search records' }).blur();
    await Promise.all([page.waitForResponse(/\/api\/v1\/records\/books\?/), page.keyboard.press('r')]);
    await page.keyboard.press('n');
    await page.getByRole('dialog', { name: 'New record in books' }).waitFor();
    await page.keyboard.press('Escape');
    await closed(page);
  }],
];

export const gridSteps = [...loadingSteps, ...columnSteps, ...editSteps, ...selectionSteps, ...liveSteps, ...viewSteps];

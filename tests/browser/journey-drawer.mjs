// The drawer of a record: its history, changes by others, JSON, references to many records, copies; import with faults;
// and the page of all files. In collections of their own.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { ADMIN, button, closed, counted, eventually, focused, heading, holds, row, signIn, toast } from './actions.mjs';

/** Calls the API as the person who is signed in, beside the page. */
async function call(page, method, path, body) {
  return page.evaluate(async ([verb, address, content]) => {
    const { token } = JSON.parse(localStorage.getItem('snackbase-session'));
    const reply = await fetch(`/api/v1${address}`, {
      method: verb,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: content === undefined ? undefined : JSON.stringify(content),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? null : JSON.parse(text) };
  }, [method, path, body]);
}

const drawer = (page) => page.getByRole('dialog', { name: /^Record / });
const box = (page, name) => drawer(page).getByRole('textbox', { name, exact: true });
/** The editor of the field `extras`. */
const editor = (page) => page.getByRole('dialog').getByRole('textbox', { name: 'extras', exact: true });

async function openRow(page, text) {
  await row(page, text).getByRole('button', { name: /^Open record/ }).click();
  await drawer(page).waitFor();
}

/** Writes over the text of an editor of code. */
async function rewrite(page, place, text) {
  await place.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

async function quiet(page) {
  await page.mouse.move(0, 0);
  await page.waitForFunction(() => document.querySelector('[data-sonner-toast]') === null);
}

export const drawerSteps = [
  ['collections with many records are made', async ({ page, base }) => {
    await signIn(page, base, ADMIN);
    await heading(page, 'Overview');
    const made = await call(page, 'POST', '/collections', { name: 'mills', schema: [{ name: 'name', type: 'text', required: true }] });
    assert.equal(made.status, 201);
    for (const from of [0, 75]) {
      const records = Array.from({ length: 75 }, (_, index) => ({ name: `Mill ${String(from + index).padStart(3, '0')}` }));
      assert.equal((await call(page, 'POST', '/records/mills/batch', { records })).status, 201);
    }
    const flours = await call(page, 'POST', '/collections', {
      name: 'flours',
      schema: [
        { name: 'title', type: 'text', required: true },
        { name: 'code', type: 'text', unique: true },
        { name: 'price', type: 'number' },
        { name: 'extras', type: 'json' },
        { name: 'mill', type: 'reference', collection: 'mills', on_delete: 'set_null' },
        { name: 'sheet', type: 'file' },
      ],
    });
    assert.equal(flours.status, 201);
    for (const [title, code] of [['Rye', 'R1'], ['Spelt', 'S1'], ['Wheat', 'W1']]) {
      assert.equal((await call(page, 'POST', '/records/flours', { title, code, price: 2, extras: { grain: title } })).status, 201);
    }
    await page.goto(`${base}/_/collections/flours/records`);
    await row(page, 'Wheat').waitFor();
  }],
  ['one goes from record to record, and the view stands in the address', async ({ page, audit }) => {
    await openRow(page, 'Spelt');
    await holds(box(page, 'title'), 'Spelt');
    await drawer(page).getByRole('link', { name: 'Next record of the list' }).click();
    await page.waitForFunction(() => document.querySelector('[role=dialog] textarea[name=title]')?.value === 'Rye');
    const next = drawer(page).getByRole('button', { name: 'Next record of the list' });
    await eventually(async () => assert.ok(await next.isDisabled()));
    await audit();
    await drawer(page).getByRole('tab', { name: 'JSON' }).click();
    await page.waitForURL(/tab=json/);
    await page.getByRole('textbox', { name: 'The record as JSON' }).getByText('"Rye"').first().waitFor();
    await audit();
    await page.reload();
    await page.getByRole('textbox', { name: 'The record as JSON' }).getByText('"Rye"').first().waitFor();
    await page.keyboard.press('Escape');
    await closed(page);
    await eventually(() => assert.equal(new URL(page.url()).search, ''));
  }],
  ['a reference finds records beyond the first hundred', async ({ page, audit }) => {
    await openRow(page, 'Rye');
    await drawer(page).getByLabel('mill', { exact: true }).click();
    const list = page.getByRole('listbox', { name: 'mills' });
    await list.getByRole('option', { name: /Mill 000/ }).waitFor();
    await page.getByText('30 of 150').waitFor();
    await page.keyboard.press('End');
    for (let step = 0; step < 30; step += 1) await page.keyboard.press('ArrowDown');
    await page.getByText('60 of 150').waitFor();
    await audit();
    await page.getByRole('combobox', { name: 'Search in mills' }).fill('Mill 14');
    await page.getByText('10 of 10').waitFor();
    await list.getByRole('option', { name: /Mill 142/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await list.waitFor({ state: 'hidden' });
    await button(page, 'Save changes').click();
    await closed(page);
    await row(page, 'Rye').getByRole('link', { name: 'Mill 142' }).waitFor();
  }],
  ['JSON is laid out, and its fault is told with its place', async ({ page, audit }) => {
    await openRow(page, 'Rye');
    await rewrite(page, editor(page), '{"grain": "rye",\n "kinds": [1, 2,]}');
    await drawer(page).getByText('Line 2, column 17: a value is expected here.').waitFor();
    const format = drawer(page).getByRole('button', { name: 'Format' });
    await eventually(async () => assert.ok(await format.isDisabled()));
    await button(page, 'Save changes').click();
    await drawer(page).getByRole('alert').filter({ hasText: 'Line 2, column 17' }).waitFor();
    await audit();
    await rewrite(page, editor(page), '{"grain":"rye"}');
    await format.click();
    await page.waitForFunction(() => document.querySelectorAll('[role=dialog] .cm-line').length === 3);
    // Tab goes on to the next control instead of staying in the editor.
    await editor(page).focus();
    await page.keyboard.press('Tab');
    await focused(format);
    await editor(page).focus();
    await page.keyboard.press('Control+Enter');
    await toast(page, 'The record is saved.');
    await closed(page);
  }],
  ['what others saved meanwhile is not overwritten', async ({ page, audit, expectRefusal }) => {
    await openRow(page, 'Spelt');
    const id = new URL(page.url()).searchParams.get('record');
    await box(page, 'title').fill('Spelt, coarse');
    await box(page, 'price').fill('9');
    assert.equal((await call(page, 'PATCH', `/records/flours/${id}`, { title: 'Spelt, fine', code: 'S2' })).status, 200);
    expectRefusal();
    await button(page, 'Save changes').click();
    const notice = page.getByRole('region', { name: 'This record was changed meanwhile' });
    await notice.getByText('Spelt, fine').waitFor();
    await notice.getByText('code', { exact: true }).waitFor();
    await quiet(page);
    await audit();
    await notice.getByRole('radio', { name: /^Theirs/ }).check();
    await notice.getByRole('button', { name: 'Go on with these values' }).click();
    await notice.waitFor({ state: 'hidden' });
    await holds(box(page, 'title'), 'Spelt, fine');
    await holds(box(page, 'code'), 'S2');
    await holds(box(page, 'price'), '9');
    await button(page, 'Save changes').click();
    await closed(page);
    const { body } = await call(page, 'GET', `/records/flours/${id}`);
    assert.deepEqual([body.title, body.code, body.price], ['Spelt, fine', 'S2', 9]);
  }],
  ['the history tells what was changed, and gives an earlier value back', async ({ page, audit }) => {
    await openRow(page, 'Spelt, fine');
    await drawer(page).getByRole('tab', { name: 'History' }).click();
    await page.waitForURL(/tab=history/);
    const changes = drawer(page).getByRole('tabpanel').locator('ol > li');
    await counted(changes, 3);
    await changes.nth(0).getByText('price', { exact: true }).waitFor();
    await changes.nth(1).getByText('Spelt, fine').waitFor();
    await changes.nth(2).getByText('Create', { exact: true }).waitFor();
    await changes.nth(0).getByText(ADMIN.email).waitFor();
    await quiet(page);
    await audit();
    await changes.nth(1).getByRole('button', { name: 'Put this value of title into the form' }).click();
    await page.waitForFunction(() => document.querySelector('[role=dialog] textarea[name=title]')?.value === 'Spelt');
    await button(page, 'Save changes').click();
    await closed(page);
    await row(page, 'Spelt').waitFor();
  }],
  ['changes are not lost without being asked', async ({ page }) => {
    await openRow(page, 'Wheat');
    await box(page, 'title').fill('Wheat, white');
    let asked = 0;
    page.once('dialog', (dialog) => {
      asked += 1;
      return dialog.dismiss();
    });
    await page.keyboard.press('Escape');
    await eventually(() => assert.equal(asked, 1));
    await holds(box(page, 'title'), 'Wheat, white');
    page.once('dialog', (dialog) => {
      asked += 1;
      return dialog.accept();
    });
    await drawer(page).getByRole('link', { name: 'Next record of the list' }).click();
    await page.waitForFunction(() => document.querySelector('[role=dialog] textarea[name=title]')?.value === 'Spelt');
    assert.equal(asked, 2);
    await page.keyboard.press('Escape');
    await closed(page);
  }],
  ['a record is copied without what must be unique', async ({ page, audit }) => {
    await openRow(page, 'Rye');
    await drawer(page).getByRole('button', { name: 'More actions for this record' }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    const copy = page.getByRole('dialog', { name: 'New record in flours' });
    await copy.getByText('A copy of the record.').waitFor();
    await holds(copy.getByRole('textbox', { name: 'title', exact: true }), 'Rye');
    await holds(copy.getByRole('textbox', { name: 'code', exact: true }), '');
    await copy.getByLabel('mill', { exact: true }).getByText('Mill 142').waitFor();
    await audit();
    await copy.getByRole('textbox', { name: 'title', exact: true }).fill('Rye, again');
    await button(page, 'Create record').click();
    await closed(page);
    await row(page, 'Rye, again').getByRole('link', { name: 'Mill 142' }).waitFor();
  }],
  ['rows with faults are told, given back and left out of an import', async ({ page, audit }) => {
    await button(page, 'Import').click();
    const dialog = page.getByRole('dialog', { name: 'Import into flours' });
    const text = 'title,price,Code\nOats,3,O1\n"Barley, ""naked""",cheap,B1\nMaize,4,M1\n';
    await dialog.locator('input[type=file]').setInputFiles({ name: 'flours.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await dialog.getByText('The values look like Text, but price is of the type Number.').waitFor();
    await holds(dialog.getByLabel('Field for Code'), 'code');
    await audit();
    await button(page, 'Check the file').click();
    await dialog.getByText('2 records can be imported. 1 has faults and is left out.').waitFor();
    await dialog.getByText('Record 2', { exact: true }).waitFor();
    await audit();
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Download the rows with faults').click()]);
    assert.equal(download.suggestedFilename(), 'flours-failed.csv');
    const saved = await readFile(await download.path(), 'utf8');
    assert.match(saved, /^"title","price","Code",import_error\r\n"Barley, ""naked""",cheap,B1,"price: [^"]+"\r\n$/);
    await button(page, 'Import 2 records').click();
    await toast(page, '2 records are imported.');
    await row(page, 'Maize').waitFor();
  }],
  ['records are exported as lines', async ({ page }) => {
    await button(page, 'Export').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'JSON Lines' }).click()]);
    assert.match(download.suggestedFilename(), /^flours_export_.*\.ndjson$/);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    assert.equal(lines.length, 6);
    assert.ok(lines.some((line) => JSON.parse(line).title === 'Maize'));
    await toast(page, 'The export is saved.');
  }],
  ['files are uploaded, looked at and shared on their page', async ({ page, base, audit, expectRefusal }) => {
    await page.goto(`${base}/_/files`);
    await heading(page, 'Files');
    const chooser = page.locator('input[type=file]');
    expectRefusal();
    await chooser.setInputFiles([
      { name: 'bran.txt', mimeType: 'text/plain', buffer: Buffer.from('Bran and germ.\n') },
      { name: 'bran.html', mimeType: 'text/html', buffer: Buffer.from('<p>') },
    ]);
    const uploads = page.getByRole('list', { name: 'Uploads' });
    await uploads.getByText("File type 'text/html' is not allowed.").waitFor();
    await uploads.getByText('Uploaded', { exact: true }).waitFor();
    await row(page, 'bran.txt').getByText('Not in use').waitFor();
    await audit();
    await button(page, 'Clear the list').click();
    await uploads.waitFor({ state: 'hidden' });
    await row(page, 'bran.txt').getByRole('button', { name: 'bran.txt' }).click();
    const shown = page.getByRole('dialog', { name: 'bran.txt' });
    await shown.getByText('Bran and germ.').waitFor();
    await shown.getByRole('button', { name: 'Make a link' }).click();
    const given = shown.getByRole('textbox', { name: 'The link' });
    await eventually(async () => assert.match(await given.inputValue(), /\?expires=\d+&signature=/));
    const link = await given.inputValue();
    // Where it leads is a setting of the server; here the server is found under its own address.
    const reply = await fetch(`${base}${new URL(link).pathname}${new URL(link).search}`);
    assert.equal(await reply.text(), 'Bran and germ.\n');
    await audit();
    await page.keyboard.press('Escape');
    await closed(page);
  }],
  ['files are found by name and use', async ({ page }) => {
    await page.getByLabel('Search by name').fill('bran');
    await page.waitForURL(/q=bran/);
    await page.getByText('1 file,').waitFor();
    await page.getByLabel('Use', { exact: true }).selectOption({ label: 'In use' });
    await page.getByText('Nothing matches').waitFor();
    await button(page, 'Clear filters').click();
    await row(page, 'bran.txt').waitFor();
  }],
  ['a file in use is only deleted by who was told what is lost', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/flours/records`);
    await openRow(page, 'Maize');
    await drawer(page).locator('input[type=file]').setInputFiles({ name: 'maize.txt', mimeType: 'text/plain', buffer: Buffer.from('Maize.\n') });
    await drawer(page).getByRole('button', { name: 'Show maize.txt' }).waitFor();
    await button(page, 'Save changes').click();
    await closed(page);
    await page.goto(`${base}/_/files?state=held&q=maize`);
    await row(page, 'maize.txt').getByText('In use').waitFor();
    await row(page, 'maize.txt').getByRole('button', { name: 'maize.txt' }).click();
    await button(page, 'Delete').click();
    const asked = page.getByRole('dialog', { name: 'Delete a file that is in use?' });
    await asked.getByText(/nobody can open or download it any more/).waitFor();
    assert.ok(await button(page, 'Delete file').isDisabled());
    await audit();
    await asked.getByRole('textbox').fill('maize.txt');
    await button(page, 'Delete file').click();
    await closed(page);
    await page.getByText('Nothing matches').waitFor();
    await button(page, 'Clear filters').click();
  }],
  ['a file that no record refers to is deleted', async ({ page, audit }) => {
    await row(page, 'bran.txt').getByRole('button', { name: 'bran.txt' }).click();
    await button(page, 'Delete').click();
    await audit();
    await button(page, 'Delete file').click();
    await closed(page);
    await row(page, 'bran.txt').waitFor({ state: 'detached' });
  }],
];

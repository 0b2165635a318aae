// Files in records: uploaded, shown, downloaded, refused, removed; in a collection of their own.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';
import { ADMIN, button, closed, eventually, focused, heading, row, signIn, toast } from './actions.mjs';

const NOTES = 'Flour, water, salt.\n<b>Not bold</b>\n';
const MAX_SIZE = 10 * 1024 * 1024;

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  const sum = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A picture with a run of colours from corner to corner. */
function png(width, height) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const lines = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      lines.set([(x * 255) / width, (y * 255) / height, 140], y * (width * 3 + 1) + 1 + x * 3);
    }
  }
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))]);
}

const picture = (name) => ({ name, mimeType: 'image/png', buffer: png(640, 400) });
const notes = (name, text = NOTES) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

/** The field of the open form with the control and what belongs to it. */
const field = (page, name) => {
  const input = page.getByRole('dialog').locator('input[type=file]').and(page.getByLabel(new RegExp(`^${name}`)));
  return { input, box: input.locator('..'), all: input.locator('../..') };
};

/** Waits until a picture is drawn. */
async function drawn(image) {
  await image.waitFor();
  await eventually(async () => {
    assert.ok(await image.evaluate((element) => element.decode().then(() => element.naturalWidth > 0)));
  });
}

/** Waits until no message is about to fade, which nobody could read. One under the pointer stays. */
async function quiet(page) {
  await page.mouse.move(0, 0);
  await page.waitForFunction(() => document.querySelector('[data-sonner-toast]') === null);
}

async function wearOut(page) {
  await page.evaluate(() => {
    const session = JSON.parse(localStorage.getItem('snackbase-session'));
    localStorage.setItem('snackbase-session', JSON.stringify({ ...session, token: 'worn-out' }));
    window.dispatchEvent(new StorageEvent('storage', { key: 'snackbase-session' }));
  });
}

export const fileSteps = [
  ['a collection is made with fields for files', async ({ page, base, audit }) => {
    await signIn(page, base, ADMIN);
    await heading(page, 'Overview');
    await page.goto(`${base}/_/collections/new`);
    await page.getByLabel('Collection name').fill('papers');
    const names = page.getByRole('textbox', { name: 'Field name' });
    await names.fill('title');
    await button(page, 'File').click();
    await names.nth(1).fill('photo');
    await button(page, 'File').click();
    await names.nth(2).fill('note');
    await button(page, 'Options of note').click();
    await quiet(page);
    await audit();
    await button(page, 'Create collection').click();
    await heading(page, 'papers');
  }],
  ['files are uploaded as they are chosen, and shown', async ({ page, audit }) => {
    await button(page, 'New record').click();
    const drawer = page.getByRole('dialog', { name: 'New record in papers' });
    await drawer.getByRole('textbox', { name: 'title' }).fill('Recipe');
    const photo = field(page, 'photo');
    await quiet(page);
    await audit();
    await photo.input.setInputFiles(picture('tree.png'));
    await photo.box.getByText('tree.png', { exact: true }).waitFor();
    await photo.box.getByText(/kB · image\/png$/).waitFor();
    await drawn(photo.box.locator('img'));
    await photo.box.getByRole('status').getByText('tree.png is uploaded.', { exact: true }).waitFor({ state: 'attached' });
    const note = field(page, 'note');
    await note.input.setInputFiles(notes('größe.txt'));
    await note.box.getByText('größe.txt', { exact: true }).waitFor();
    await quiet(page);
    await audit();
    await button(page, 'Create record').click();
    await closed(page);
    await row(page, 'größe.txt').waitFor();
    await drawn(row(page, 'tree.png').locator('img'));
    await quiet(page);
    await audit();
  }],
  ['a picture and a text are previewed without opening the record', async ({ page, audit }) => {
    await button(page, 'Show tree.png').click();
    const shown = page.getByRole('dialog', { name: 'tree.png' });
    await drawn(shown.getByRole('img', { name: 'tree.png' }));
    await shown.getByRole('img').click();
    await quiet(page);
    await audit();
    await page.keyboard.press('Escape');
    await closed(page);
    await eventually(() => assert.equal(new URL(page.url()).search, ''));
    await button(page, 'Show größe.txt').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Text of größe.txt' }).getByText('<b>Not bold</b>').waitFor();
    await quiet(page);
    await audit();
  }],
  ['a file is downloaded under its own name', async ({ page }) => {
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Download').click()]);
    assert.equal(download.suggestedFilename(), 'größe.txt');
    assert.equal(await readFile(await download.path(), 'utf8'), NOTES);
    await page.keyboard.press('Escape');
    await closed(page);
    await focused(button(page, 'Show größe.txt'));
  }],
  ['a wrong type, a lying type and too many bytes are refused at the field', async ({ page, audit, expectRefusal }) => {
    await row(page, 'Recipe').getByRole('button', { name: /^Open record/ }).click();
    const note = field(page, 'note');
    expectRefusal(3);
    await note.input.setInputFiles({ name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<script>') });
    await note.all.getByRole('alert').filter({ hasText: "File type 'text/html' is not allowed." }).waitFor();
    await note.box.getByText('größe.txt', { exact: true }).waitFor();
    await quiet(page);
    await audit();
    await note.input.setInputFiles({ name: 'fake.png', mimeType: 'image/png', buffer: Buffer.from('<script>') });
    await note.all.getByRole('alert').filter({ hasText: "File content does not match type 'image/png'" }).waitFor();
    await note.input.setInputFiles({ name: 'long.txt', mimeType: 'text/plain', buffer: Buffer.alloc(MAX_SIZE + 1, 'a') });
    await note.all.getByRole('alert').filter({ hasText: 'exceeds maximum allowed size (10.00MB)' }).waitFor();
    await eventually(async () => assert.ok(await button(page, 'Save changes').isDisabled()));
  }],
  ['an upload is cancelled, and what there was stays', async ({ page, audit }) => {
    await page.route('**/api/v1/files/upload', () => undefined);
    const note = field(page, 'note');
    await note.input.setInputFiles(notes('slow.txt'));
    await note.box.getByRole('progressbar', { name: 'Upload of slow.txt' }).waitFor();
    await quiet(page);
    await audit();
    await button(page, 'Save changes').click();
    await note.all.getByRole('alert').filter({ hasText: 'Wait until the file is uploaded' }).waitFor();
    await note.box.getByRole('button', { name: 'Cancel the upload' }).click();
    await note.box.getByText('größe.txt', { exact: true }).waitFor();
    await note.all.getByRole('alert').waitFor({ state: 'detached' });
    await page.unroute('**/api/v1/files/upload');
  }],
  ['a file is replaced, while the access token is renewed unseen', async ({ page, expectRefusal }) => {
    await wearOut(page);
    expectRefusal(10);
    const note = field(page, 'note');
    await note.input.setInputFiles(notes('second.txt', 'Butter.'));
    await note.box.getByText('second.txt', { exact: true }).waitFor();
    await note.box.getByText('7 bytes · text/plain').waitFor();
    await button(page, 'Save changes').click();
    await closed(page);
    await row(page, 'second.txt').waitFor();
  }],
  ['a file is removed, and an export has the others as objects', async ({ page }) => {
    await row(page, 'Recipe').getByRole('button', { name: /^Open record/ }).click();
    const note = field(page, 'note');
    await note.box.getByRole('button', { name: 'Remove file' }).click();
    await note.box.getByText('Choose a file or drop it here').waitFor();
    await button(page, 'Save changes').click();
    await closed(page);
    await row(page, 'second.txt').waitFor({ state: 'detached' });
    await button(page, 'Export').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'JSON', exact: true }).click()]);
    const [record] = JSON.parse(await readFile(await download.path(), 'utf8')).records;
    assert.equal(record.photo.filename, 'tree.png');
    assert.equal(record.note, null);
  }],
  ['a file dropped on its field is uploaded', async ({ page }) => {
    await row(page, 'Recipe').getByRole('button', { name: /^Open record/ }).click();
    const note = field(page, 'note');
    const carried = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['{"a":1}'], 'dropped.json', { type: 'application/json' }));
      return transfer;
    });
    await note.box.dispatchEvent('drop', { dataTransfer: carried });
    await note.box.getByText('dropped.json', { exact: true }).waitFor();
    await button(page, 'Save changes').click();
    await toast(page, 'The record is saved.');
    await closed(page);
  }],
  ['files read well in the dark', async ({ page, base, audit }) => {
    await button(page, 'Theme').click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    const id = await row(page, 'Recipe').getAttribute('data-row-id');
    await page.goto(`${base}/_/collections/papers/records?record=${id}`);
    await drawn(field(page, 'photo').box.locator('img'));
    await quiet(page);
    await audit();
    await page.getByRole('dialog').getByRole('button', { name: 'Show tree.png' }).click();
    await drawn(page.getByRole('img', { name: 'tree.png' }));
    await quiet(page);
    await audit();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'tree.png' }).waitFor({ state: 'hidden' });
    await focused(page.getByRole('dialog', { name: /^Record / }));
    await page.keyboard.press('Escape');
    await closed(page);
    await button(page, 'Theme').click();
    await page.getByRole('menuitemradio', { name: 'System' }).click();
  }],
];

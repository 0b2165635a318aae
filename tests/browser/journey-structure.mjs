// Macros, tests of rules, files of collections and records, changes of structure: in a collection of their own.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { ADMIN, button, closed, heading, holds, row, signIn, toast, USER } from './actions.mjs';

const CSV = 'Title,Price,Nonsense\n"Rye, dark",5.5,x\nSpelt,cheap,y\nBaguette,2,z\n';
const file = (name, text) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });

/** Saves the file that a click gives and returns its text. */
async function saved(page, click) {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return readFile(await download.path(), 'utf8');
}

const macroSteps = [
  ['a macro is stored, and a query that reads too much is refused at its field', async ({ page, base, audit, expectRefusal }) => {
    await signIn(page, base, ADMIN);
    await heading(page, 'Overview');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Macros' }).click();
    await page.getByText('No macros yet').waitFor();
    await audit();
    await button(page, 'Create a macro').click();
    const drawer = page.getByRole('dialog', { name: 'New macro' });
    await drawer.getByLabel('Name').fill('joined');
    await drawer.getByLabel('Query').fill('SELECT * FROM sessions');
    expectRefusal();
    await button(page, 'Create macro').click();
    await drawer.getByText("Macro query cannot read table 'sessions'").waitFor();
    await drawer.getByLabel('Query').fill('SELECT :a || :b');
    await drawer.getByRole('button', { name: 'Add :a, :b' }).click();
    await holds(drawer.getByLabel('Parameters'), 'a, b');
    await audit();
    await button(page, 'Create macro').click();
    await toast(page, 'Macro “joined” is ready.');
  }],
  ['a macro is tried', async ({ page, audit }) => {
    const drawer = page.getByRole('dialog', { name: /^@joined\(a, b\)/ });
    await drawer.getByLabel(':a').fill('x');
    await drawer.getByLabel(':b').fill('y');
    await button(page, 'Run').click();
    await drawer.getByRole('status').getByText('xy').waitFor();
    await audit();
  }],
  ['a macro is changed and deleted', async ({ page }) => {
    const drawer = page.getByRole('dialog', { name: /^@joined/ });
    await drawer.getByLabel('Description').fill('Joins two texts');
    await button(page, 'Save changes').click();
    await toast(page, 'Macro “joined” is saved.');
    await page.keyboard.press('Escape');
    await closed(page);
    await row(page, 'Joins two texts').waitFor();
    await button(page, 'More actions for joined').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await button(page, 'Delete macro').click();
    await closed(page);
    await page.getByText('No macros yet').waitFor();
  }],
];

const collectionSteps = [
  ['a collection is made to work on', async ({ page, base }) => {
    await signIn(page, base, ADMIN);
    await heading(page, 'Overview');
    await page.evaluate(async () => {
      const { token } = JSON.parse(localStorage.getItem('snackbase-session'));
      const schema = [{ name: 'title', type: 'text', required: true }, { name: 'price', type: 'number' }];
      const reply = await fetch('/api/v1/collections', {
        method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ name: 'loaves', schema, view_rule: 'price = 5 && title = "Rye"' }),
      });
      if (reply.status !== 201) throw new Error(await reply.text());
    });
    await page.goto(`${base}/_/collections`);
    await row(page, 'loaves').waitFor();
  }],
];

const collectionFileSteps = [
  ['chosen collections are saved as a file', async ({ page, audit, ...tour }) => {
    await button(page, 'Export').click();
    const dialog = page.getByRole('dialog', { name: 'Export collections' });
    await dialog.getByRole('checkbox', { name: 'loaves' }).waitFor();
    await dialog.getByRole('checkbox', { name: /^All collections/ }).uncheck();
    await dialog.getByRole('checkbox', { name: 'loaves' }).check();
    await audit();
    tour.exported.text = await saved(page, () => button(page, 'Save file').click());
    await closed(page);
    const { collections } = JSON.parse(tour.exported.text);
    assert.deepEqual(collections.map(({ name }) => name), ['loaves']);
  }],
  ['an imported file is shown first, and each collection’s outcome is told', async ({ page, audit, exported }) => {
    await button(page, 'Import').click();
    const dialog = page.getByRole('dialog', { name: 'Import collections' });
    await dialog.locator('input[type=file]').setInputFiles(file('wrong.json', '{"a":1}'));
    await dialog.getByText('This is not a file that an export of collections gave.').waitFor();
    await audit();
    const content = JSON.parse(exported.text);
    content.collections.push({ ...content.collections[0], name: 'rolls' });
    await dialog.locator('input[type=file]').setInputFiles(file('export.json', JSON.stringify(content)));
    await dialog.getByText('One collection exists already').waitFor();
    await dialog.getByText('Skip it').click();
    await audit();
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog.getByText('1 imported, 0 updated, 1 skipped, 0 failed.').waitFor();
    await audit();
    await button(page, 'Done').click();
    await row(page, 'rolls').waitFor();
  }],
];

const recordFileSteps = [
  ['a file of records is mapped, checked and imported without those that have faults', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/loaves/records`);
    await button(page, 'Import').click();
    const dialog = page.getByRole('dialog', { name: 'Import into loaves' });
    await dialog.locator('input[type=file]').setInputFiles(file('loaves.csv', CSV));
    await dialog.getByText('Rye, dark · Spelt · Baguette').waitFor();
    await holds(dialog.getByLabel('Field for Title'), 'title');
    await holds(dialog.getByLabel('Field for Nonsense'), '');
    await audit();
    await button(page, 'Check the file').click();
    await dialog.getByText('2 records can be imported.').waitFor();
    await dialog.getByText('Record 2').waitFor();
    await audit();
    await button(page, 'Import 2 records').click();
    await toast(page, '2 records are imported.');
    await closed(page);
    await row(page, 'Rye, dark').waitFor();
    await row(page, 'Baguette').waitFor();
  }],
  ['records are saved as a file', async ({ page }) => {
    await button(page, 'Export').click();
    const text = await saved(page, () => page.getByRole('menuitem', { name: 'JSON', exact: true }).click());
    assert.equal(JSON.parse(text).records.length, 2);
  }],
];

const searchSteps = [
  ['a field is made searchable, and words find its records', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/loaves/settings`);
    await button(page, 'Options of title').click();
    await page.getByLabel('Searchable').check();
    await button(page, 'Save changes').click();
    await toast(page, 'The schema is saved.');
    await page.getByRole('link', { name: 'Records', exact: true }).first().click();
    await page.getByRole('searchbox', { name: 'Search records' }).fill('dark rye');
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
    await row(page, 'Rye, dark').waitFor();
    await audit();
  }],
];

const ruleTestSteps = [
  ['a rule is tested, and what decided is shown', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/loaves/settings?tab=rules`);
    await button(page, 'Test the rule for View one').click();
    const dialog = page.getByRole('dialog', { name: 'Test a rule' });
    await button(page, 'Test').click();
    await dialog.getByText('Choose a user.').waitFor();
    await dialog.getByRole('combobox', { name: 'Find a user by e-mail' }).fill(USER.email.slice(0, 5));
    await dialog.getByRole('option', { name: USER.email }).click();
    await dialog.getByText('A draft').click();
    await dialog.getByLabel('Draft of the record').fill('{"title":"Rye","price":4}');
    await button(page, 'Test').click();
    await dialog.getByText('Denied').waitFor();
    await dialog.getByRole('region', { name: 'Clauses' }).getByRole('listitem').filter({ hasText: 'price = 5' }).last().getByText('decided').waitFor();
    await audit();
    await dialog.getByLabel('Draft of the record').fill('{"title":"Rye","price":5}');
    await button(page, 'Test').click();
    await dialog.getByText('Allowed').waitFor();
    await page.keyboard.press('Escape');
    await closed(page);
  }],
  ['the rules are shown as SQL', async ({ page, audit }) => {
    await page.getByText('The rules as SQL').click();
    await page.getByText('view_rule', { exact: true }).waitFor();
    await audit();
  }],
];

const updateCheckSteps = [
  ['a check of updated records is set', async ({ page, base }) => {
    await page.goto(`${base}/_/collections/loaves/settings?tab=rules`);
    const update = page.getByRole('group', { name: 'Update', exact: true });
    await update.getByText('Public').click();
    await update.getByLabel('Check of the changed record').fill('price > 0');
    await button(page, 'Save changes').click();
    await toast(page, 'The rules are saved and in force.');
    await page.reload();
    await update.getByLabel('Check of the changed record').waitFor();
    await update.getByLabel('Check of the changed record').getByText('price > 0').waitFor();
  }],
];

const indexSteps = [
  ['an index over two fields is made', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/loaves/settings`);
    await button(page, 'Add index').click();
    await page.getByLabel('Field 1').selectOption('price');
    await button(page, 'price: ascending').click();
    await button(page, 'Field').click();
    await page.getByLabel('Field 2').selectOption('title');
    await audit();
    await button(page, 'Save changes').click();
    await toast(page, 'The schema is saved.');
    await page.reload();
    await page.getByLabel('Field 2').waitFor();
    await button(page, 'price: descending').waitFor();
  }],
];

const structureChangeSteps = [
  ['changes of structure are previewed and done', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/loaves/settings?tab=changes`);
    await page.getByLabel('Field').selectOption('price');
    await page.getByLabel('New name').fill('cost');
    await button(page, 'Plan it').click();
    await page.getByText('Rename price to cost').waitFor();
    await page.getByLabel('Change', { exact: true }).selectOption('change_type');
    await page.getByLabel('Field').selectOption('cost');
    await button(page, 'Plan it').click();
    await button(page, 'Preview').click();
    await page.getByText('What will change').waitFor();
    await audit();
    await button(page, 'Change it').click();
    await toast(page, 'The changes are done.');
    await page.goto(`${base}/_/collections/loaves/records`);
    await page.getByRole('columnheader', { name: 'cost' }).waitFor();
    await row(page, '5.5').waitFor();
  }],
];

export const structureSteps = [
  ...macroSteps, ...collectionSteps, ...collectionFileSteps, ...recordFileSteps, ...searchSteps, ...ruleTestSteps,
  ...updateCheckSteps, ...indexSteps, ...structureChangeSteps,
];

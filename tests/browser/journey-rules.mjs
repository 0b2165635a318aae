// Rules as they are written, computed fields, the order of fields, beginnings of collections, their diagram.
import assert from 'node:assert/strict';
import { ADMIN, button, closed, heading, holds, signIn, toast, until } from './actions.mjs';

const CSV = 'First name,Joined on,Points,Active\nAda,2026-01-02,3.5,true\nBob,2026-02-03,4,false\n';

/** Calls the API as who is signed in. */
const call = (page, method, address, body) =>
  page.evaluate(
    async ([verb, url, content]) => {
      const { token } = JSON.parse(localStorage.getItem('snackbase-session'));
      const reply = await fetch(url, {
        method: verb,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: content === undefined ? undefined : JSON.stringify(content),
      });
      if (!reply.ok) throw new Error(await reply.text());
      return reply.json();
    },
    [method, address, body],
  );

const prepareSteps = [
  ['collections that refer to each other are made to write rules for', async ({ page, base }) => {
    await signIn(page, base, ADMIN);
    await heading(page, 'Overview');
    await call(page, 'POST', '/api/v1/collections', {
      name: 'bakers', schema: [{ name: 'name', type: 'text', required: true }, { name: 'shop', type: 'text' }],
    });
    await call(page, 'POST', '/api/v1/collections', {
      name: 'cakes',
      schema: [
        { name: 'title', type: 'text', required: true }, { name: 'slices', type: 'number' },
        { name: 'baker', type: 'reference', collection: 'bakers', on_delete: 'set_null' },
      ],
    });
    await page.goto(`${base}/_/collections/cakes/settings?tab=rules`);
    await page.getByRole('group', { name: 'View one', exact: true }).waitFor();
  }],
];

const ruleSteps = [
  ['a rule is completed, checked and told in words while it is written', async ({ page, audit }) => {
    const view = page.getByRole('group', { name: 'View one', exact: true });
    await view.getByText('Custom').click();
    const rule = view.getByLabel('Expression for View one');
    await rule.click();
    await page.keyboard.type('bak');
    await page.getByRole('option', { name: /^baker/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('.na');
    await page.getByRole('option', { name: /^baker\.name/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type(' = "Ada" && slicez > 2');
    await view.getByText("Field 'slicez' does not exist in collection.").waitFor();
    await view.locator('.cm-lintRange-error').getByText('slicez').waitFor();
    await audit();
    for (let count = 0; count < 'z > 2'.length; count += 1) await page.keyboard.press('Backspace');
    await page.keyboard.type('s > 2');
    await view.getByText('does not exist').waitFor({ state: 'detached' });
    const words = view.getByRole('group', { name: 'In words' });
    await words.getByText('Signed-in users see a record if').waitFor();
    await until(async () => assert.match(await words.textContent(), /name of baker is “Ada” and slices is above 2\./));
  }],
  ['suggestions close by Esc, and Tab leaves the editor', async ({ page }) => {
    await page.keyboard.type(' || ti');
    await page.getByRole('option', { name: /^title/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('listbox').waitFor({ state: 'detached' });
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => document.activeElement?.closest('.cm-editor') === null);
    await page.getByLabel('Expression for View one').fill('@owns_record(');
    await page.locator('.cm-signature').waitFor();
    await page.getByLabel('Expression for View one').fill('baker.shop = "North"');
  }],
  ['a template is taken, fields are chosen, public access is told, and all of it is saved', async ({ page, audit }) => {
    await button(page, 'Templates for Update').click();
    await page.getByRole('menuitem', { name: /^Who made it, and admins/ }).click();
    const update = page.getByRole('group', { name: 'Update', exact: true });
    await update.getByText('they made it or their role is “admin”').waitFor();
    const create = page.getByRole('group', { name: 'Create', exact: true });
    await create.getByText('Public').click();
    await page.getByText('Open to everybody').waitFor();
    await create.getByText('Chosen ones').click();
    await create.getByRole('checkbox', { name: 'title' }).uncheck();
    await create.getByText('Records cannot be created without title').waitFor();
    await audit();
    await create.getByRole('checkbox', { name: 'title' }).check();
    await create.getByRole('checkbox', { name: 'slices' }).uncheck();
    await button(page, 'Save changes').click();
    await toast(page, 'The rules are saved and in force.');
    const saved = await call(page, 'GET', '/api/v1/collections/cakes/rules');
    assert.equal(saved.view_rule, 'baker.shop = "North"');
    assert.equal(saved.update_rule, 'created_by = @request.auth.id || @has_role("admin")');
    assert.equal(saved.create_rule, '');
    assert.deepEqual(JSON.parse(saved.create_fields).toSorted(), ['baker', 'title']);
    assert.equal(saved.list_fields, '*');
  }],
];

const fieldSteps = [
  ['fields are ordered by the keyboard', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/cakes/settings`);
    const handle = button(page, 'Drag title');
    await handle.focus();
    await page.keyboard.press('Space');
    await page.getByText('title is lifted, at place 1 of 3.').waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowDown');
    await page.getByText('title would be at place 2 of 3.').waitFor({ state: 'attached' });
    await page.keyboard.press('Space');
    await page.getByText('title is at place 2 of 3.').waitFor({ state: 'attached' });
    await audit();
    await button(page, 'Save changes').click();
    await toast(page, 'The schema is saved.');
    await page.reload();
    await button(page, 'Drag title').waitFor();
    await until(async () => assert.deepEqual(await page.locator('ol legend').allTextContents(), ['slices', 'title', 'baker']));
  }],
  ['a computed field is checked and tried before it is saved', async ({ page, audit }) => {
    await button(page, 'Computed').click();
    await page.getByLabel('Field name').fill('halves');
    const expression = page.getByLabel('Expression');
    await expression.fill('slices * @request.auth.id');
    await page.getByText('A computed field is the same for every caller').waitFor();
    await expression.fill('slices * 2');
    await page.getByText('A computed field is the same for every caller').waitFor({ state: 'detached' });
    await page.getByLabel('Result').selectOption('number');
    await page.getByText('Try it with sample values').click();
    await page.getByLabel('slices', { exact: true }).fill('6');
    await page.getByRole('status').getByText('12', { exact: true }).waitFor();
    await page.getByText('Fields and functions').click();
    await audit();
    await button(page, 'Save changes').click();
    await toast(page, 'The schema is saved.');
  }],
];

const beginningSteps = [
  ['a collection begins with a template', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/new`);
    await page.getByText('Feedback', { exact: true }).click();
    await page.getByText('Everybody, even without signing in').waitFor();
    await holds(page.getByLabel('Collection name'), 'feedback');
    await audit();
    await button(page, 'Create collection').click();
    await toast(page, 'Collection “feedback” is ready.');
    const rules = await call(page, 'GET', '/api/v1/collections/feedback/rules');
    assert.deepEqual([rules.create_rule, rules.list_rule], ['', '@has_role("admin")']);
  }],
  ['a collection begins with a file, which is imported next', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/new?from=file`);
    await page.locator('input[type=file]').setInputFiles({
      name: 'Club members.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV),
    });
    await page.getByText('The fields come from 2 records of Club members.csv.').waitFor();
    const types = page.getByLabel('Type');
    const chosen = () => types.evaluateAll((selects) => selects.map((select) => select.value));
    await until(async () => assert.deepEqual(await chosen(), ['text', 'date', 'number', 'boolean']));
    await audit();
    await button(page, 'Create collection').click();
    const dialog = page.getByRole('dialog', { name: 'Import into club_members' });
    await holds(dialog.getByLabel('Field for Joined on'), 'joined_on');
    await button(page, 'Check the file').click();
    await button(page, 'Import 2 records').click();
    await toast(page, '2 records are imported.');
    await closed(page);
  }],
];

const diagramSteps = [
  ['the diagram of references opens collections, and is there as a list', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections`);
    await page.getByRole('link', { name: 'Diagram' }).click();
    await button(page, 'cakes').waitFor();
    await audit();
    await page.getByText('List', { exact: true }).click();
    await page.getByRole('listitem').filter({ hasText: 'cakes' }).getByText('baker', { exact: true }).waitFor();
    await audit();
    await page.getByText('Diagram', { exact: true }).last().click();
    await button(page, 'cakes').click();
    await heading(page, 'Settings');
    await page.waitForURL((url) => url.pathname === '/_/collections/cakes/settings');
  }],
  ['a collection that others refer to is not deleted, and they are told', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/bakers/settings`);
    await button(page, 'Delete').click();
    const dialog = page.getByRole('dialog', { name: 'Delete “bakers”?' });
    await dialog.getByRole('link', { name: 'cakes.baker' }).waitFor();
    assert.equal(await dialog.getByRole('button', { name: 'Delete collection' }).count(), 0);
    await audit();
    await page.keyboard.press('Escape');
    await closed(page);
  }],
];

export const ruleWritingSteps = [...prepareSteps, ...ruleSteps, ...fieldSteps, ...beginningSteps, ...diagramSteps];

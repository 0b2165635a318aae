// What a newcomer does with a fresh installation, one step after the other on the same data.
import assert from 'node:assert/strict';
import { ADMIN, button, closed, heading, holds, path, row, toast, USER } from './actions.mjs';


/** Picks a record in the open picker by typing a part of its name. */
async function pick(page, text) {
  const search = page.getByRole('combobox', { name: /^Search in / });
  await search.fill(text);
  await page.getByRole('option', { name: text }).click();
}

/** The text of the bodies of the table's shown rows, to wait on. */
async function waitForRows(page, count) {
  await page.waitForFunction((wanted) => document.querySelectorAll('tbody tr').length === wanted, count);
}

export const steps = [
  ['first run leads to set-up, whatever page is asked for', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections`);
    await heading(page, 'Welcome to SnackBase');
    assert.equal(path(page), '/_/setup');
    await audit();
  }],
  ['the setup token is taken from the address and leaves it', async ({ page, base, token }) => {
    await page.goto(`${base}/_/setup?token=${encodeURIComponent(token)}`);
    await heading(page, 'Welcome to SnackBase');
    await page.waitForFunction(() => location.search === '');
    await holds(page.getByLabel('Setup token'), token);
  }],
  ['a weak password and a wrong token are told at once and by the server', async ({ page, token, expectRefusal }) => {
    await page.getByLabel('E-mail').fill(ADMIN.email);
    await page.getByLabel(/^Password/).fill('short');
    await page.getByLabel(/^Repeat password/).fill('short');
    await button(page, 'Create superadmin').click();
    await page.getByText('The password does not follow all rules yet.').waitFor();
    await page.getByLabel(/^Password/).fill(ADMIN.password);
    await page.getByLabel(/^Repeat password/).fill(ADMIN.password);
    await page.getByLabel('Setup token').fill('wrong');
    expectRefusal();
    await button(page, 'Create superadmin').click();
    await page.getByRole('alert').first().waitFor();
    await page.getByLabel('Setup token').fill(token);
  }],
  ['set-up signs in and shows what to do first', async ({ page, audit }) => {
    await button(page, 'Create superadmin').click();
    await heading(page, 'Overview');
    await page.getByText('Let’s get your backend going').waitFor();
    await audit();
  }],
  ['set-up is over', async ({ page, base }) => {
    await page.goto(`${base}/_/setup`);
    await heading(page, 'Overview');
  }],
  ['an account is made', async ({ page, audit }) => {
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByRole('dialog', { name: 'New account' }).waitFor();
    await audit();
    await page.getByLabel('Name', { exact: false }).first().fill('Riverside Bakery');
    await page.getByLabel('Short name').fill('riverside');
    await button(page, 'Create account').click();
    await closed(page);
    await row(page, 'Riverside Bakery').waitFor();
    await audit();
  }],
  ['a taken short name is told at its field', async ({ page, expectRefusal }) => {
    await button(page, 'New account').click();
    await page.getByLabel('Name', { exact: false }).first().fill('Another');
    await page.getByLabel('Short name').fill('riverside');
    expectRefusal();
    await button(page, 'Create account').click();
    await page.getByText(/already exists/).waitFor();
    // What was typed is not saved, so leaving is asked for.
    page.once('dialog', (question) => question.accept());
    await page.keyboard.press('Escape');
    await closed(page);
  }],
  ['a user is made in it', async ({ page, audit }) => {
    await page.getByRole('link', { name: 'Riverside Bakery' }).click();
    await heading(page, 'Users');
    await page.getByText('No users here').waitFor();
    await button(page, 'New user').first().click();
    const dialog = page.getByRole('dialog', { name: 'New user' });
    await dialog.getByLabel('E-mail').first().fill(USER.email);
    await dialog.getByLabel('Account').locator('option:checked', { hasText: 'Riverside Bakery' }).waitFor({ state: 'attached' });
    await dialog.getByLabel(/^Password/).fill(USER.password);
    await dialog.getByLabel('Verify the e-mail at once').uncheck();
    await audit();
    await button(page, 'Create user').click();
    await closed(page);
    await row(page, USER.email).getByText('Unverified').waitFor();
  }],
  ['the user is verified', async ({ page, audit }) => {
    await button(page, `More actions for ${USER.email}`).click();
    await page.getByRole('menuitem', { name: 'Mark e-mail as verified' }).click();
    await row(page, USER.email).getByText('Verified', { exact: true }).waitFor();
    await audit();
    // The way here took the account into view; the next steps are about all of them.
    await page.getByText('Only Riverside Bakery is in view.').waitFor();
    await button(page, 'Show all accounts').click();
    await row(page, 'ann@example.com').waitFor();
  }],
  ['a first collection is made', async ({ page, audit }) => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Collections' }).click();
    await page.getByText('No collections yet').waitFor();
    await audit();
    await button(page, 'Create your first collection').click();
    await heading(page, 'New collection');
    await page.getByLabel('Collection name').fill('categories');
    await page.getByRole('textbox', { name: 'Field name' }).fill('name');
    await page.getByRole('checkbox', { name: 'Required' }).check();
    await button(page, 'Create collection').click();
    await heading(page, 'categories');
    await page.getByText('No records yet').waitFor();
    await audit();
  }],
  ['a second one refers to it', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/new`);
    await page.getByLabel('Collection name').fill('products');
    const names = page.getByRole('textbox', { name: 'Field name' });
    await names.fill('title');
    await page.getByRole('checkbox', { name: 'Required' }).check();
    await button(page, 'Number').click();
    await names.nth(1).fill('price');
    await button(page, 'Boolean').click();
    await names.nth(2).fill('available');
    await button(page, 'Reference').click();
    await names.nth(3).fill('category');
    await button(page, 'Computed').click();
    await names.nth(4).fill('label');
    await page.getByLabel('Expression').fill('upper(title)');
    await button(page, 'Create collection').click();
    await page.getByText('Choose the collection it points to.').waitFor();
    await audit();
    await page.getByLabel('Points to').selectOption('categories');
    await button(page, 'Create collection').click();
    await heading(page, 'products');
  }],
  ['a taken name is told at its field', async ({ page, base, expectRefusal }) => {
    await page.goto(`${base}/_/collections/new`);
    await page.getByLabel('Collection name').fill('products');
    await page.getByRole('textbox', { name: 'Field name' }).fill('a');
    expectRefusal();
    await button(page, 'Create collection').click();
    await page.getByText("Collection 'products' already exists").waitFor();
    page.once('dialog', (dialog) => dialog.accept());
    await page.getByRole('link', { name: 'Cancel' }).click();
    await heading(page, 'Collections');
    await row(page, 'products').waitFor();
  }],
  ['rules are set, and a wrong one is told at its field', async ({ page, base, audit, expectRefusal }) => {
    await page.goto(`${base}/_/collections/products/settings?tab=rules`);
    const group = (name) => page.getByRole('group', { name });
    await group('List and search').getByText('Public').click();
    await group('View one').getByText('Public').click();
    await group('Create').getByText('Custom').click();
    await group('Create').getByRole('textbox').fill('@request.auth.nothing = 1');
    expectRefusal();
    await button(page, 'Save changes').click();
    await group('Create').getByRole('alert').waitFor();
    await audit();
    await group('Create').getByRole('textbox').fill('created_by = @request.auth.id');
    await button(page, 'Save changes').click();
    await toast(page, 'The rules are saved and in force.');
    await page.reload();
    await group('Create').getByRole('textbox').waitFor();
    await group('Create').getByRole('textbox').getByText('created_by = @request.auth.id').waitFor();
    await group('List and search').getByRole('radio', { name: 'Public', checked: true }).waitFor();
  }],
  ['a field is added to a schema', async ({ page, audit }) => {
    await page.getByRole('tab', { name: 'Schema' }).click();
    await button(page, 'Date').click();
    await page.getByRole('textbox', { name: 'Field name' }).fill('baked_on');
    await button(page, 'Save changes').click();
    await toast(page, 'The schema is saved.');
    await audit();
  }],
  ['records are made in the grid', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/collections/categories/records`);
    for (const name of ['Bread', 'Pastry']) {
      await button(page, 'New record').click();
      const drawer = page.getByRole('dialog', { name: 'New record in categories' });
      await drawer.getByLabel('Account').selectOption({ label: 'Riverside Bakery' });
      await drawer.getByRole('textbox', { name: 'name' }).fill(name);
      await button(page, 'Create record').click();
      await closed(page);
      await row(page, name).waitFor();
    }
    await page.goto(`${base}/_/collections/products/records?record=new`);
    const drawer = page.getByRole('dialog', { name: 'New record in products' });
    await drawer.waitFor();
    await button(page, 'Create record').click();
    await drawer.getByText('Fill this in.').waitFor();
    await audit();
    await drawer.getByLabel('Account').selectOption({ label: 'Riverside Bakery' });
    await drawer.getByRole('textbox', { name: 'title' }).fill('Sourdough loaf');
    await drawer.getByRole('textbox', { name: 'price' }).fill('4.5');
    await drawer.getByRole('switch', { name: 'available' }).check();
    await drawer.getByLabel('category').click();
    await pick(page, 'Bread');
    await drawer.getByLabel('baked_on').fill('2026-03-01');
    await button(page, 'Create record').click();
    await closed(page);
    await row(page, 'Sourdough loaf').getByRole('link', { name: 'Bread' }).waitFor();
    await row(page, 'SOURDOUGH LOAF').waitFor();
    await button(page, 'New record').click();
    await drawer.getByLabel('Account').selectOption({ label: 'Riverside Bakery' });
    await drawer.getByRole('textbox', { name: 'title' }).fill('Butter croissant');
    await drawer.getByRole('textbox', { name: 'price' }).fill('2.5');
    await page.keyboard.press('Control+Enter');
    await closed(page);
    await waitForRows(page, 2);
    await audit();
  }],
  ['the list is sorted, and the order stands in the address', async ({ page }) => {
    await button(page, 'price').click();
    await page.waitForURL(/sort=price/);
    await page.waitForFunction(() => document.querySelector('tbody tr')?.textContent?.includes('Butter croissant'));
    await button(page, 'price').click();
    await page.waitForFunction(() => document.querySelector('tbody tr')?.textContent?.includes('Sourdough loaf'));
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('tbody tr')?.textContent?.includes('Butter croissant'));
  }],
  ['a filter narrows the list, a wrong one is explained', async ({ page, audit, expectRefusal }) => {
    const filter = page.getByLabel('Filter expression');
    await filter.fill('price > 3 && title ~ "%sour%"');
    await filter.press('Enter');
    await waitForRows(page, 1);
    await page.reload();
    await waitForRows(page, 1);
    await filter.fill('price >');
    expectRefusal();
    await button(page, 'Filter').click();
    await page.getByRole('alert').filter({ hasText: /position/ }).waitFor();
    await audit();
    await button(page, 'Clear filter').first().click();
    await waitForRows(page, 2);
  }],
  ['a record is changed, and a link to it opens it', async ({ page, base, audit }) => {
    await row(page, 'Butter croissant').getByRole('button', { name: /^Open record/ }).click();
    const drawer = page.getByRole('dialog', { name: /^Record / });
    const price = drawer.getByRole('textbox', { name: 'price' });
    await price.fill('2.75');
    await drawer.getByLabel('category').click();
    await pick(page, 'Pastry');
    await audit();
    await button(page, 'Save changes').click();
    await closed(page);
    await row(page, 'Butter croissant').getByText('2.75').waitFor();
    const id = await row(page, 'Butter croissant').getAttribute('data-row-id');
    await page.goto(`${base}/_/collections/products/records/${id}`);
    await drawer.waitFor();
    await holds(price, '2.75');
    await page.keyboard.press('Escape');
    await closed(page);
  }],
  ['a referenced record cannot be deleted, and the reason is told', async ({ page, base, expectRefusal }) => {
    await page.goto(`${base}/_/collections/categories/records`);
    await row(page, 'Bread').getByRole('button', { name: /^More actions/ }).click();
    expectRefusal();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await row(page, 'Bread').waitFor({ state: 'detached' });
    await toast(page, 'Cannot delete record: it is referenced by other records');
    await row(page, 'Bread').waitFor();
  }],
  ['a record is deleted, and stays so', async ({ page, base }) => {
    await page.goto(`${base}/_/collections/products/records`);
    await row(page, 'Butter croissant').getByRole('button', { name: /^More actions/ }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await waitForRows(page, 1);
    // Leaving the page carries the deletion out at once.
    const deleted = page.waitForResponse((reply) => reply.request().method() === 'DELETE');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview' }).click();
    assert.equal((await deleted).status(), 204);
    await page.goto(`${base}/_/collections/products/records`);
    await row(page, 'Sourdough loaf').waitFor();
    await waitForRows(page, 1);
  }],
  ['the palette jumps by keyboard, the help lists the keys', async ({ page, audit }) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Page, collection/ }).fill('categ');
    await page.getByRole('option', { name: 'categories', selected: true }).waitFor();
    await audit();
    await page.keyboard.press('Enter');
    await heading(page, 'categories');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await closed(page);
  }],
  ['the dark theme is kept and reads well', async ({ page, base, audit }) => {
    await button(page, 'Theme').click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    for (const address of ['', 'collections', 'collections/products/records', 'collections/products/settings', 'collections/products/settings?tab=rules', 'accounts', 'users']) {
      await page.goto(`${base}/_/${address}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      assert.ok(await page.evaluate(() => document.documentElement.classList.contains('dark')));
      await page.waitForLoadState('networkidle');
      await audit();
    }
    await button(page, 'Theme').click();
    await page.getByRole('menuitemradio', { name: 'System' }).click();
  }],
  ['an access token that is refused is renewed unseen', async ({ page, base, expectRefusal }) => {
    await page.evaluate(() => {
      const session = JSON.parse(localStorage.getItem('snackbase-session'));
      localStorage.setItem('snackbase-session', JSON.stringify({ ...session, token: 'worn-out' }));
    });
    let renewals = 0;
    const count = (request) => (renewals += request.url().endsWith('/api/v1/auth/refresh') ? 1 : 0);
    page.on('request', count);
    expectRefusal(10);
    await page.goto(`${base}/_/`);
    await heading(page, 'Overview');
    await page.getByText('Newest collections').waitFor();
    page.off('request', count);
    assert.equal(renewals, 1);
  }],
  ['a session that ended is told, and what was typed stays', async ({ page, base, audit, expectRefusal }) => {
    await page.goto(`${base}/_/collections/categories/records?record=new`);
    const drawer = page.getByRole('dialog', { name: 'New record in categories' });
    await drawer.getByRole('textbox', { name: 'name' }).fill('Cake');
    await page.evaluate(() => {
      const session = JSON.parse(localStorage.getItem('snackbase-session'));
      localStorage.setItem('snackbase-session', JSON.stringify({ ...session, token: 'worn-out', refreshToken: 'worn-out' }));
      window.dispatchEvent(new StorageEvent('storage', { key: 'snackbase-session' }));
    });
    expectRefusal(10);
    await button(page, 'Create record').click();
    const ended = page.getByRole('dialog', { name: 'Your session has ended' });
    await ended.waitFor();
    await holds(ended.getByLabel('E-mail'), ADMIN.email);
    await audit();
    await ended.getByLabel(/^Password/).fill(ADMIN.password);
    await ended.getByRole('button', { name: 'Sign in', exact: true }).click();
    await ended.waitFor({ state: 'hidden' });
    await holds(drawer.getByRole('textbox', { name: 'name' }), 'Cake');
    await button(page, 'Create record').click();
    await closed(page);
    await row(page, 'Cake').waitFor();
  }],
  ['signing out revokes the session at the server', async ({ page, base, audit }) => {
    const refreshToken = await page.evaluate(() => JSON.parse(localStorage.getItem('snackbase-session')).refreshToken);
    await button(page, 'Account menu').click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading(page, 'Sign in');
    await audit();
    const reply = await fetch(`${base}/api/v1/auth/refresh`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ refresh_token: refreshToken }),
    });
    assert.equal(reply.status, 401);
  }],
  ['signing in goes back to the page that was asked for', async ({ page, base, expectRefusal }) => {
    await page.goto(`${base}/_/collections/products/records?sort=price`);
    await heading(page, 'Sign in');
    await holds(page.getByLabel('Account'), 'system');
    await page.getByLabel('E-mail').fill(ADMIN.email);
    await page.getByLabel(/^Password/).fill('not the password');
    expectRefusal();
    await button(page, 'Sign in').click();
    await page.getByText('Invalid credentials').waitFor();
    await page.getByLabel(/^Password/).fill(ADMIN.password);
    await button(page, 'Sign in').click();
    await heading(page, 'products');
    await page.waitForURL(/\/_\/collections\/products\/records\?sort=price$/);
    await row(page, 'Sourdough loaf').waitFor();
  }],
  ['a collection is deleted by typing its name', async ({ page, base }) => {
    await page.goto(`${base}/_/collections/products/settings`);
    await button(page, 'Delete').click();
    const dialog = page.getByRole('dialog', { name: 'Delete “products”?' });
    await dialog.getByRole('button', { name: 'Delete collection', disabled: true }).waitFor();
    await dialog.getByLabel(/to confirm$/).fill('products');
    await dialog.getByRole('button', { name: 'Delete collection' }).click();
    await heading(page, 'Collections');
    await row(page, 'products').waitFor({ state: 'detached' });
    await row(page, 'categories').waitFor();
  }],
  ['a user of another account signs in and is told what the pages are for', async ({ page, audit }) => {
    await button(page, 'Account menu').click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading(page, 'Sign in');
    await page.getByLabel('Account').fill('riverside');
    await page.getByLabel('E-mail').fill(USER.email);
    await page.getByLabel(/^Password/).fill(USER.password);
    await button(page, 'Sign in').click();
    await page.getByText('Your account has no administration pages').waitFor();
    await audit();
  }],
];

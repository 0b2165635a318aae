// Hooks and webhooks: what is set off by a record, and a receiver on this machine that hears of it.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { ADMIN, button, closed, heading, row, signIn, toast } from './actions.mjs';

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

/** A receiver of webhooks, which keeps what it gets. */
function openReceiver() {
  const got = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.end('thank you');
    });
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      done({ url: `http://127.0.0.1:${server.address().port}/in`, got, stop: () => server.close() });
    });
  });
}

/** Writes over the text of an editor of code. */
async function rewrite(page, place, text) {
  await place.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

const drawer = (page, name) => page.getByRole('dialog', { name, exact: true });
const addAction = async (page, name) => {
  await button(page, 'Add action').click();
  await page.getByRole('menuitem', { name }).click();
};

let receiver;
let secret;

export const automationSteps = [
  ['hooks begin with a page that explains them', async ({ page, base, audit }) => {
    await signIn(page, base, ADMIN);
    await heading(page, 'Overview');
    for (const name of ['orders', 'letters']) {
      const schema = [{ name: 'title', type: 'text', required: true }, { name: 'total', type: 'number' }];
      assert.equal((await call(page, 'POST', '/collections', { name, schema })).status, 201);
    }
    await page.getByRole('link', { name: 'Hooks', exact: true }).click();
    await heading(page, 'Hooks');
    await page.getByText('No hooks yet').waitFor();
    await audit();
  }],
  ['a hook on an event is written, its actions ordered and its faults told', async ({ page, audit, expectRefusal }) => {
    await button(page, 'New hook').first().click();
    const form = drawer(page, 'New hook');
    await form.getByLabel(/^Name/).fill('Thank for orders');
    await form.getByLabel('Collection').fill('orders');
    await rewrite(page, form.getByRole('textbox', { name: 'Condition' }), 'total > > 10');
    await addAction(page, 'Delete a record');
    await addAction(page, 'Create a record');
    await button(page, 'Create hook').click();
    await form.getByText('Fill this in.').first().waitFor();
    await audit();
    await button(page, 'Move action 2 up').click();
    const first = form.getByRole('listitem', { name: 'Action 1' });
    assert.equal(await first.getByLabel('Type of action 1').inputValue(), 'create_record');
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Move action 1 down');
    await button(page, 'Remove action 2').click();
    await first.getByLabel('Collection').fill('letters');
    await rewrite(page, first.getByRole('textbox', { name: 'Data' }), '{"title": "Thanks for {{ record.title }}"}');
    expectRefusal();
    await button(page, 'Create hook').click();
    await form.getByRole('alert').filter({ hasText: '>' }).waitFor();
    await rewrite(page, form.getByRole('textbox', { name: 'Condition' }), 'total > 10');
    await form.getByText('Placeholders for actions').click();
    await button(page, 'Copy the placeholder record.title').waitFor();
    await button(page, 'Create hook').click();
    await toast(page, '“Thank for orders” is created.');
    await drawer(page, 'Thank for orders').waitFor();
    await audit();
  }],
  ['a record sets the hook off, and its execution is shown', async ({ page, audit }) => {
    for (const [title, total] of [['small', 1], ['large', 100]]) {
      assert.equal((await call(page, 'POST', '/records/orders', { title, total })).status, 201);
    }
    const hook = drawer(page, 'Thank for orders');
    await hook.getByRole('tab', { name: 'Executions' }).click();
    await page.waitForURL(/tab=runs/);
    await hook.getByText('Succeeded').waitFor();
    await hook.getByText(/^1 action done/).waitFor();
    assert.equal(await hook.getByText('Succeeded').count(), 1);
    await hook.getByText('Context').click();
    await hook.getByText('"records.create"').waitFor();
    await audit();
    const { body } = await call(page, 'GET', '/records/letters');
    assert.deepEqual(body.items.map(({ title }) => title), ['Thanks for large']);
  }],
  ['a hook is run by hand, on a record that is written down', async ({ page, audit }) => {
    await drawer(page, 'Thank for orders').getByRole('button', { name: 'Run now' }).click();
    const dialog = drawer(page, 'Run “Thank for orders”');
    await rewrite(page, dialog.getByRole('textbox', { name: 'Record' }), '[1]');
    await dialog.getByRole('button', { name: 'Run now' }).click();
    await dialog.getByText(/^Enter a JSON object/).waitFor();
    await rewrite(page, dialog.getByRole('textbox', { name: 'Record' }), '{"title": "nothing"}');
    await dialog.getByRole('button', { name: 'Run now' }).click();
    await dialog.getByText('Succeeded').waitFor();
    await audit();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('group', { name: 'Executions' }).getByText('By hand').waitFor();
    await page.keyboard.press('Escape');
    await closed(page);
  }],
  ['a schedule is told in words once it is saved, and the hook switched off', async ({ page, audit, expectRefusal }) => {
    await page.keyboard.press('n');
    const form = drawer(page, 'New hook');
    await form.getByLabel(/^Name/).fill('Nightly');
    await form.getByText('Schedule', { exact: true }).click();
    const cron = form.getByLabel('Schedule (cron)');
    await cron.fill('61 * * * *');
    expectRefusal();
    await button(page, 'Create hook').click();
    await form.getByText(/out of bounds/).waitFor();
    await button(page, 'Weekdays at 9').click();
    await button(page, 'Create hook').click();
    const hook = drawer(page, 'Nightly');
    await hook.getByText('Weekdays at 09:00').waitFor();
    await hook.getByText('Next:').waitFor();
    await audit();
    await page.keyboard.press('Escape');
    await closed(page);
    await page.getByRole('switch', { name: 'Enable Nightly', checked: true }).click();
    await page.getByRole('switch', { name: 'Enable Nightly', checked: false }).waitFor();
    await page.getByLabel('Trigger').selectOption('event');
    await row(page, 'Nightly').waitFor({ state: 'detached' });
    await page.getByLabel('Trigger').selectOption('');
    await page.getByLabel('State').selectOption('off');
    await row(page, 'Thank for orders').waitFor({ state: 'detached' });
    await row(page, 'Nightly').waitFor();
    await audit();
  }],
  ['a hook is deleted', async ({ page }) => {
    await button(page, 'More actions for Nightly').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await button(page, 'Delete hook').click();
    await toast(page, '“Nightly” is deleted.');
    await closed(page);
    await page.getByText('Nothing matches').waitFor();
    await button(page, 'Clear filters').click();
    await row(page, 'Thank for orders').waitFor();
  }],
  ['a webhook is made, and its secret shown once', async ({ page, base, audit }) => {
    receiver = await openReceiver();
    await page.goto(`${base}/_/webhooks`);
    await page.getByText('No webhooks yet').waitFor();
    await audit();
    await button(page, 'New webhook').first().click();
    const form = drawer(page, 'New webhook');
    await button(page, 'Create webhook').click();
    await form.getByText(/^Enter an address/).waitFor();
    await form.getByLabel('URL').fill(receiver.url);
    await form.getByLabel('Collection').fill('orders');
    await form.getByLabel('Deleted').uncheck();
    await button(page, 'Add header').click();
    await form.getByLabel('Name of header 1').fill('X-Kitchen');
    await form.getByLabel('Value of header 1').fill('north');
    await audit();
    await button(page, 'Create webhook').click();
    const dialog = drawer(page, 'Secret of the webhook');
    secret = await dialog.getByLabel('Secret', { exact: true }).inputValue();
    assert.match(secret, /^[\da-f]{64}$/);
    await audit();
    await button(page, 'Done').click();
    await dialog.waitFor({ state: 'hidden' });
    assert.ok(!(await page.content()).includes(secret));
  }],
  ['a test shows what the receiver replied', async ({ page, audit }) => {
    await drawer(page, receiver.url).getByRole('button', { name: 'Send test' }).click();
    const dialog = drawer(page, 'Send a test');
    await dialog.getByRole('button', { name: 'Send test' }).click();
    await dialog.getByText('Status 200').waitFor();
    await dialog.getByText('thank you').waitFor();
    await audit();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(receiver.got.at(-1).headers['x-snackbase-event'], 'test');
  }],
  ['a change is delivered, signed, and delivered again', async ({ page, audit }) => {
    const webhook = drawer(page, receiver.url);
    await webhook.getByRole('tab', { name: 'Deliveries' }).click();
    await webhook.getByText('Nothing sent yet').waitFor();
    assert.equal((await call(page, 'POST', '/records/orders', { title: 'told', total: 2 })).status, 201);
    await webhook.getByText('Delivered', { exact: true }).waitFor();
    const { headers, body } = receiver.got.at(-1);
    assert.equal(headers['x-snackbase-signature'], `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
    assert.equal(headers['x-kitchen'], 'north');
    await webhook.getByText('Payload').click();
    await webhook.getByText('"told"').waitFor();
    await webhook.getByText('Reply').click();
    await webhook.getByText('thank you').waitFor();
    await audit();
    await webhook.getByRole('button', { name: 'Redeliver' }).click();
    await toast(page, 'The payload is sent once more.');
    await webhook.getByText('Delivered', { exact: true }).nth(1).waitFor();
  }],
  ['the secret is rotated, and the webhook switched off and deleted', async ({ page }) => {
    await drawer(page, receiver.url).getByRole('button', { name: 'Rotate secret' }).click();
    await drawer(page, 'Rotate the secret?').getByRole('button', { name: 'Rotate secret' }).click();
    const dialog = drawer(page, 'Secret of the webhook');
    assert.notEqual(await dialog.getByLabel('Secret', { exact: true }).inputValue(), secret);
    await button(page, 'Done').click();
    await dialog.waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await closed(page);
    const enabled = (checked) => page.getByRole('switch', { name: `Enable ${receiver.url}`, checked });
    await enabled(true).click();
    await enabled(false).waitFor();
    await button(page, `More actions for ${receiver.url}`).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await button(page, 'Delete webhook').click();
    await page.getByText('No webhooks yet').waitFor();
    receiver.stop();
  }],
  ['the account in view has hooks and webhooks of its own', async ({ page, base }) => {
    const { body } = await call(page, 'GET', '/accounts?search=riverside');
    const { id, name } = body.items[0];
    await page.goto(`${base}/_/hooks?account=${id}`);
    await page.getByText(`Only ${name} is in view.`).waitFor();
    await page.getByText('No hooks yet').waitFor();
    const made = await call(page, 'POST', `/hooks?account_id=${id}`, { name: 'Theirs', trigger: { type: 'manual' } });
    assert.equal(made.status, 201);
    await page.reload();
    await row(page, 'Theirs').waitFor();
    await button(page, 'Show all accounts').click();
    await row(page, 'Theirs').waitFor({ state: 'detached' });
    await row(page, 'Thank for orders').waitFor();
  }],
];

// Configuration, mail, audit log and the rest of running an installation, on the data of the first journey.
import assert from 'node:assert/strict';
import { ADMIN, button, closed, eventually, focused, heading, holds, row, signIn, signOut, toast } from './actions.mjs';

export const operationsSteps = [
  ['the overview shows figures and remembers how often it reads anew', async ({ page, base, audit }) => {
    await signOut(page);
    await signIn(page, base, ADMIN);
    await heading(page, 'Overview');
    await page.getByText('Connected').waitFor();
    await page.getByLabel('Read anew').selectOption('30');
    await page.reload();
    await page.getByText('Connected').waitFor();
    await holds(page.getByLabel('Read anew'), '30');
    await page.getByLabel('Read anew').selectOption('0');
    await audit();
  }],
  ['a provider of mail is chosen from the gallery and tried out', async ({ page, base, audit, sink }) => {
    await page.goto(`${base}/_/configuration?tab=system`);
    await row(page, 'Local Filesystem').waitFor();
    await audit();
    await button(page, 'Add provider').click();
    await page.getByRole('dialog', { name: 'Add a provider' }).waitFor();
    await audit();
    await page.getByRole('button', { name: 'SMTP Server' }).click();
    const drawer = page.getByRole('dialog', { name: 'Add SMTP Server' });
    await drawer.getByRole('button', { name: 'Add provider' }).click();
    await drawer.getByText('Fill this in.').first().waitFor();
    await drawer.getByLabel('Host').fill('127.0.0.1');
    await drawer.getByLabel('Port').fill('1');
    await drawer.getByLabel('User name').fill('sink');
    await drawer.getByLabel(/^Password/).fill('Mail-secret-1');
    await drawer.getByLabel('From address').fill('base@example.com');
    await drawer.getByLabel('Upgrade to TLS (STARTTLS)').uncheck();
    await button(page, 'Test connection').click();
    await drawer.getByText(/^SMTP connection failed/).waitFor();
    await drawer.getByLabel('Port').fill(String(sink.port));
    await button(page, 'Test connection').click();
    await drawer.getByText('SMTP connection successful').waitFor();
    await audit();
    await drawer.getByRole('button', { name: 'Add provider' }).click();
    await closed(page);
    await row(page, 'SMTP Server').waitFor();
  }],
  ['a stored secret is masked and kept', async ({ page, audit }) => {
    await row(page, 'SMTP Server').getByRole('button', { name: 'SMTP Server', exact: true }).click();
    const drawer = page.getByRole('dialog', { name: 'Configure SMTP Server' });
    await holds(drawer.getByLabel(/^Password/), '••••••••');
    await eventually(async () => assert.ok(await button(page, 'Test connection').isDisabled()));
    await drawer.getByLabel('From name').fill('Bakery base');
    await audit();
    await button(page, 'Save changes').click();
    await toast(page, '“SMTP Server” is saved.');
    await closed(page);
  }],
  ['a provider is made the default, and switched off and on', async ({ page }) => {
    await button(page, 'More actions for SMTP Server').click();
    await page.getByRole('menuitem', { name: 'Make default' }).click();
    await row(page, 'SMTP Server').getByText('Default').waitFor();
    const enabled = (checked) => page.getByRole('switch', { name: 'Enable SMTP Server', checked });
    await enabled(true).click();
    await enabled(false).waitFor();
    await row(page, 'SMTP Server').getByText('Default').waitFor({ state: 'detached' });
    const stored = page.waitForResponse(
      async (response) => response.request().method() === 'PATCH' && (await response.json()).enabled === true,
    );
    await enabled(false).click();
    await enabled(true).waitFor();
    await stored;
    await page.reload();
    await enabled(true).waitFor();
  }],
  ['an account has providers of its own', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/configuration?tab=account`);
    await page.getByText('Which account?').waitFor();
    await audit();
    await page.getByLabel('Account', { exact: true }).selectOption({ label: 'Riverside Bakery' });
    await page.getByText('No providers here').waitFor();
    await button(page, 'Add provider').first().click();
    await page.getByRole('button', { name: 'GitHub' }).click();
    const drawer = page.getByRole('dialog', { name: 'Add GitHub' });
    await drawer.getByLabel('Client ID').fill('client');
    await drawer.getByLabel('Client secret').fill('very secret');
    await drawer.getByLabel('Redirect URI').fill('https://bakery.example.com/callback');
    await drawer.getByRole('button', { name: 'Add provider' }).click();
    await closed(page);
    await button(page, 'More actions for GitHub').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await button(page, 'Delete provider').click();
    await closed(page);
    await page.getByText('No providers here').waitFor();
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.getByText('Changed last').waitFor();
    await audit();
  }],
  ['a template of mails is changed beside its preview', async ({ page, base, audit, expectRefusal }) => {
    await page.goto(`${base}/_/mail`);
    await row(page, 'Invitation').getByRole('button', { name: 'Invitation' }).click();
    const drawer = page.getByRole('dialog', { name: 'Template' });
    const preview = drawer.getByRole('region', { name: 'Preview' });
    await preview.getByText('Riverside Bakery').first().waitFor();
    await audit();
    const subject = drawer.getByLabel('Subject');
    await subject.fill('Come and join ');
    await button(page, 'Insert variable').click();
    await page.getByRole('menuitem', { name: 'account_name' }).click();
    await page.waitForFunction(() => document.activeElement?.name === 'subject');
    await holds(subject, 'Come and join {{ account_name }}');
    await preview.getByText('Come and join Riverside Bakery').waitFor();
    assert.equal(await drawer.locator('iframe').getAttribute('sandbox'), '');
    expectRefusal();
    await drawer.getByLabel('Plain-text body').fill('{{ broken');
    await preview.getByRole('alert').waitFor();
    await drawer.getByLabel('Plain-text body').fill('Follow {{ invitation_url }}');
    await preview.getByRole('alert').waitFor({ state: 'detached' });
    await button(page, 'Save changes').click();
    await toast(page, 'The template is saved.');
  }],
  ['a test mail arrives', async ({ page, audit, sink }) => {
    await button(page, 'Send test mail').click();
    const dialog = page.getByRole('dialog', { name: 'Send a test mail' });
    await dialog.getByLabel('To').fill('taster@example.com');
    await audit();
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await toast(page, 'A test mail is sent to taster@example.com.');
    assert.match(await sink.mailTo('taster@example.com'), /Come and join Riverside Bakery/);
    await dialog.waitFor({ state: 'hidden' });
    await focused(page.getByRole('dialog', { name: 'Template', exact: true }));
    await page.keyboard.press('Escape');
    await closed(page);
  }],
  ['an account gets a template of its own, and loses it', async ({ page, base }) => {
    await page.goto(`${base}/_/mail?template=new`);
    const drawer = page.getByRole('dialog', { name: 'New template' });
    await drawer.getByLabel('Type').selectOption({ label: 'Invitation' });
    await drawer.getByLabel('Account').selectOption({ label: 'Riverside Bakery' });
    await drawer.getByLabel('Language').fill('de');
    await drawer.getByLabel('Subject').fill('Komm zu uns');
    await button(page, 'Create template').click();
    await page.getByRole('dialog', { name: 'Template', exact: true }).waitFor();
    await button(page, 'Delete').click();
    await button(page, 'Delete template').click();
    await closed(page);
    await row(page, 'Komm zu uns').waitFor({ state: 'detached' });
  }],
  ['the log of mails tells what became of each', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/mail?tab=logs`);
    await row(page, 'taster@example.com').waitFor();
    await audit();
    await button(page, 'Open the mail to taster@example.com').click();
    await page.getByRole('dialog', { name: 'Mail to taster@example.com' }).getByText('Sent').waitFor();
    await audit();
    await page.keyboard.press('Escape');
    await closed(page);
    await page.getByLabel('State').selectOption('failed');
    await row(page, 'taster@example.com').waitFor({ state: 'detached' });
  }],
  ['the audit log is filtered, and the filter stands in the address', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/audit`);
    await page.locator('tbody tr').first().waitFor();
    await audit();
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByLabel('Table', { exact: true }).fill('users');
    await page.waitForURL(/table=users/);
    await page.waitForFunction(() => {
      const rows = [...document.querySelectorAll('tbody tr')];
      return rows.length > 0 && rows.every((row) => row.textContent.includes('users.'));
    });
    await audit();
  }],
  ['an entry of the audit log shows the change and the chain', async ({ page, audit }) => {
    await page.locator('tbody tr button').first().click();
    const drawer = page.getByRole('dialog', { name: /^Entry / });
    await drawer.getByText('Chain and signature').waitFor();
    await drawer.getByText('Request ID').waitFor();
    await audit();
    await drawer.getByRole('link', { name: 'History of this record' }).click();
    await page.waitForURL(/record=/);
    await closed(page);
  }],
  ['the chain is verified, and the log is saved as a file', async ({ page, audit }) => {
    await button(page, 'Verify chain').click();
    await page.getByText('The chain is intact.').waitFor();
    await audit();
    await page.keyboard.press('Escape');
    await closed(page);
    await button(page, 'Export').click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'As CSV' }).click();
    assert.match((await download).suggestedFilename(), /^audit_logs_\d{8}_\d{6}\.csv$/);
  }],
  ['migrations are listed with their history', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/migrations`);
    await page.getByText('Current revision').waitFor();
    await page.locator('tbody tr').first().waitFor();
    await audit();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.locator('ol li').first().waitFor();
    await audit();
  }],
  ['an API key is shown once and revoked', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/api-keys`);
    await page.getByText('No API keys').waitFor();
    await button(page, 'New API key').first().click();
    const dialog = page.getByRole('dialog', { name: 'New API key' });
    await dialog.getByLabel('Name').fill('nightly import');
    await audit();
    await button(page, 'Create key').click();
    const shown = dialog.getByLabel('API key', { exact: true });
    await eventually(async () => assert.match(await shown.inputValue(), /^sb_ak\./));
    const key = await shown.inputValue();
    await audit();
    await button(page, 'Done').click();
    await closed(page);
    await row(page, 'nightly import').getByText('Active').waitFor();
    assert.ok(!(await page.content()).includes(key));
    await button(page, 'Revoke “nightly import”').click();
    await button(page, 'Revoke').last().click();
    await closed(page);
    await row(page, 'nightly import').getByText('Revoked').waitFor();
    await audit();
  }],
  ['the palette knows the new pages', async ({ page }) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Page, collection/ }).fill('audit');
    await page.getByRole('option', { name: 'Audit log', selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await heading(page, 'Audit log');
  }],
];

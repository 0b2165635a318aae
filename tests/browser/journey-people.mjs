// Invitations, groups, roles, passwords and sessions, and what an admin of an account sees of it all.
import assert from 'node:assert/strict';
import {
  ADMIN, button, choosePassword, closed, eventually, heading, holds, path, row, signIn, signOut, toast, tokenOf, USER,
} from './actions.mjs';

const GUEST = { account: 'riverside', email: 'gus@riverside.example.com', password: 'Invited-horse-9battery' };
const OWNER = { account: 'hilltop', email: 'olga@hilltop.example.com', password: 'Registered-horse-1battery' };

export const peopleSteps = [
  ['a role is made, changed and deleted', async ({ page, base, audit, expectRefusal }) => {
    await page.goto(`${base}/_/roles`);
    await row(page, 'admin').getByText('Built-in').waitFor();
    await button(page, 'New role').click();
    await page.getByLabel('Name').fill('admin');
    expectRefusal();
    await button(page, 'Create role').click();
    await page.getByText("Role with name 'admin' already exists").waitFor();
    await page.getByLabel('Name').fill('baker');
    await page.getByLabel('Description').fill('Bakes');
    await audit();
    await button(page, 'Create role').click();
    await closed(page);
    await button(page, 'More actions for baker').click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByLabel('Description').fill('Bakes at night');
    await button(page, 'Save changes').click();
    await closed(page);
    await row(page, 'Bakes at night').waitFor();
    await audit();
  }],
  ['a group is made, and gets a member found by e-mail', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/groups?group=new`);
    const created = page.getByRole('dialog', { name: 'New group' });
    await created.getByLabel('Name').fill('night shift');
    await created.getByLabel('Account').selectOption({ label: 'Riverside Bakery' });
    await audit();
    await button(page, 'Create group').click();
    const drawer = page.getByRole('dialog', { name: 'Group', exact: true });
    const search = drawer.getByRole('combobox', { name: 'Add a user by e-mail' });
    await search.fill('mia');
    await page.getByRole('option', { name: USER.email }).waitFor();
    await audit();
    await search.press('Enter');
    await button(page, `Remove ${USER.email}`).waitFor();
    await drawer.getByLabel('Description').fill('From ten to six');
    await button(page, 'Save changes').click();
    await toast(page, 'The group is saved.');
    await page.keyboard.press('Escape');
    await closed(page);
    await row(page, 'night shift').getByText('From ten to six').waitFor();
    await row(page, 'night shift').getByText('Riverside Bakery').waitFor();
    await audit();
  }],
  ['somebody is invited by mail', async ({ page, base, audit, expectRefusal }) => {
    await page.goto(`${base}/_/invitations`);
    await page.getByText('Nobody is invited').waitFor();
    await audit();
    await button(page, 'Invite').first().click();
    const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
    await dialog.getByLabel('Account').selectOption({ label: 'Riverside Bakery' });
    await dialog.getByLabel('Role').selectOption('baker');
    await dialog.getByLabel('night shift').check();
    await dialog.getByLabel('E-mail').fill(USER.email);
    expectRefusal();
    await button(page, 'Send invitation').click();
    await dialog.getByText('User with this email already exists in this account').waitFor();
    await dialog.getByLabel('E-mail').fill(GUEST.email);
    await audit();
    await button(page, 'Send invitation').click();
    await closed(page);
    await row(page, GUEST.email).getByText('Pending').waitFor();
    await button(page, `More actions for ${GUEST.email}`).click();
    await page.getByRole('menuitem', { name: 'Send mail again' }).click();
    await toast(page, `An invitation is sent to ${GUEST.email}.`);
    await audit();
  }],
  ['the invited person joins by the link of the mail', async ({ page, base, audit, sink, expectRefusal }) => {
    const token = tokenOf(await sink.mailTo(GUEST.email));
    await signOut(page);
    await page.goto(`${base}/_/accept-invitation?token=${token}`);
    await heading(page, 'Join Riverside Bakery');
    await page.waitForFunction(() => location.search === '');
    await page.getByText(`${ADMIN.email} invited you`).waitFor();
    await audit();
    await choosePassword(page, GUEST.password);
    await button(page, 'Accept the invitation').click();
    await page.getByText('Your account has no administration pages').waitFor();
    await signOut(page);
    expectRefusal(3);
    await page.goto(`${base}/_/accept-invitation?token=${token}`);
    await heading(page, 'This invitation was accepted already');
    await page.goto(`${base}/_/accept-invitation?token=wrong`);
    await heading(page, 'There is no such invitation');
    await audit();
  }],
  ['the new user has the role and the group of the invitation', async ({ page, base }) => {
    await signIn(page, base, ADMIN);
    await heading(page, 'Overview');
    await page.goto(`${base}/_/users?q=gus`);
    await row(page, GUEST.email).getByText('baker', { exact: true }).waitFor();
    await page.goto(`${base}/_/groups`);
    await button(page, 'night shift').click();
    await button(page, `Remove ${GUEST.email}`).click();
    await button(page, `Remove ${GUEST.email}`).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await closed(page);
  }],
  ['a user is edited, filtered and deactivated', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/users`);
    await button(page, `More actions for ${GUEST.email}`).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: `Edit ${GUEST.email}` });
    await dialog.getByLabel('Role').selectOption('user');
    await audit();
    await button(page, 'Save changes').click();
    await closed(page);
    await button(page, `More actions for ${GUEST.email}`).click();
    await page.getByRole('menuitem', { name: 'Deactivate' }).click();
    await audit();
    await button(page, 'Deactivate').click();
    await closed(page);
    await page.getByLabel('State').selectOption('inactive');
    await page.waitForURL(/state=inactive/);
    await row(page, GUEST.email).getByText('Inactive').waitFor();
    await row(page, USER.email).waitFor({ state: 'detached' });
    await audit();
    await button(page, `More actions for ${GUEST.email}`).click();
    await page.getByRole('menuitem', { name: 'Activate' }).click();
    await page.getByText('Nothing matches').waitFor();
  }],
  ['a link to a new password is sent to a user, and works once', async ({ page, base, audit, sink }) => {
    await page.goto(`${base}/_/users`);
    await button(page, `More actions for ${GUEST.email}`).click();
    await page.getByRole('menuitem', { name: 'Reset password' }).click();
    await audit();
    await button(page, 'Send link').click();
    await closed(page);
    const token = tokenOf(await sink.mailTo(GUEST.email, /reset/));
    await signOut(page);
    await page.goto(`${base}/_/reset-password?token=${token}`);
    await heading(page, 'New password');
    await page.getByLabel(/^New password/).waitFor();
    await audit();
    await choosePassword(page, 'Another-invited-horse-2');
    await button(page, 'Set the password').click();
    await heading(page, 'The password is set');
    await audit();
    await page.goto(`${base}/_/reset-password?token=${token}`);
    await heading(page, 'This link no longer works');
  }],
  ['a forgotten password is asked for', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/sign-in`);
    await page.getByLabel('Account').fill('riverside');
    await page.getByLabel('E-mail').fill(GUEST.email);
    await page.getByRole('link', { name: 'Forgotten password?' }).click();
    await heading(page, 'Forgotten password');
    await holds(page.getByLabel('E-mail'), GUEST.email);
    await audit();
    await button(page, 'Send the link').click();
    await heading(page, 'Look into your mailbox');
    await audit();
  }],
  ['an account is registered and confirmed by mail', async ({ page, base, audit, sink, expectRefusal }) => {
    await page.goto(`${base}/_/sign-in`);
    await page.getByRole('link', { name: 'Register' }).click();
    await heading(page, 'Register an account');
    await page.getByLabel('Account name').fill('Hilltop Diner');
    await page.getByLabel('Short name').fill('riverside');
    await page.getByLabel('E-mail').fill(OWNER.email);
    await choosePassword(page, OWNER.password);
    await audit();
    expectRefusal();
    await button(page, 'Register').click();
    await page.getByText('An account with this slug already exists').waitFor();
    await page.getByLabel('Short name').fill(OWNER.account);
    await button(page, 'Register').click();
    await heading(page, 'Look into your mailbox');
    await audit();
    await page.getByRole('link', { name: 'Back to sign-in' }).click();
    await page.getByLabel('E-mail').fill(OWNER.email);
    await page.getByLabel(/^Password/).fill(OWNER.password);
    await holds(page.getByLabel('Account'), OWNER.account);
    expectRefusal();
    await button(page, 'Sign in').click();
    await button(page, 'Send the confirmation mail again').waitFor();
    await audit();
    await page.goto(`${base}/_/verify-email?token=${tokenOf(await sink.mailTo(OWNER.email))}`);
    await heading(page, 'Your e-mail is confirmed');
    await audit();
    expectRefusal();
    await page.goto(`${base}/_/verify-email?token=wrong`);
    await heading(page, 'This link no longer works');
    await audit();
  }],
  ['an admin of an account sees the pages of the account, and no others', async ({ page, base, audit }) => {
    await signIn(page, base, OWNER);
    await heading(page, 'Overview');
    const links = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
    const wanted = [
      'Overview', 'Records', 'Files', 'Invitations', 'Groups', 'Hooks', 'Webhooks', 'Audit log', 'Realtime',
    ];
    await eventually(async () => assert.deepEqual((await links.allTextContents()).slice(1), wanted));
    await audit();
    for (const address of ['users', 'configuration', 'collections']) {
      await page.goto(`${base}/_/${address}`);
      await page.getByText('This page is for superadmins').waitFor();
    }
    await audit();
    await page.goto(`${base}/_/groups?group=new`);
    await page.getByLabel('Name').fill('cooks');
    await button(page, 'Create group').click();
    await page.getByText('Add a user by ID').waitFor();
    await audit();
    await page.keyboard.press('Escape');
    await closed(page);
    await page.goto(`${base}/_/audit`);
    await page.locator('tbody tr').first().waitFor();
    assert.equal(await button(page, 'Verify chain').count(), 0);
    await audit();
    await page.goto(`${base}/_/invitations?dialog=new`);
    const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
    await dialog.getByLabel('E-mail').fill('cook@hilltop.example.com');
    await button(page, 'Send invitation').click();
    await closed(page);
    await row(page, 'cook@hilltop.example.com').waitFor();
    await audit();
  }],
  ['an admin of an account opens a collection by its name', async ({ page, base, audit }) => {
    await page.goto(`${base}/_/records`);
    await page.getByText('Which collection?').waitFor();
    await audit();
  }],
  ['sessions are listed and ended', async ({ page, base, audit, browser }) => {
    const elsewhere = await browser.newContext();
    const other = await elsewhere.newPage();
    await signIn(other, base, OWNER);
    await heading(other, 'Overview');
    await page.goto(`${base}/_/profile`);
    await page.getByText('This browser').waitFor();
    const ending = page.getByRole('button', { name: /^Sign out Chrome/ });
    await ending.first().waitFor();
    await audit();
    await button(page, 'Sign out everywhere else').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else', exact: true }).click();
    await closed(page);
    await ending.first().waitFor({ state: 'detached' });
    await other.goto(`${base}/_/groups`);
    await heading(other, 'Sign in');
    await elsewhere.close();
    await page.getByRole('radio', { name: 'Dark' }).check();
    await page.waitForFunction(() => document.documentElement.classList.contains('dark'));
    await audit();
    await page.getByRole('radio', { name: 'System' }).check();
    assert.equal(path(page), '/_/profile');
  }],
];

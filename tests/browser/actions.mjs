// What the steps of the journeys have in common.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

/** How long anything may take, in milliseconds: busy machines are slow. */
export const PATIENCE = 30_000;

export const ADMIN = { email: 'ann@example.com', password: 'Correct-horse-7battery' };
export const USER = { email: 'mia@riverside.example.com', password: 'Another-horse-8battery' };

export const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();
export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const toast = (page, text) => page.getByText(text, { exact: false }).first().waitFor();
export const row = (page, text) => page.getByRole('row').filter({ hasText: text });
export const path = (page) => new URL(page.url()).pathname;

export async function closed(page) {
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

export async function signIn(page, base, { account = 'system', email, password }) {
  await page.goto(`${base}/_/sign-in`);
  // A step before may have failed on its way to signing out.
  await page.evaluate(() => localStorage.removeItem('snackbase-session'));
  await page.goto(`${base}/_/sign-in`);
  await page.getByLabel('Account').fill(account);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel(/^Password/).fill(password);
  await button(page, 'Sign in').click();
}

export async function signOut(page) {
  await button(page, 'Account menu').click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await heading(page, 'Sign in');
}

/** Checks again and again until the check holds: what is shown follows an action in its own time. */
export async function eventually(check) {
  for (const deadline = Date.now() + PATIENCE; ; await pause(50)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** Waits until a field has a value. */
export const holds = (field, value) => eventually(async () => assert.equal(await field.inputValue(), value));

/** Waits until there are so many of something. */
export const counted = (things, count) => eventually(async () => assert.equal(await things.count(), count));

/** Waits until something, or a part of it, has the focus. */
export const focused = (place) =>
  eventually(async () => {
    assert.ok(await place.evaluate((element) => element.contains(document.activeElement)), 'the focus is elsewhere');
  });

/** Waits until a part of the address has a value; null for absent. */
export const addressed = (page, name, value) =>
  eventually(() => assert.equal(new URL(page.url()).searchParams.get(name), value));

/** Presses a key until it is told what came of it: what listens to it may not do so yet. */
export async function pressUntil(page, key, told) {
  for (const deadline = Date.now() + PATIENCE; ; ) {
    await page.keyboard.press(key);
    try {
      return await told.waitFor({ state: 'attached', timeout: 3_000 });
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** Closes what Escape closes, and waits until the focus is back where it came from. */
export async function escape(page, open, opener) {
  await page.keyboard.press('Escape');
  await open.waitFor({ state: 'hidden' });
  await focused(opener);
}

/** The place of something that neither moves nor grows any more. */
export async function settledBox(thing) {
  await thing.hover({ trial: true });
  return thing.boundingBox();
}

/** Fills a new password and its repetition. */
export async function choosePassword(scope, password) {
  await scope.getByLabel(/^New password/).fill(password);
  await scope.getByLabel(/^Repeat password/).fill(password);
}

/** The token of the first link of a mail. */
export function tokenOf(mail) {
  const token = /[?&]token=([\w.~%-]+)/.exec(mail)?.[1];
  if (!token) throw new Error(`no token in the mail:\n${mail}`);
  return token;
}

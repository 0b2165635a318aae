// What the steps of the journeys have in common.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 30_000;

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

/** Repeats a check that reads the page until it holds; fails as it fails at last. */
export async function until(check) {
  for (const deadline = Date.now() + PATIENCE_MS; ; await pause(50)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** Waits until a control has the focus. */
export const focused = (control) => control.and(control.page().locator(':focus')).waitFor();

/** Waits until a field has a value. */
export const holds = (field, value) => until(async () => assert.equal(await field.inputValue(), value));

/** Presses a key until something is to be seen: what listens to it may not do so yet. */
export async function pressUntil(page, key, wanted) {
  await until(async () => {
    await page.keyboard.press(key);
    await wanted.waitFor({ timeout: 2_000 });
  });
}

/** Closes what Escape closes, and waits until the focus is back where it came from. */
export async function escape(page, shown, opener) {
  await page.keyboard.press('Escape');
  await shown.waitFor({ state: 'hidden' });
  await focused(opener);
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

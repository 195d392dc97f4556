// What every journey uses: a browser, a login, screenshots in two widths, an accessibility check, a watch on the console.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';

export const base = (process.env.E2E_BASE ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const loginsFile = process.env.E2E_LOGINS ?? '';
const out = new URL('out/', import.meta.url).pathname;
const hasPictures = process.env.E2E_PICTURES !== 'no';
const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };

let launched;
after(async () => (await launched)?.close());

/**
 * A test in a fresh browser context. Fails as well when the console showed an error; leaves a picture when it fails.
 * Options of the context may be given, as `{ javaScriptEnabled: false }` or `{ phone: true }`, and `allow`, patterns of console errors that are expected.
 */
export function journey(title, options, walk = options) {
  const { phone = false, allow = [], ...rest } = walk === options ? {} : options;
  test(title, { timeout: 400_000 }, async () => {
    const browser = await (launched ??= launch());
    const context = await browser.newContext({
      baseURL: base, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', acceptDownloads: true, viewport: phone ? narrow : wide, hasTouch: phone, isMobile: phone, ...rest,
    });
    context.setDefaultTimeout(10_000);
    const page = watched(await context.newPage());
    try {
      await walk({ page, context });
      noConsoleErrors(page, allow);
    } catch (failure) {
      await mkdir(out, { recursive: true });
      await page.screenshot({ path: join(out, `failed-${fileName(title)}.png`), fullPage: true }).catch(() => {});
      throw failure;
    } finally {
      await context.close();
    }
  });
}

function launch() {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
}

const consoles = new WeakMap();

/** Starts to collect what goes wrong in a page; `journey` has done it for its own page, others opened later need it. */
export function watched(page) {
  const seen = [];
  consoles.set(page, seen);
  page.on('console', (message) => message.type() === 'error' && seen.push(message.text()));
  page.on('pageerror', (error) => seen.push(String(error)));
  return page;
}

/** Fails when the console of a watched page showed an error: a script that threw, a missing file, a broken content policy. */
export function noConsoleErrors(page, allow = []) {
  const bad = (consoles.get(page) ?? []).filter((text) => !allow.some((pattern) => pattern.test(text)));
  assert.deepEqual(bad, [], 'errors in the console');
}

/** The account of a role, from the file that the demo server writes. */
export async function account(role) {
  assert.ok(loginsFile, 'say which accounts there are: --logins data/demo/logins.json');
  const all = JSON.parse(await readFile(loginsFile, 'utf8'));
  const found = all.find((each) => each.role === role);
  assert.ok(found, `no login for “${role}”; there are ${all.map((each) => each.role).join(', ')}`);
  return found;
}

/** Logs in through the login page and arrives at the workbench. */
export async function login(page, role) {
  const { user, password } = await account(role);
  await page.goto('/login?lang=zh');
  await page.locator('input[name=user]').fill(user);
  await page.locator('input[name=password]').fill(password);
  await page.locator('main form button:not([type=button])').first().click();
  await page.waitForURL((url) => url.pathname !== '/login');
}

/** Logs out through the form of the user menu. */
export async function logout(page) {
  const form = page.locator('form[action$="/logout"]').first();
  const menu = page.locator('details.drop', { has: form });
  if ((await menu.count()) > 0 && (await menu.getAttribute('open')) === null) await menu.locator('summary').click();
  await form.locator('button').click();
  await page.waitForURL(/\/login/);
}

/** Pictures of the page at 1440 and 390 pixels in out/, and a check that nothing runs out of the window sideways. */
export async function shot(page, name) {
  await mkdir(out, { recursive: true });
  const before = page.viewportSize();
  for (const size of [wide, narrow]) {
    await page.setViewportSize(size);
    await page.waitForTimeout(150);
    if (hasPictures) await page.screenshot({ path: join(out, `${fileName(name)}-${size.width}.png`), fullPage: true, animations: 'disabled' });
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(beyond <= 0, `${name} is ${beyond} pixels wider than a window of ${size.width}`);
  }
  if (before) await page.setViewportSize(before);
}

/** Fails on serious and critical findings of axe-core. `skip` names rules, with the reason beside the call. */
export async function axe(page, { skip = [], within } = {}) {
  let builder = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']).disableRules(skip);
  if (within) builder = builder.include(within);
  const { violations } = await builder.analyze();
  const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = bad.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.slice(0, 5).map(({ target, failureSummary }) => `    ${target.join(' ')}\n      ${failureSummary?.split('\n').slice(1).join(' ').trim()}`).join('\n')}`);
  assert.equal(told.length, 0, `${page.url()}\n${told.join('\n')}`);
}

/** As `axe` of the page's content and `shot` together. */
export async function looked(page, name) {
  await axe(page, { within: 'main' });
  await shot(page, name);
}

/** Says yes to what the page asks before it does something that cannot be undone. */
export async function confirmed(page) {
  await page.locator('dialog[open] button').last().click();
}

function fileName(text) {
  return text.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
}

/** Draws a signature on the pad of a page. */
export async function signPad(page) {
  const pad = page.locator('canvas.js-sign');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 50, { steps: 6 });
  await page.mouse.move(box.x + 140, box.y + 25, { steps: 6 });
  await page.mouse.up();
}

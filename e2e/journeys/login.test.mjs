// The way in and out: login, language, logout.
import assert from 'node:assert/strict';
import { axe, base, journey, login, logout, shot } from '../lib.mjs';

const role = process.env.E2E_ROLE ?? 'clinician';

journey('the login page stands on its own', async ({ page }) => {
  await page.goto('/login');
  assert.equal(await page.locator('h1').count(), 1);
  await axe(page);
  await shot(page, 'login');
});

journey('a wrong password is refused in words and what was typed stays', { allow: [/status of 4\d\d/] }, async ({ page }) => {
  await page.goto('/login');
  await page.locator('input[name=user]').fill('nobody-of-this-name');
  await page.locator('input[name=password]').fill('not the password');
  await page.locator('main form button:not([type=button])').first().click();
  await page.locator('[role=alert]').waitFor();
  assert.equal(await page.locator('input[name=user]').inputValue(), 'nobody-of-this-name');
  assert.equal(await page.locator('input[name=password]').inputValue(), '');
});

journey('a demonstration fills in the account of the role that is chosen', async ({ page }) => {
  await page.goto('/login?lang=zh');
  await page.getByRole('link', { name: '行政主管' }).click();
  assert.equal(await page.getByLabel('登录名').inputValue(), 'official');
  await page.getByRole('button', { name: '登录' }).click();
  await page.waitForURL((url) => url.pathname === '/');
  assert.match(await page.locator('.sub').innerText(), /您好/);
});

journey('the keyboard reaches the content first and leaves a ring where it stands', async ({ page }) => {
  await login(page, role);
  await page.goto('/elders');
  await page.keyboard.press('Tab');
  assert.equal((await page.evaluate(() => document.activeElement?.textContent)).trim(), '跳到正文');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const at = await page.evaluate(() => ({ inside: document.querySelector('main').contains(document.activeElement), ring: getComputedStyle(document.activeElement).outlineStyle }));
  assert.deepEqual(at, { inside: true, ring: 'solid' });
});

journey('a clinician logs in, reads the workbench in both languages and logs out', async ({ page }) => {
  await login(page, role);
  assert.equal((await page.locator('h1').innerText()).trim(), '工作台');
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await axe(page);
  await shot(page, 'workbench');

  await page.locator('.top-tools a[hreflang=en]').click();
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  assert.doesNotMatch(await page.locator('h1').innerText(), /\p{Script=Han}/u);
  await page.goto('/');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en', 'the language is remembered');
  await axe(page);
  await shot(page, 'workbench-en');

  await logout(page);
  await page.goto('/');
  assert.match(page.url(), /\/login/, 'without a session every page leads to the login');
});

journey('the workbench opens without JavaScript', { javaScriptEnabled: false }, async ({ page }) => {
  await login(page, role);
  assert.equal((await page.locator('h1').innerText()).trim(), '工作台');
  await logout(page);
  assert.ok(page.url().startsWith(base));
});

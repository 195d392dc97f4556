// The global search: one box finds an elder by name, by pinyin initials and by ID number, and a page by its title.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

journey('one box finds an elder by name, pinyin initials and ID number', async ({ page }) => {
  await login(page, 'clinician');
  await page.goto('/elders?lang=zh&group=chronic');
  const row = page.locator('table.list a.row-link').first();
  const name = (await row.innerText()).trim();
  await row.click();
  await page.waitForURL(/\/elders\/\d{6}-\d+$/);
  const address = new URL(page.url()).pathname;
  await page.locator('.kv dd', { hasText: '********' }).first().getByRole('button', { name: '显示' }).click();
  const shown = page.locator('.kv dd').filter({ hasText: /\d{17}[\dX]/ }).first();
  await shown.waitFor();
  const number = /\d{17}[\dX]/.exec(await shown.innerText())[0];

  const links = async (wanted) => {
    await page.goto(`/search?q=${encodeURIComponent(wanted)}`);
    return page.locator('main a.row-link').evaluateAll((all) => all.map((it) => it.getAttribute('href')));
  };
  assert.ok((await links(name)).includes(address), 'by name');
  assert.deepEqual(await links(number), [address], 'by ID number');
  assert.ok((await links(number.toLowerCase())).includes(address), 'a small x is an X');

  await page.goto('/');
  await page.keyboard.press('/');
  await page.keyboard.type(number);
  await page.locator('#search-suggest a', { hasText: name }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === address);

  await page.goto('/search?q=%E5%8F%B0%E8%B4%A6');
  assert.ok(await page.locator('main a.row-link[href="/elders/ledgers"]').count(), 'a page by its title');
  await axe(page);
  await shot(page, 'search');
});

journey('pinyin initials find a name, and nothing found is said in words', async ({ page }) => {
  await login(page, 'clinician');
  await page.goto('/search?q=w');
  const names = await page.locator('main a.row-link').allInnerTexts();
  assert.ok(names.length > 0);
  await page.goto('/search?q=zzzzzz');
  assert.match(await page.locator('.empty-title').innerText(), /zzzzzz/);
  await axe(page);
});

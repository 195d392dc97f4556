// The register: take an elder in, find them three ways, reveal what is masked, note a death and take it back.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

journey('a clinician takes an elder in, with what was typed kept when it is refused', { allow: [/status of 422/] }, async ({ page }) => {
  await login(page, 'clinician');
  await page.goto('/elders/new?lang=zh');
  await page.locator('#name').fill('欧阳·试验');
  await page.locator('#id_kind').selectOption('resident');
  await page.locator('#id_number').fill('990001194602302345');
  await page.locator('#place').selectOption({ index: 2 });
  await page.locator('.form-foot .btn-primary').click();
  await page.locator('#errors').waitFor();
  assert.equal(await page.locator('#name').inputValue(), '欧阳·试验');
  await axe(page);
  await shot(page, 'elder refused');

  await page.locator('#id_kind').selectOption('none');
  await page.locator('#id_number').fill('');
  await page.locator('#birth').fill('1944');
  await page.locator('.form-foot .btn-primary').click();
  await page.waitForURL(/\/elders\/\d{6}-\d+$/);
  assert.match(await page.locator('h1').innerText(), /欧阳·试验/);
  await axe(page);
  await shot(page, 'elder');

  await page.goto('/elders?q=oysy');
  await page.locator('a.row-link', { hasText: '欧阳·试验' }).click();
  await page.waitForURL(/\/elders\/\d{6}-\d+$/);
  await page.goto(`${page.url()}/edit`);
  await page.locator('#phone').fill('13800138000');
  await page.locator('.form-foot .btn-primary').click();
  await page.waitForURL(/\/elders\/\d{6}-\d+$/);
  assert.match(await page.locator('main').innerText(), /138\*{4}8000/);
  await page.goto(`/elders?q=13800138000`);
  assert.equal(await page.locator('tbody tr').count(), 1);
});

journey('an official opens the list behind a number of the ledgers, without JavaScript', { javaScriptEnabled: false }, async ({ page }) => {
  await login(page, 'official');
  await page.goto('/elders/ledgers?lang=zh');
  const number = page.locator('tfoot td.num a').first();
  const text = (await number.innerText()).trim();
  await number.click();
  await page.waitForURL(/\/elders\?/);
  assert.match(await page.locator('main [role=status]').first().innerText(), new RegExp(text));
});

// A laboratory's file fills checks.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

journey('a laboratory file fills checks and hands back what it does not know', async ({ page }) => {
  await login(page, 'clinician');
  await page.goto('/healthcheck/due');
  // Those longest overdue stand first; the last were checked this year already.
  await page.locator('table.list a.row-link').nth(1).click();
  await page.waitForURL(/\/healthcheck\/due\/\d/);
  const start = page.getByRole('button', { name: '开始体检' });
  if (await start.count()) {
    await start.click();
    await page.waitForURL(/\/healthcheck\/\d/);
  }
  await page.goto('/healthcheck?state=open');
  const number = (await page.locator('table.list tbody tr').first().locator('td[data-label="体检号"]').innerText()).trim();
  await page.goto('/healthcheck/labs');
  const text = `体检号,项目代码,项目名称,结果,单位\n${number},GLU,葡萄糖,101,mg/dL\n${number},CEA,癌胚抗原,2,ng/mL\n99010199999999,ALT,谷丙转氨酶,20,U/L\n`;
  await page.locator('input[name=file]').setInputFiles({ name: '化验.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await shot(page, 'healthcheck labs');
  await page.getByRole('button', { name: '上传' }).click();
  await page.waitForURL(/\/healthcheck\/labs\/\d/);
  assert.match(await page.locator('main').innerText(), /体检表没有对应的项目/);
  await shot(page, 'healthcheck labs result');
  await axe(page, { within: 'main' });
});

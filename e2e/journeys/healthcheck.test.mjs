// The yearly check: called from the list, filled in on a phone, finished, read by the elder, counted; a laboratory's file.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

journey('a village doctor calls, checks on a phone, finishes, and prints for the elder', { allow: [/status of 422/] }, async ({ page }) => {
  await login(page, 'clinician');
  await page.goto('/healthcheck/due');
  await shot(page, 'healthcheck due');
  await axe(page, { within: 'main' });
  await page.locator('table.list a.row-link').first().click();
  await page.waitForURL(/\/healthcheck\/due\/\d/);
  await shot(page, 'healthcheck call');
  await axe(page, { within: 'main' });
  const start = page.getByRole('button', { name: '开始体检' });
  if (await start.count()) await start.click();
  else await page.getByRole('link', { name: /体检$/ }).last().click();
  await page.waitForLoadState();
  const address = new URL(page.url()).pathname.replace(/\/fill\/.*/, '');

  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${address}/fill/examination`);
  await page.locator('input[name=sbp]').fill('1400');
  await page.locator('input[name=dbp]').fill('88');
  await page.locator('input[name=height]').focus();
  await page.locator('#n-sbp .error').waitFor();
  assert.match(await page.locator('#n-sbp').innerText(), /请核对是否写错/);
  await page.locator('input[name=sbp]').fill('186');
  await page.locator('input[name=height]').fill('158');
  await page.locator('input[name=weight]').fill('66');
  await page.locator('input[name=waist]').fill('92');
  await page.locator('input[name=pulse]').focus();
  await page.locator('#n-sbp', { hasText: '危急' }).waitFor();
  // Weight and height are sent after the pressure that was waited for.
  await page.locator('#n-bmi', { hasText: '26.4' }).waitFor();
  await page.reload();
  assert.equal(await page.locator('input[name=dbp]').inputValue(), '88', 'kept without a button');
  await shot(page, 'healthcheck examination');
  await axe(page, { within: 'main' });

  await page.goto(`${address}/fill/selfcare`);
  for (const item of ['eat', 'wash', 'dress', 'toilet', 'move']) await page.locator(`input[name=${item}][value="0"]`).check();
  await page.locator('#self-care', { hasText: '可自理' }).waitFor();
  await shot(page, 'healthcheck self care');
  await page.goto(`${address}/fill/laboratory`);
  await page.locator('input[name=glucose]').fill('7.4');
  await page.locator('input[name=hemoglobin]').focus();
  await page.locator('#n-glucose', { hasText: '异常' }).waitFor();
  await shot(page, 'healthcheck laboratory');
  await page.goto(`${address}/fill/guidance`);
  await page.locator('input[name=guidance][value=refer]').check();
  await page.locator('#saved', { hasText: '已保存' }).waitFor();
  await shot(page, 'healthcheck guidance');

  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(address);
  await shot(page, 'healthcheck open');
  await axe(page, { within: 'main' });
  const reason = page.locator('textarea[name=reason]').first();
  if (await reason.count()) await reason.fill('老人拒绝做其他项目');
  await page.getByRole('button', { name: '完成体检' }).click();
  await page.getByText('已完成的体检').waitFor();
  await shot(page, 'healthcheck finished');
  await page.goto(`${address}/report`);
  assert.match(await page.locator('main').innerText(), /请今天就去医院/);
  await shot(page, 'healthcheck report');
  await page.emulateMedia({ media: 'print' });
  await page.screenshot({ path: 'out/healthcheck-report-print.png', fullPage: true });
  await page.emulateMedia({ media: 'screen' });
  await axe(page, { within: 'main' });
  await page.goto('/healthcheck');
  await shot(page, 'healthcheck list');
  await page.goto(`${address}?lang=en`);
  await shot(page, 'healthcheck english');
  await page.goto('/?lang=zh');
});

journey('an official sees the managed rate down to the village', { javaScriptEnabled: false }, async ({ page }) => {
  await login(page, 'official');
  await page.goto('/healthcheck/rates');
  await shot(page, 'healthcheck rates');
  await page.locator('table.list a.row-link').first().click();
  await page.waitForURL(/place=/);
  assert.ok((await page.locator('table.list tbody tr').count()) > 0);
  await shot(page, 'healthcheck rates street');
});

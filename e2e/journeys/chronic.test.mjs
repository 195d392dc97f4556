// A nurse follows a patient up on a phone in a few taps; a second bad visit becomes a referral that stays until done.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

journey('a patient is registered, visited twice and referred, all on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await login(page, 'clinician');
  await page.goto('/chronic/pressure?work=never');
  await page.locator('table.list a.row-link').first().click();
  const here = new URL(page.url()).pathname;
  await page.getByRole('link', { name: '登记慢病' }).first().click();
  await axe(page, { within: 'main' });
  await page.locator('select[name=kind]').selectOption('hypertension');
  await page.locator('input[name=diagnosed]').fill('2019');
  await page.locator('input[name=diagnosed_by]').fill('县人民医院');
  await page.locator('main').getByRole('button', { name: '登记', exact: true }).click();
  await page.waitForURL((url) => url.pathname === here);

  const visit = async (systolic, diastolic) => {
    await page.goto(`${here}/visit`);
    const began = Date.now();
    await page.locator('input[name=systolic]').fill(systolic);
    await page.locator('input[name=diastolic]').fill(diastolic);
    await page.locator('#outcome', { hasText: '下次随访不晚于' }).waitFor();
    await shot(page, `chronic visit ${systolic}`);
    await page.getByRole('button', { name: '保存随访' }).click();
    await page.waitForURL(/\/visits\//);
    return (Date.now() - began) / 1000;
  };
  const seconds = await visit('168', '92');
  assert.ok(seconds < 20, `a usual visit took ${seconds} s`);
  assert.ok(await page.getByText('控制不满意').first().isVisible());
  await page.goto(`${here}/visit`);
  assert.ok(await page.getByText('上次 168').isVisible(), 'the last value stands beside the field');
  await axe(page, { within: 'main' });

  await visit('185', '95');
  assert.ok(await page.getByText('紧急转诊').first().isVisible());
  await shot(page, 'chronic visit referred');
  await page.goto('/chronic/referrals?state=open');
  assert.ok(await page.locator('table.list a.row-link').count());
  await page.goto(here);
  await shot(page, 'chronic patient');
  await page.locator('label.choice', { hasText: '已住院' }).click();
  await page.getByRole('button', { name: '写下结果' }).click();
  await page.waitForLoadState();
  assert.equal(await page.getByRole('button', { name: '写下结果' }).count(), 0);
  await page.goto(`${here}/card`);
  await shot(page, 'chronic card');

  await page.setViewportSize({ width: 1440, height: 900 });
  for (const path of ['/chronic', '/chronic/pressure', '/chronic/glucose', here]) {
    await page.goto(path);
    await axe(page, { within: 'main' });
    await shot(page, `chronic wide ${path.split('/').length}`);
  }
});

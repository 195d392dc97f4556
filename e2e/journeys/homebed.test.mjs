// A home hospital bed from the application to the first round and the bill; beds in every state; a home elderly-care bed.
import assert from 'node:assert/strict';
import { axe, confirmed, journey, login, logout, shot } from '../lib.mjs';

const summary = (page, text) => page.locator('main summary', { hasText: text }).first();

journey('a bed is applied for, opened, seen on a round and charged', async ({ page }) => {
  await login(page, 'clinician');
  await page.goto('/homebed?state=eligible');
  await page.locator('table.list a.row-link').first().click();
  await page.getByText('下一步').waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'homebed eligible');
  await page.locator('input[name=diagnosis]').fill('脑梗死恢复期');
  await page.locator('textarea[name=first_note]').fill('左侧肢体活动不利。');
  await page.locator('textarea[name=treatment_plan]').fill('康复训练。');
  await page.locator('main').getByRole('button', { name: '建床' }).click();
  await page.getByText('病程和护理记录').waitFor();
  await page.locator('input[name=systolic]').first().fill('134');
  await page.locator('input[name=diastolic]').first().fill('82');
  await page.locator('textarea[name=findings]').first().fill('病情平稳。');
  await page.locator('main').getByRole('button', { name: '巡诊记录' }).click();
  await page.getByText('收缩压 134 mmHg').waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'homebed open');
  await summary(page, '收费').click();
  await page.locator('main').getByRole('button', { name: '收费' }).click();
  await confirmed(page);
  await page.getByText('合计').first().waitFor();
  await page.getByRole('link', { name: '首次病程记录' }).first().click();
  assert.ok(await page.getByText('左侧肢体活动不利').first().isVisible());
  await axe(page, { within: 'main' });
  await shot(page, 'homebed first note');
});

journey('beds of a county stand in a list, and what is late with them', async ({ page }) => {
  await login(page, 'lead');
  await page.goto('/homebed');
  await axe(page, { within: 'main' });
  await shot(page, 'homebed list');
  await page.goto('/homebed/due?when=late');
  await page.locator('table.list a.row-link').first().waitFor();
  // The bed may stand in another street than the lead's.
  await logout(page);
  await login(page, 'official');
  await page.goto('/homebed?kind=care&state=open');
  await page.locator('table.list a.row-link').first().click();
  await page.getByText('补贴依据').waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'homebed care');
  const bed = page.url();
  for (const [paper, said] of [['contract', '约定'], ['adaptation', '改造'], ['services', '服务项目'], ['settlement', '结束']]) {
    await page.goto(`${bed}/papers/${paper}`);
    await page.locator('main').getByText(said).first().waitFor();
    await axe(page, { within: 'main' });
    await shot(page, `homebed ${paper}`);
  }
});

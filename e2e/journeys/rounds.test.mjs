// Rounds and visits to those in hardship: noted on a phone with one choice, planned by calendar and route sheet, followed up.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

/** Opens a visit to an elder that is still to be made. */
async function waiting(page, nth) {
  await page.goto('/rounds/list?state=waiting&subject=elder');
  await page.locator('table.list a.row-link').nth(nth).click();
  await page.waitForURL(/\/rounds\/\d+-\d+$/);
}

journey('a village doctor notes a visit on a phone with one choice', { phone: true }, async ({ page }) => {
  await login(page, 'clinician');
  await page.goto('/rounds');
  await shot(page, 'rounds calendar on a phone');
  await waiting(page, 0);
  await shot(page, 'rounds task');
  await page.getByRole('link', { name: '登记巡访' }).click();
  await page.waitForURL(/record$/);
  await page.getByText('情况良好').click();
  await shot(page, 'rounds record');
  await axe(page, { within: 'main' });
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('巡访已登记').waitFor();
  assert.match(await page.locator('main').innerText(), /按期完成/);
});

journey('who needs help is followed up', { javaScriptEnabled: false }, async ({ page }) => {
  await login(page, 'lead');
  await waiting(page, 0);
  await page.getByRole('link', { name: '登记巡访' }).click();
  await page.getByText('需要帮助').first().click();
  await page.getByRole('button', { name: '保存' }).click();
  await page.goto('/rounds/follow?follow=open&sort=-day');
  await shot(page, 'rounds follow');
  await page.locator('table.list a.row-link').first().click();
  await page.getByLabel('跟进结果').fill('村委会已送去棉被');
  await shot(page, 'rounds visit');
  await page.getByRole('button', { name: '已跟进' }).click();
  await page.getByText('村委会已送去棉被').waitFor();
});

journey('a week is planned and what is late is seen', async ({ page }) => {
  await login(page, 'lead');
  await page.goto('/rounds');
  await shot(page, 'rounds calendar');
  await axe(page, { within: 'main' });
  await page.getByRole('link', { name: '按周看' }).click();
  await page.waitForURL(/view=week/);
  await shot(page, 'rounds week');
  await page.getByRole('link', { name: '打印本周路线单' }).click();
  await page.waitForURL(/\/rounds\/week/);
  await shot(page, 'rounds route sheet');
  await page.goto('/rounds/overdue');
  await shot(page, 'rounds overdue');
  await axe(page, { within: 'main' });
  await page.goto('/rounds/months');
  await shot(page, 'rounds months');
  await page.goto('/rounds/list?state=overdue');
  await shot(page, 'rounds list');
  await page.locator('table.list a.row-link').first().click();
  await page.getByLabel('逾期原因').fill('村医外出培训');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('逾期原因已记下').waitFor();
});

journey('those seen in a village are noted at once, and one in hospital is left out', async ({ page }) => {
  await login(page, 'clinician');
  await page.goto('/rounds/overdue');
  const late = await page.locator('table.plain a').first().getAttribute('href');
  await page.goto(`/rounds/villages/${new URL(late, page.url()).searchParams.get('place')}`);
  await shot(page, 'rounds village');
  await axe(page, { within: 'main' });
  await page.locator('input[name=seen]').first().check();
  await page.getByLabel('逾期原因').fill('雨天路断');
  await page.getByRole('button', { name: '登记见到的' }).click();
  await page.getByText(/已登记 1 项/).waitFor();
  await waiting(page, 0);
  const elder = await page.locator('dl.kv a').first().getAttribute('href');
  await page.goto(elder);
  await shot(page, 'rounds elder');
  await page.getByText('在医院').click();
  await page.getByRole('button', { name: '登记不在家' }).click();
  await page.getByText('已登记不在家').waitFor();
  assert.match(await page.locator('main').innerText(), /不再需要/);
  await page.getByRole('link', { name: '同户' }).click();
  await shot(page, 'rounds household');
});

// Alarms: one comes in while an operator watches, is taken by keyboard, somebody is sent, arrives, and it is closed; rosters; figures.
import assert from 'node:assert/strict';
import { axe, journey, login, shot, watched } from '../lib.mjs';

/** Writes a call down on a page of its own; gives the address of the case. */
async function called(context, said) {
  const page = watched(await context.newPage());
  await page.goto('/elders?sort=-age');
  await page.locator('table.list a.row-link').nth(4).click();
  await page.getByRole('link', { name: '登记报警' }).click();
  await page.locator('select[name=kind]').selectOption('fall');
  await page.locator('textarea[name=said]').fill(said);
  await page.getByRole('button', { name: '登记报警' }).click();
  await page.getByText('报警已登记').waitFor();
  const link = new URL(page.url()).pathname;
  await page.close();
  return link;
}

journey('an alarm comes in, is taken by keyboard, somebody is sent, arrives, and it is closed', async ({ page, context }) => {
  await login(page, 'operator');
  await page.goto('/monitoring');
  await page.locator('#board .alarm').first().waitFor();
  // Stands in the page without being asked for again.
  await page.evaluate(() => (window.mark = true));
  const link = await called(context, '邻居说老人摔倒了');
  const row = page.locator(`a.js-alarm[href="${link}"]`);
  await row.waitFor({ timeout: 3_000 });
  assert.equal(await page.evaluate(() => window.mark), true, 'the page was not loaded again');
  assert.match(await page.title(), /^\(\d+\) /, 'how many wait stands in the title');
  await axe(page, { within: 'main' });
  await shot(page, 'monitoring board');

  // Down the list to the new one, which is the youngest of those that wait, and taken.
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('j');
    if (await row.evaluate((it) => it === document.activeElement)) break;
  }
  assert.ok(await row.evaluate((it) => it === document.activeElement), 'j walks to it');
  await page.keyboard.press('a');
  await page.waitForURL((url) => url.pathname === link);
  await page.getByText('由您处理').waitFor();
  await page.getByRole('heading', { name: '怎么问、怎么说' }).waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'monitoring case');

  await page.getByRole('button', { name: /^派 .* 上门$/ }).first().click();
  await page.getByText('已派人并通知').waitFor();
  await page.keyboard.press('d');
  await page.getByText('已记出发').waitFor();
  await page.keyboard.press('r');
  await page.getByText('已记到达').waitFor();
  await page.getByLabel('情况属实', { exact: true }).check();
  await page.locator('textarea[name=found]').first().fill('在卫生间摔倒，无大碍');
  await page.getByRole('button', { name: '结案', exact: true }).click();
  await page.getByText('报警已结案').first().waitFor();
  await shot(page, 'monitoring closed');
  await page.keyboard.press('b');
  await page.waitForURL((url) => url.pathname === '/monitoring');
  assert.equal(await page.locator(`a.js-alarm[href="${link}"]`).count(), 0);
  await page.goto('/monitoring/history');
  await page.locator('table.list .badge', { hasText: '情况属实' }).first().waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'monitoring history');
  await page.goto('/monitoring/figures');
  await axe(page, { within: 'main' });
  await shot(page, 'monitoring figures');
});

journey('sound is switched on by a press, and says so', async ({ page }) => {
  await login(page, 'operator');
  await page.goto('/monitoring');
  const button = page.locator('.js-sound');
  assert.equal(await button.getAttribute('aria-pressed'), 'false');
  await page.waitForFunction(() => document.querySelector('.js-since')?.textContent !== '');
  await page.keyboard.press('s');
  assert.equal(await button.getAttribute('aria-pressed'), 'true');
  await page.getByText('声音已打开').waitFor();
});

journey('the page works without script', { javaScriptEnabled: false }, async ({ page }) => {
  await login(page, 'operator');
  await page.goto('/monitoring');
  await page.getByRole('button', { name: '接警' }).first().click();
  await page.getByText('由您处理').waitFor();
  await page.getByText('交回,找下一个人').or(page.getByText('交回，找下一个人')).first().click();
  await page.locator('input[name=reason]').first().fill('占线');
  await page.getByRole('button', { name: '交回', exact: true }).click();
  await page.getByText('继续找下一个人').first().waitFor();
});

journey('a gap of the roster is seen before it happens and filled for one day', async ({ page }) => {
  await login(page, 'lead');
  await page.goto('/monitoring/duty');
  await page.locator('table a.row-link').first().click();
  await page.getByText(/近期的值班有 \d+ 处空档/).waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'monitoring duty');
  await page.getByRole('link', { name: '下一周' }).click();
  const slot = page.locator('select[name^="d-"]').last();
  await slot.selectOption({ index: 2 });
  await page.getByRole('button', { name: '保存这一周' }).click();
  await page.getByText('这一周的值班已保存').waitFor();
  assert.notEqual(await page.locator('select[name^="d-"]').last().inputValue(), '');
});

// Internet+nursing: a family orders on the phone, sees the price, answers the questions and agrees; a lead sends a nurse who may
// go and what she did is written down; the family rates.
import assert from 'node:assert/strict';
import { axe, confirmed, journey, login, logout, shot, signPad } from '../lib.mjs';

/** Answers what is asked before a visit, and orders; gives the order's address. */
async function ordered(page) {
  await page.locator('input[name=service][value=blood]').check();
  await page.locator('main form .btn-primary').click();
  await page.locator('input[name=risk_acute]').first().waitFor();
  await axe(page, { within: 'main' });
  for (const no of await page.locator('input[type=radio][value=no]').all()) await no.check();
  const stated = page.locator('input[name=conditions][value=recovering]');
  if (await stated.count()) await stated.check();
  await page.locator('input[name=consent]').check();
  await page.locator('input[name=signer][value=self]').check();
  // The family's account speaks for itself, for others somebody signs.
  if (await page.locator('canvas.js-sign').count()) await signPad(page);
  await shot(page, 'order questions');
  await page.locator('.form-foot .btn-primary').click();
  await page.waitForURL(/\/orders\/\d{6}-\d+$/);
  assert.match(await page.locator('main').innerText(), /待接单/);
  return page.url();
}

journey('a family orders on the phone and sees the order', { phone: true }, async ({ page }) => {
  await login(page, 'family');
  await page.goto('/orders?lang=zh');
  await axe(page, { within: 'main' });
  await shot(page, 'orders family');
  await page.getByRole('link', { name: /^为.*预约$/ }).first().click();
  await page.waitForURL(/\/orders\/new/);
  await axe(page, { within: 'main' });
  await shot(page, 'order new');
  const order = await ordered(page);
  await axe(page, { within: 'main' });
  await shot(page, 'order family');
});

journey('a lead orders, accepts, sends who may go, and has it written down by hand', async ({ page }) => {
  await login(page, 'lead');
  await page.goto('/orders?what=open&lang=zh');
  await axe(page, { within: 'main' });
  await shot(page, 'orders');
  await page.goto('/elders');
  await page.locator('table.list a.row-link').nth(3).click();
  await page.getByRole('link', { name: '预约上门服务' }).first().click();
  await page.waitForURL(/\/orders\/new/);
  const order = await ordered(page);
  await page.getByRole('button', { name: '接单', exact: true }).click();
  await page.locator('main').getByText('已接单').first().waitFor();
  await page.getByRole('link', { name: '派人' }).click();
  await page.waitForURL(/\/staff$/);
  await axe(page, { within: 'main' });
  await shot(page, 'order staff');
  await page.locator('select[name=staff]').selectOption({ index: 1 });
  const looked = page.locator('input[name=looked_up]');
  if (await looked.count()) await looked.check();
  await page.locator('.form-foot .btn-primary').click();
  await page.waitForURL(order);
  await page.getByRole('button', { name: '已出发' }).click();
  await page.locator('main').getByText('服务中').first().waitFor();
  await page.locator('summary', { hasText: '手工登记完成' }).click();
  await page.locator('textarea[name=note]').fill('采血两管,老人平稳');
  await page.getByRole('button', { name: '登记完成' }).click();
  await confirmed(page);
  await page.locator('main').getByText('已完成').first().waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'order done');
  await page.goto(`${order}/paper`);
  await axe(page, { within: 'main' });
  await shot(page, 'order paper');
  await page.goto('/orders/services');
  await axe(page, { within: 'main' });
  await shot(page, 'order catalogue');
});

journey('a family says how a service was', { phone: true }, async ({ page }) => {
  await login(page, 'family');
  await page.goto('/orders?what=unrated&lang=zh');
  await page.locator('a.row-link').first().click();
  await page.waitForURL(/\/orders\/\d{6}-\d+$/);
  const choice = page.locator('select[name=rating]');
  if (await choice.count()) await choice.selectOption('5');
  else await page.locator('input[name=rating][value="5"]').check();
  await page.locator('textarea[name=words]').fill('护士很细心');
  await page.getByRole('button', { name: '评价' }).click();
  await page.locator('main').getByText('已评价').first().waitFor();
  await shot(page, 'order rated');
});

journey('one order from the family\'s phone through acceptance and dispatch to its rating', { phone: true }, async ({ page }) => {
  await login(page, 'family');
  await page.goto('/orders?lang=zh');
  await page.getByRole('link', { name: /^为.*预约$/ }).first().click();
  await page.waitForURL(/\/orders\/new/);
  const order = await ordered(page);
  assert.match(await page.locator('main').innerText(), /账号已确认/);
  await logout(page);
  await login(page, 'official');
  await page.goto(order);
  await page.getByText('安全和同意').waitFor();
  await logout(page);
  await login(page, 'lead');
  await page.goto(order);
  await page.getByRole('button', { name: '接单', exact: true }).click();
  await page.locator('main').getByText('已接单').first().waitFor();
  await page.getByRole('link', { name: '派人' }).click();
  await page.waitForURL(/\/staff$/);
  await page.locator('select[name=staff]').selectOption({ index: 1 });
  const looked = page.locator('input[name=looked_up]');
  if (await looked.count()) await looked.check();
  await page.locator('.form-foot .btn-primary').click();
  await page.waitForURL(order);
  await shot(page, 'order assigned');
  await page.locator('summary', { hasText: '手工登记完成' }).click();
  await page.locator('textarea[name=note]').fill('采血两管');
  await page.getByRole('button', { name: '登记完成' }).click();
  await confirmed(page);
  await page.locator('main').getByText('已完成').first().waitFor();
  await page.goto(`${order}/paper`);
  await page.getByText('的账号确认同意').waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'order agreed paper');
  await logout(page);
  await login(page, 'family');
  await page.goto(order);
  const choice = page.locator('select[name=rating]');
  if (await choice.count()) await choice.selectOption('5');
  else await page.locator('input[name=rating][value="5"]').check();
  await page.locator('textarea[name=words]').fill('很细心');
  await page.getByRole('button', { name: '评价' }).click();
  await page.locator('main').getByText('已评价').first().waitFor();
});

// What a visit costs is said before it is ordered; the bill is written from it, paid, and one line of it taken back; the
// institution is settled with, and elderly care stands in a book of its own.
import assert from 'node:assert/strict';
import { axe, confirmed, journey, login, shot } from '../lib.mjs';

journey('a visit is priced, billed, paid and corrected', async ({ page }) => {
  await login(page, 'lead');
  await page.goto('/tariff');
  await axe(page, { within: 'main' });
  await shot(page, 'tariff prices');
  await page.goto('/elders');
  await page.locator('table.list a.row-link').nth(5).click();
  await page.getByRole('link', { name: '询价' }).first().click();
  await page.locator('select[name=institution] option').nth(1).waitFor({ state: 'attached' });
  const centre = page.locator('select[name=institution] option', { hasText: /卫生院|社区卫生服务中心/ }).first();
  await page.locator('select[name=institution]').selectOption(await centre.getAttribute('value'));
  await page.locator('input[name=code]').first().fill('120600001');
  await page.locator('input[name=code]').nth(1).fill('HC-0001');
  await page.locator('input[name=quantity]').nth(1).fill('2');
  await page.locator('input[name=visit]').check();
  await page.locator('input[name=insured]').check();
  await page.locator('main').getByRole('button', { name: '询价' }).click();
  await page.getByText('要多少钱,由谁付').or(page.getByText('要多少钱，由谁付')).waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'tariff quote');
  await page.getByRole('button', { name: '按此开账单' }).click();
  await confirmed(page);
  await page.waitForURL(/\/tariff\/bills\/\d{6}-\d+$/);
  await axe(page, { within: 'main' });
  await shot(page, 'tariff bill');
  await page.getByRole('button', { name: '收款' }).click();
  await page.getByText('已结清').first().waitFor();
  await page.getByText('更正一笔收费').click();
  await page.locator('select[name=entry]').selectOption({ index: 1 });
  await page.locator('input[name=reason]').last().fill('没有用换药包');
  await page.locator('main').getByRole('button', { name: '更正', exact: true }).click();
  await confirmed(page);
  await page.getByText('待退款').first().waitFor();
  assert.ok(await page.getByText('没有用换药包').first().isVisible());
  await page.goto('/tariff/bills');
  await axe(page, { within: 'main' });
  await shot(page, 'tariff bills');
});

journey('an institution is prepaid and settled with, and its books are kept apart', async ({ page }) => {
  await login(page, 'clerk');
  await page.goto('/tariff/institutions?with=unsettled');
  await page.locator('table.list a.row-link').first().click();
  await axe(page, { within: 'main' });
  await shot(page, 'tariff institution');
  await page.getByRole('button', { name: '清算' }).click();
  await confirmed(page);
  await page.getByText('当月应付').first().waitFor();
  await page.getByRole('link', { name: /月报/ }).click();
  await page.getByText('期末结余').first().waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'tariff statement');
});

// Steps that journeys of long-term-care insurance share.
import { confirmed } from './lib.mjs';

/** Has the months compared that would come out otherwise today, and waits until `month` is among them. */
export async function foundAgain(page, month) {
  await page.goto('/ltci/redo');
  await page.getByRole('button', { name: '现在核对' }).click();
  await page.getByText('已开始核对').waitFor();
  for (let nth = 0; nth < 20 && (await page.locator('table.list').getByText(month).count()) === 0; nth += 1) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  await page.locator('table.list').getByText(month).first().waitFor();
}

/** Settles a month once more and arrives at what differs from the last time. */
export async function settledAgain(page, month) {
  await page.goto('/ltci/settlements');
  await page.locator('#settle-month').fill(month);
  await page.locator('form[action="/ltci/settlements"] button.btn-primary').click();
  await confirmed(page);
  await page.getByText('计算完成').waitFor();
  await page.getByText('核对草稿').click();
  await page.getByRole('link', { name: '与上次的不同' }).click();
}

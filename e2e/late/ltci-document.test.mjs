// A policy document becomes known late: the months it changes are found, settled again and paid by the difference.
import assert from 'node:assert/strict';
import { confirmed, journey, login, looked } from '../lib.mjs';
import { foundAgain, settledAgain } from '../ltci.mjs';

journey('a document that becomes known late changes a settled month, and the difference is paid', async ({ page }) => {
  await login(page, 'clerk');
  await page.goto('/ltci/settlements?state=confirmed');
  await page.locator('table.list a.row-link').first().click();
  await page.getByText('结果摘要').waitFor();
  const month = (await page.locator('h1').innerText()).match(/\d{4}-\d{2}/)[0];
  await foundAgain(page, month);
  await looked(page, 'ltci late document found');
  await settledAgain(page, month);
  await page.locator('main table tbody tr').first().waitFor();
  await looked(page, 'ltci late document differences');
  await page.goBack();
  await page.getByRole('button', { name: '确认结算' }).click();
  await confirmed(page);
  await page.getByText('补发').first().waitFor();
  assert.equal(await page.getByText('追回').count(), 0, 'nobody loses by a higher limit');
  await looked(page, 'ltci late document settled');
  await page.goto('/ltci/redo');
  assert.equal(await page.locator('table.list').getByText(month).count(), 0, 'the month is as it should be');
});

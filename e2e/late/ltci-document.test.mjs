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
  const [year, number] = new Date().toISOString().split('-').map(Number);
  // The document holds from the first of the month two months ago, as with-server.sh writes it.
  const first = new Date(Date.UTC(year, number - 3, 1)).toISOString().slice(0, 10);
  await foundAgain(page, month);
  await looked(page, 'ltci late document found');
  await settledAgain(page, month);
  const policy = page.locator('section.card', { hasText: '变化的政策' });
  await policy.getByText('待遇标准').waitFor();
  assert.match(await policy.innerText(), new RegExp(`2020-09-01 起[^]*${first} 起`), 'the value of before and the one of the late document');
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

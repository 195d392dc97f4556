// A month of long-term-care insurance: paid, settled again when a fact becomes known late, objected to by an institution.
import assert from 'node:assert/strict';
import { confirmed, journey, login, logout, looked } from '../lib.mjs';
import { foundAgain, settledAgain } from '../ltci.mjs';

journey('a month is paid, a stay in hospital becomes known late, the difference is settled, and an institution objects', async ({ page }) => {
  await login(page, 'clerk');
  await page.goto('/ltci/settlements?state=confirmed');
  await page.locator('table.list a.row-link').first().click();
  await page.getByText('结果摘要').waitFor();
  const run = new URL(page.url()).pathname;
  const month = (await page.locator('h1').innerText()).match(/\d{4}-\d{2}/)[0];
  await looked(page, 'ltci month confirmed');
  const pay = page.locator(`form[action="${run}/paid"]`);
  await pay.locator('[name=reference]').fill('2026-拨-017');
  await pay.locator('button').click();
  await confirmed(page);
  await page.getByText('2026-拨-017').first().waitFor();
  assert.equal(await pay.count(), 0, 'nothing is left to be paid');

  // Somebody lay in hospital for three days of it: what was paid for them comes back.
  const elder = await hospital(page, run, month);
  await foundAgain(page, month);
  await looked(page, 'ltci redo');
  await settledAgain(page, month);
  await page.getByText(elder).first().waitFor();
  assert.equal(await page.getByText('变化的政策').count(), 0, 'it is a fact that changed');
  await looked(page, 'ltci differences');
  await page.goBack();
  await page.getByRole('button', { name: '确认结算' }).click();
  await confirmed(page);
  await page.getByText('追回').first().waitFor();
  await looked(page, 'ltci month redone');

  // The institution finds a line of which the daily cap took a part, and objects.
  await logout(page);
  await login(page, 'manager');
  await page.goto(`/ltci/payments?month=${month}`);
  await page.locator('table.list a.row-link').first().click();
  await page.getByText('超过金额限额').first().waitFor();
  await looked(page, 'ltci statement of an institution');
  await page.locator('tr', { hasText: '超过金额限额' }).first().locator('a').click();
  await page.getByText('提出异议').waitFor();
  const claim = new URL(page.url()).pathname;
  await page.locator(`form[action="${claim}/objection"] textarea`).fill('当天另有一次夜间照护,限额应按两天计。');
  await page.locator(`form[action="${claim}/objection"] button`).click();
  await page.getByText('异议已提出').waitFor();
  await looked(page, 'ltci objection');

  await logout(page);
  await login(page, 'clerk');
  await page.goto('/ltci/objections?state=open');
  await page.locator('table.list a.row-link').first().click();
  const answer = page.locator(`form[action="${claim}/answer"]`);
  await looked(page, 'ltci objection to answer');
  await answer.locator('[name=state][value=dismissed]').check();
  await answer.locator('[name=answer]').fill('限额按自然日计,当天已用完。');
  await answer.locator('button').click();
  await page.getByText('已答复').waitFor();
});

/** Writes down that somebody who was served in the month lay in hospital for three days of it; gives the name. */
async function hospital(page, run, month) {
  await page.goto(`/ltci/verdicts?settlement=${run.split('/').pop()}`);
  await page.locator('table.list a.row-link').first().click();
  const name = (await page.locator('main').innerText()).match(/([\p{Script=Han}·]{2,})\s*·\s*\d{4}-\d{2}-\d{2}/u)[1];
  await page.goto(`/ltci?q=${encodeURIComponent(name)}`);
  await page.locator('table.list a.row-link').first().click();
  const pause = page.locator('form[action$="/pause"]');
  await page.locator('summary', { hasText: '暂停待遇' }).click();
  await pause.locator('[name=reason][value=hospital]').check();
  await pause.locator('[name=from]').fill(`${month}-10`);
  await pause.locator('[name=until]').fill(`${month}-13`);
  await pause.locator('button').click();
  await confirmed(page);
  await page.locator('main li', { hasText: `${month}-10` }).first().waitFor();
  return name;
}

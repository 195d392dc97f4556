// Long-term-care insurance: an institution signs an agreement, an elder is enrolled and applies, the clerk decides by the policy.
import assert from 'node:assert/strict';
import { axe, confirmed, journey, login, looked, shot } from '../lib.mjs';

journey('an elder with a conclusion is enrolled, applies, and the clerk decides', async ({ page }) => {
  await login(page, 'clerk');
  await page.goto('/institutions');
  const institution = (await page.locator('table.list a.row-link').first().getAttribute('href')).split('/').pop();
  await page.goto(`/ltci/providers/${institution}`);
  const name = (await page.locator('h1').innerText()).trim();
  await page.locator('summary', { hasText: '签订协议' }).click();
  const sign = page.locator('form[action$="/sign"]');
  await sign.locator('[name=number]').fill('2026-试-01');
  await sign.locator('[name=from]').fill('2024-01-01');
  await sign.locator('[name=until]').fill('2030-12-31');
  await sign.locator('[name=modes][value=residential]').check();
  await sign.locator('[name=capacity]').fill('50');
  await sign.locator('button').click();
  await confirmed(page);
  await page.getByText('协议有效').first().waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'ltci provider');

  await page.goto('/assessment?programme=ltci&state=effective');
  const assessments = await page.locator('table.list a.row-link').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  // Some have a benefit already, or have applied.
  let elder;
  for (const assessment of assessments) {
    await page.goto(assessment);
    elder = (await page.locator('main a[href^="/elders/2"]').first().getAttribute('href')).split('/').pop();
    await page.goto(`/elders/${elder}`);
    if ((await page.locator(`a[href="/ltci/apply?elder=${elder}"]`).count()) > 0) break;
  }
  const who = (await page.locator('h1').innerText()).trim().split(/\s/)[0];
  await page.locator('form[action*="/reveal"] button').first().click();
  await page.waitForFunction(() => /\d{17}[\dX]/.test(document.querySelector('main').innerText));
  const number = (await page.locator('main').innerText()).match(/\d{17}[\dX]/)[0];

  await page.goto('/ltci/insured');
  await page.locator('summary', { hasText: '登记参保' }).click();
  const enrol = page.locator('form[action="/ltci/insured"]').last();
  await enrol.locator('[name=id_number]').fill(number);
  await enrol.locator('[name=name]').fill(who);
  await enrol.locator('[name=kind]').selectOption('resident');
  await enrol.locator('[name=from]').fill('2024-01-01');
  await enrol.locator('button').last().click();
  await page.waitForURL(/\/ltci\/insured\/\d{6}-\d+$/);
  await axe(page, { within: 'main' });
  await shot(page, 'ltci insured');

  await page.goto(`/ltci/apply?elder=${elder}`);
  const form = page.locator('form[action="/ltci/apply"]');
  await form.locator('[name=mode]').selectOption('residential');
  await form.locator('[name=provider]').selectOption({ label: name });
  await axe(page, { within: 'main' });
  await shot(page, 'ltci apply');
  await form.locator('button.btn-primary').click();
  await page.waitForURL(/\/ltci\/applications\/\d{6}-\d+$/);
  await page.getByText('按政策应作的决定').waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'ltci application');
  await page.getByRole('button', { name: '作出决定' }).click();
  await confirmed(page);
  await page.getByText('已批准').or(page.getByText('不符合条件')).first().waitFor();

  await page.goto(`/ltci/benefits/${elder}`);
  await axe(page, { within: 'main' });
  await shot(page, 'ltci benefit');
  for (const path of ['/ltci', '/ltci/applications', '/ltci/carers', '/ltci/handlers', '/ltci/services', '/ltci/claims', '/ltci/fund', '/ltci/insured/arrears', '/ltci/insured/units']) {
    await page.goto(path);
    await axe(page, { within: 'main' });
    await shot(page, path.slice(1).replaceAll('/', ' '));
  }
});

journey('a plan of care is drawn up for a recipient, weighed against the limits, and drawn up anew', async ({ page }) => {
  await login(page, 'manager');
  await page.goto('/ltci');
  await page.locator('table.list a.row-link').first().click();
  await page.locator('a[href$="/plan"]').first().click();
  const plan = page.locator('form[action$="/plan"]');
  const day = (days) => new Date(Date.now() + (8 + days * 24) * 3_600_000).toISOString().slice(0, 10);
  const put = async (from, times, minutes) => {
    if (!(await plan.isVisible())) await page.locator('summary', { hasText: '制定新计划' }).click();
    await plan.locator('[name=from]').fill(day(from));
    await plan.locator('[name=review]').fill(day(90));
    await plan.locator('[name="times.S06"]').fill(times);
    await plan.locator('[name="minutes.S06"]').fill(minutes);
    await plan.locator('[name="price.S06"]').fill('30');
    await plan.locator('button.btn-primary').click();
  };
  await put(0, '2', '60');
  await page.getByText('120 分钟').first().waitFor();
  await looked(page, 'ltci plan');
  await put(1, '3', '50');
  const all = page.locator('section.card', { hasText: '历次计划' }).locator('li');
  await all.first().waitFor();
  assert.deepEqual((await all.allInnerTexts()).map((it) => it.match(/^\d{4}-\d{2}-\d{2}/)[0]).sort(), [day(0), day(1)]);
});

// Long-term-care insurance: an institution signs an agreement, an elder is enrolled and applies, the clerk decides by the policy.
import { axe, confirmed, journey, login, shot } from '../lib.mjs';

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

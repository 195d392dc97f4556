// Care plans: a doctor drafts one from what is known, the elder signs on a phone, visits of several programmes are joined, a change
// stands beside what was before; the family reads it in large print.
import assert from 'node:assert/strict';
import { axe, journey, login, shot, signPad } from '../lib.mjs';

journey('a plan is drafted, signed and begun on a phone', { phone: true }, async ({ page }) => {
  await login(page, 'clinician');
  await page.goto('/careplan');
  await shot(page, 'careplan list');
  await page.goto('/elders?group=alone');
  const links = await page.locator('table.list a.row-link').evaluateAll((all) => all.map((it) => it.getAttribute('href')));
  let found = false;
  for (const elder of links) {
    await page.goto(elder.replace('/elders/', '/careplan/new?elder='));
    found = await page.getByRole('button', { name: '保存草案' }).isVisible();
    if (found) break;
  }
  assert.ok(found, 'somebody who lives alone has no plan yet');
  await page.getByLabel('希望留在家里').check();
  await page.getByRole('button', { name: '重新拟订' }).click();
  await page.waitForURL(/wishes=at_home/);
  await shot(page, 'careplan draft');
  await axe(page, { within: 'main' });
  await page.getByRole('button', { name: '保存草案' }).click();
  await page.waitForURL(/\/careplan\/\d+-\d+$/);
  await page.getByRole('link', { name: '签署' }).click();
  await page.getByRole('button', { name: /签署$/ }).first().click();
  await page.waitForURL(/\/careplan\/\d+-\d+$/);
  await page.getByRole('link', { name: '签署' }).click();
  await shot(page, 'careplan sign');
  await axe(page, { within: 'main' });
  await signPad(page);
  await page.locator('form:has(canvas) button.btn-primary').click();
  await page.waitForURL(/\/careplan\/\d+-\d+$/);
  await page.getByRole('button', { name: '开始执行' }).click();
  await page.getByText('照护计划开始执行').first().waitFor();
  await shot(page, 'careplan');
  await axe(page, { within: 'main' });
});

journey('a line is added with its reason and stands beside the version before', async ({ page }) => {
  await login(page, 'lead');
  await page.goto('/careplan?state=in_force');
  await shot(page, 'careplan list');
  await page.locator('table.list a.row-link').first().click();
  await page.waitForURL(/\/careplan\/\d+-\d+$/);
  await shot(page, 'careplan');
  await axe(page, { within: 'main' });
  await page.getByRole('link', { name: '添加' }).click();
  await page.getByLabel('从服务目录选').selectOption('nutrition');
  await page.getByLabel('次数').fill('1');
  await page.getByLabel('原因').fill('近来吃得少');
  await shot(page, 'careplan add');
  await axe(page, { within: 'main' });
  await page.getByRole('button', { name: '添加' }).click();
  await page.waitForURL(/\/careplan\/\d+-\d+$/);
  await page.getByRole('link', { name: '比上一版' }).first().click();
  await page.waitForURL(/compare/);
  assert.match(await page.locator('main').innerText(), /近来吃得少/);
  await shot(page, 'careplan compare');
  await axe(page, { within: 'main' });
  await page.goBack();
  const plan = page.getByRole('button', { name: '安排这次' });
  if (await plan.count()) {
    await plan.first().click();
    await page.getByText('已安排').first().waitFor();
  }
  await page.getByRole('link', { name: '打印签字页' }).click();
  await page.waitForURL(/print/);
  await shot(page, 'careplan print');
  await axe(page, { within: 'main' });
  await page.goto('/careplan/without');
  await shot(page, 'careplan without');
});

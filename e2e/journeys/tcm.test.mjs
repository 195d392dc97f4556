// Chinese medicine: an elder is asked 33 questions, gets a type and advice on paper; a centre keeps its techniques.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

journey('an elder is asked on a phone and takes the advice home', { phone: true }, async ({ page }) => {
  await login(page, 'clinician');
  await page.goto('/tcm/due');
  await shot(page, 'tcm due');
  await page.goto('/elders');
  const elder = await page.locator('table.list a.row-link').nth(4).getAttribute('href');
  await page.goto(elder.replace('/elders/', '/tcm/of/'));
  await shot(page, 'tcm start');
  await page.getByRole('button', { name: '开始提问' }).click();
  await page.waitForURL(/questionnaire/);
  await page.locator('input[name="1"][value="2"]').check();
  await page.locator('#saved', { hasText: '已保存' }).waitFor();
  for (let item = 2; item <= 33; item++) {
    const score = [10, 21, 26, 31].includes(item) ? 4 : 1;
    await page.locator(`input[name="${item}"][value="${score}"]`).check();
  }
  await shot(page, 'tcm questionnaire');
  await page.getByRole('button', { name: /答完.看体质/ }).click();
  await page.waitForURL(/\/tcm\/\d+-\d+$/);
  assert.match(await page.locator('main').innerText(), /阴虚质/);
  await page.locator('textarea[name=note]').fill('少熬夜');
  await shot(page, 'tcm settled');
  await axe(page, { within: 'main' });
  await page.getByRole('button', { name: '已当面指导' }).click();
  await page.getByText('已给予指导').waitFor();
  await page.getByRole('link', { name: '给老人的指导单' }).click();
  await page.waitForURL(/advice/);
  assert.match(await page.locator('main').innerText(), /少熬夜/);
  await shot(page, 'tcm advice');
  await axe(page, { within: 'main' });
  await page.goto('/tcm');
  await shot(page, 'tcm list');
});

journey('a centre keeps the list of its techniques', async ({ page }) => {
  await login(page, 'official');
  await page.goto('/tcm/techniques');
  await shot(page, 'tcm techniques');
  await page.locator('table.list a.row-link').first().click();
  await page.waitForURL(/techniques\/\d/);
  await page.locator('input[value=moxa]').check();
  await shot(page, 'tcm techniques of a centre');
  await axe(page, { within: 'main' });
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('中医技术已保存').waitFor();
});

// Contracting: a team is set up, an elder is signed with three touches, a service is noted, the contract is ended.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

/** Draws on the signature pad. */
async function draw(page) {
  const pad = page.locator('canvas.js-sign');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 30, box.y + box.height / 2);
  await page.mouse.down();
  for (let i = 1; i <= 12; i++) await page.mouse.move(box.x + 30 + i * 12, box.y + box.height / 2 + (i % 2 ? 18 : -18));
  await page.mouse.up();
}

journey('a team lead signs an elder with three touches, notes a service and ends the contract', async ({ page }) => {
  await login(page, 'lead');
  await page.goto('/workforce/teams/new?lang=zh');
  await page.locator('#organisation').selectOption({ index: 1 });
  await page.locator('#name').fill('签约试验团队');
  await page.locator('#opened').fill('2024-01-01');
  await page.locator('.form-foot .btn-primary').click();
  await page.waitForURL(/\/workforce\/teams\/\d{6}-\d+/);

  await page.goto('/contracting/unsigned');
  await axe(page);
  await shot(page, 'contracting unsigned');
  await page.goto('/elders');
  const elders = await page.locator('a.row-link').evaluateAll((all) => all.map((it) => it.getAttribute('href')));
  for (const one of elders) {
    await page.goto(one);
    if ((await page.locator('a.btn', { hasText: '签约' }).count()) > 0) break;
  }
  const elder = page.url();

  const begun = Date.now();
  await page.locator('a.btn', { hasText: '签约' }).click();
  await page.waitForURL(/\/contracting\/new/);
  await draw(page);
  await page.locator('.form-foot .btn-primary').click();
  await page.waitForURL(/\/contracting\/\d{6}-\d+$/);
  assert.ok(Date.now() - begun < 60_000, 'an elder is signed in under a minute');
  assert.match(await page.locator('main').innerText(), /团队/);
  await axe(page);
  await shot(page, 'contract');

  await page.locator('summary', { hasText: '登记服务' }).click();
  await page.locator('select#service, #service').first().selectOption('guidance');
  await page.locator('form[action$="/services"] button').click();
  await page.waitForURL(/\/contracting\/\d{6}-\d+$/);
  assert.match(await page.locator('main').innerText(), /1\/\d+/);

  await page.goto('/contracting/work');
  await axe(page);
  await shot(page, 'contracting work');
  await page.goto('/contracting/renewals');
  await axe(page);
  await page.goto('/contracting?state=running');
  await axe(page);
  await shot(page, 'contracting');

  await page.goto(elder);
  assert.match(await page.locator('main').innerText(), /签约家庭医生/);
  await page.goto(`/contracting/new?elder=${elder.split('/').pop()}`);
  await axe(page);
  await shot(page, 'contracting new');
});

// An elder is invited, consents by signature and gets a dose; the batch is recalled and its list is there.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

async function draw(page) {
  const pad = page.locator('canvas.js-sign');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 20, box.y + 30);
  await page.mouse.down();
  for (let step = 1; step <= 8; step++) await page.mouse.move(box.x + 20 + step * 14, box.y + 30 + (step % 2) * 25);
  await page.mouse.up();
}

journey('an elder is vaccinated with a signed consent and the batch is recalled', async ({ page }) => {
  await login(page, 'lead');
  const number = `E${Date.now()}`;
  await page.goto('/vaccination/batches');
  await page.getByText('登记到货批次').click();
  await page.locator('select[name=vaccine], input[name=vaccine]').first().waitFor();
  await page.locator('main details select[name=vaccine]').selectOption('flu');
  await page.locator('input[name=batch]').last().fill(number);
  await page.locator('input[name=maker]').fill('示例生物甲');
  await page.locator('input[name=expires]').fill('2099-12-31');
  await page.locator('input[name=received]').fill('50');
  await page.locator('main').getByRole('button', { name: '登记', exact: true }).click();
  await page.waitForLoadState();
  await shot(page, 'vaccination batches');
  await axe(page, { within: 'main' });

  await page.goto('/vaccination?vaccine=flu&work=now');
  await axe(page, { within: 'main' });
  await shot(page, 'vaccination invitations');
  await page.locator('table.list a.row-link').first().click();
  const here = new URL(page.url()).pathname;
  await page.goto(`${here}/dose?vaccine=flu`);
  await page.locator('select[name=batch]').selectOption({ label: await page.locator('select[name=batch] option', { hasText: number }).innerText() });
  await page.locator('input[name=asked]').check();
  await draw(page);
  await shot(page, 'vaccination dose');
  await axe(page, { within: 'main' });
  await page.getByRole('button', { name: '登记接种' }).click();
  await page.waitForURL((url) => url.pathname === here);
  assert.ok(await page.getByText('请留观').isVisible());
  assert.ok(await page.getByText(number).first().isVisible());
  await shot(page, 'vaccination person');

  await page.goto(`/vaccination/batches?batch=${number}`);
  await page.locator('table.list a.row-link').first().click();
  await page.locator('input[name=reason]').fill('冷链中断');
  await page.getByRole('button', { name: '召回' }).click();
  await page.locator('dialog button').filter({ hasText: /确定|召回/ }).last().click();
  await page.getByText('已召回').first().waitFor();
  await page.getByRole('link', { name: '接种名单' }).click();
  assert.equal(await page.locator('table.list a.row-link').count(), 1, 'one person got it');
  await page.goto('/vaccination/coverage');
  await axe(page, { within: 'main' });
  await shot(page, 'vaccination coverage');
});

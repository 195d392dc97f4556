// Dispatch: a day is solved while one watches, moved by hand and undone, published; what would be if; a time for a caller.
import assert from 'node:assert/strict';
import { axe, confirmed, journey, login, shot } from '../lib.mjs';

/** A new plan of tomorrow for the lead's own health centre. */
async function begun(page) {
  await page.goto('/dispatch');
  await page.getByRole('link', { name: '新建派单方案' }).click();
  const centre = await page.locator('select[name=organisation] option', { hasText: '社区卫生服务中心' }).first().getAttribute('value');
  await page.selectOption('select[name=organisation]', centre);
  await page.getByRole('button', { name: '看看现在的安排' }).click();
  await page.waitForURL(/\/dispatch\/\d+-\d+$/);
}

const tile = (page, label) => page.locator('.stat', { hasText: label }).locator('.stat-value').innerText();

async function solved(page, seconds) {
  await page.selectOption('#seconds', seconds);
  await page.getByRole('button', { name: '求解', exact: true }).click();
  await page.locator('.js-live').waitFor();
  await page.locator('.js-live').waitFor({ state: 'detached', timeout: 60_000 });
}

journey('a day is solved, moved by hand, undone and published to phones', async ({ page }) => {
  await login(page, 'lead');
  await begun(page);
  const left = Number.parseInt(await tile(page, '未排上'), 10);
  assert.ok(left > 10, `${left} visits wait for somebody`);
  await shot(page, 'dispatch before');
  await solved(page, '5');
  const after = Number.parseInt(await tile(page, '未排上'), 10);
  assert.ok(after < left / 2, `${after} of ${left} are still left out`);
  await page.locator('.board svg').first().waitFor();
  await shot(page, 'dispatch solved');
  await axe(page, { within: 'main' });

  // One visit goes elsewhere by its own page, without a mouse.
  await page.getByText('按文字看').click();
  await page.locator('.board table a').first().click();
  await page.getByRole('heading', { name: '还可以放在哪里' }).waitFor();
  await shot(page, 'dispatch visit');
  await page.getByRole('button', { name: '放到这里' }).last().click();
  await page.getByText('已移动').waitFor();
  await page.getByRole('navigation', { name: '当前位置' }).getByRole('link').last().click();
  await page.getByRole('button', { name: /撤销:移动|撤销：移动/ }).click();
  await page.getByText('已撤销').waitFor();

  await page.getByRole('button', { name: '发布到手机' }).click();
  await confirmed(page);
  await page.getByText(/已发布/).first().waitFor();
  await page.getByRole('link', { name: '打印路线单' }).click();
  await page.waitForURL(/sheets$/);
  assert.ok((await page.locator('section.sheet').count()) > 1);
  await shot(page, 'dispatch sheets');
});

journey('the solver is stopped and keeps the best so far; one nurse more is tried beside the plan', async ({ page }) => {
  await login(page, 'lead');
  await begun(page);
  await page.selectOption('#seconds', '60');
  await page.getByRole('button', { name: '求解', exact: true }).click();
  await page.getByText(/目前最好/).waitFor({ timeout: 30_000 });
  await shot(page, 'dispatch solving');
  await page.getByRole('button', { name: '停止,用目前最好的' }).or(page.getByRole('button', { name: '停止，用目前最好的' })).click();
  await page.getByRole('button', { name: '求解', exact: true }).waitFor({ timeout: 30_000 });
  await page.getByRole('link', { name: '试算' }).click();
  await page.selectOption('select[name=more]', { index: 1 });
  await shot(page, 'dispatch what if');
  await page.getByRole('button', { name: /试算 20 秒/ }).click();
  await page.getByText(/试算,不能发布|试算，不能发布/).waitFor();
  assert.equal(await page.getByRole('button', { name: '发布到手机' }).count(), 0);
});

journey('a caller hears five times and books one', { phone: true }, async ({ page }) => {
  await login(page, 'lead');
  await page.goto('/elders?sort=name');
  const elder = (await page.locator('table.list a.row-link').first().getAttribute('href')).split('/').pop();
  await page.goto(`/dispatch/slots?elder=${elder}`);
  const centre = await page.locator('select[name=organisation] option', { hasText: '社区卫生服务中心' }).first().getAttribute('value');
  await page.selectOption('select[name=organisation]', centre);
  await page.selectOption('select[name=service]', 'home_visit');
  await page.getByRole('button', { name: '看哪些时间好' }).click();
  await page.getByRole('heading', { name: /最好的 \d 个时间/ }).waitFor();
  await shot(page, 'dispatch slots on a phone');
  await axe(page, { within: 'main' });
  await page.getByRole('button', { name: '就约这个时间' }).first().click();
  await page.getByText(/已约好/).waitFor();
});

journey('settings say how staff travel and what counts', async ({ page }) => {
  await login(page, 'lead');
  await page.goto('/dispatch/setting');
  await page.locator('a.row-link', { hasText: '社区卫生服务中心' }).first().click();
  await page.getByLabel('汽车').check();
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('已保存').waitFor();
  await shot(page, 'dispatch settings');
  await axe(page, { within: 'main' });
});

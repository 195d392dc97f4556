// An elder is assessed by two assessors with the national scale, and everybody can read why the result is what it is.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { axe, journey, login, shot, watched } from '../lib.mjs';

/** The second assessor: the same role, another person. */
async function loginAs(page, user) {
  const all = JSON.parse(await readFile(process.env.E2E_LOGINS ?? '', 'utf8'));
  const found = all.find((each) => each.user === user);
  assert.ok(found, `no login “${user}”`);
  await page.goto('/login');
  await page.locator('input[name=user]').fill(found.user);
  await page.locator('input[name=password]').fill(found.password);
  await page.locator('main form button:not([type=button])').first().click();
  await page.waitForURL((url) => url.pathname !== '/login');
}

const PHOTO = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGNgGAWjYBSMgqELAAUUAAE2i6sYAAAAAElFTkSuQmCC', 'base64');

async function draw(page) {
  const pad = page.locator('canvas.js-sign');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 20, box.y + 30);
  await page.mouse.down();
  for (let step = 1; step <= 8; step++) await page.mouse.move(box.x + 20 + step * 14, box.y + 30 + (step % 2) * 25);
  await page.mouse.up();
}

journey('an elder is assessed by two assessors and the result is explained', async ({ page, context }) => {
  const browser = context.browser();
  const other = async (user, phone = false) => {
    const own = await browser.newContext({ baseURL: process.env.E2E_BASE, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 } });
    const opened = watched(await own.newPage());
    await loginAs(opened, user);
    return opened;
  };

  // The nurse applies from the elder's page.
  await login(page, 'clinician');
  await page.goto('/elders');
  await page.locator('table.list a.row-link').nth(3).click();
  await page.getByRole('link', { name: '新建评估' }).click();
  await axe(page);
  await shot(page, 'assessment new');
  await page.locator('select[name=kind]').selectOption('ltci');
  await page.locator('input[name=informant]').fill('女儿王敏');
  await page.getByRole('button', { name: '登记' }).click();
  await page.getByRole('button', { name: '提交申请' }).click();
  await page.waitForLoadState();
  const address = new URL(page.url()).pathname;
  await shot(page, 'assessment submitted');

  // The clerk accepts and sends two assessors.
  const clerk = await other('clerk');
  await clerk.goto(address);
  await clerk.getByRole('button', { name: '材料齐全，受理' }).click();
  await clerk.locator('select[name=assessor_1]').selectOption({ index: 1 });
  await clerk.locator('select[name=assessor_2]').selectOption({ index: 2 });
  await clerk.locator('input[name=planned_day]').fill(new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10));
  await clerk.locator('input[name=planned_time]').fill('09:30');
  await shot(clerk, 'assessment dispatch');
  await clerk.getByRole('button', { name: '派单' }).click();
  await clerk.waitForLoadState();

  // The first assessor answers on a phone; every answer is kept at once.
  const first = await other('assessor', true);
  await shot(first, 'assessment workbench');
  await first.goto(`${address}/answers`);
  await first.locator('input[name=adl01][value="5"]').check();
  await first.locator('#saved', { hasText: '已保存' }).waitFor();
  await first.reload();
  assert.ok(await first.locator('input[name=adl01][value="5"]').isChecked(), 'the answer is still there');
  await shot(first, 'assessment answers');
  await axe(first, { within: 'main' });
  const worse = { adl02: 0, adl03: 0, adl04: 5, adl05: 5, adl06: 0, adl07: 5, adl08: 5, adl09: 0, adl10: 0, cog01: 2, cog02: 3, cog03: 2, cog04: 1, sen01: 3, sen02: 3, sen03: 3 };
  for (const [item, score] of Object.entries(worse)) await first.locator(`input[name=${item}][value="${score}"]`).check();
  await first.locator('#preview h2', { hasText: '初步结果' }).waitFor();
  await first.getByRole('button', { name: '答完，去签名' }).click();
  await first.waitForURL(/\/sign$/);
  await first.locator('input[type=file][name=file]').setInputFiles({ name: '客厅.png', mimeType: 'image/png', buffer: PHOTO });
  await first.getByRole('button', { name: '上传' }).click();
  await first.waitForLoadState();
  await draw(first);
  await shot(first, 'assessment sign');
  await axe(first, { within: 'main' });
  await draw(first);
  await first.getByRole('button', { name: '签名确认' }).click();
  await first.waitForURL((url) => url.pathname === address);

  // The second assessor looks and signs with a login of their own.
  const second = await other('assessor2');
  await second.goto(address);
  await second.getByRole('link', { name: '核对并签名' }).click();
  await draw(second);
  await second.getByRole('button', { name: '签名确认' }).click();
  await second.waitForURL((url) => url.pathname === address);

  // The lead or clerk reviews; the result says why.
  await clerk.goto(address);
  await clerk.getByRole('button', { name: '复核通过，开始公示' }).click();
  await clerk.getByRole('dialog').getByRole('button', { name: '确定通过' }).click();
  await clerk.waitForLoadState();
  const why = clerk.locator('details.why').first();
  assert.match(await why.innerText(), /医保办发〔2021〕37号/);
  assert.match(await why.innerText(), /待核/);
  assert.equal(await clerk.locator('table.matrix td.here').count(), 1);
  await axe(clerk);
  await shot(clerk, 'assessment result');
  await clerk.goto('/assessment/notices');
  await shot(clerk, 'assessment notices');
  await axe(clerk);
  await clerk.goto('/assessment');
  await shot(clerk, 'assessment list');
  await axe(clerk);
  await clerk.goto(`${address}/report`);
  await shot(clerk, 'assessment report');
  await clerk.goto(`${address}?lang=en`);
  await shot(clerk, 'assessment result english');
  await clerk.goto('/?lang=zh');
});

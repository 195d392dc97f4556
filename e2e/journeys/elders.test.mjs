// The register: take an elder in, find them three ways, reveal what is masked, note a death and take it back.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

journey('a clinician takes an elder in, with what was typed kept when it is refused', { allow: [/status of 422/] }, async ({ page }) => {
  await login(page, 'clinician');
  await page.goto('/elders/new?lang=zh');
  await page.locator('#name').fill('欧阳·试验');
  await page.locator('#id_kind').selectOption('resident');
  await page.locator('#id_number').fill('990001194602302345');
  await page.locator('#place').selectOption({ index: 2 });
  await page.locator('.form-foot .btn-primary').click();
  await page.locator('#errors').waitFor();
  assert.equal(await page.locator('#name').inputValue(), '欧阳·试验');
  await axe(page);
  await shot(page, 'elder refused');

  await page.locator('#id_kind').selectOption('none');
  await page.locator('#id_number').fill('');
  await page.locator('#birth').fill('1944');
  await page.locator('.form-foot .btn-primary').click();
  await page.waitForURL(/\/elders\/\d{6}-\d+$/);
  assert.match(await page.locator('h1').innerText(), /欧阳·试验/);
  await axe(page);
  await shot(page, 'elder');

  await page.goto('/elders?q=oysy');
  await page.locator('a.row-link', { hasText: '欧阳·试验' }).click();
  await page.waitForURL(/\/elders\/\d{6}-\d+$/);
  await page.goto(`${page.url()}/edit`);
  await page.locator('#phone').fill('13800138000');
  await page.locator('.form-foot .btn-primary').click();
  await page.waitForURL(/\/elders\/\d{6}-\d+$/);
  assert.match(await page.locator('main').innerText(), /138\*{4}8000/);
  await page.goto(`/elders?q=13800138000`);
  assert.equal(await page.locator('tbody tr').count(), 1);
});

journey('an official opens the list behind a number of the ledgers, without JavaScript', { javaScriptEnabled: false }, async ({ page }) => {
  await login(page, 'official');
  await page.goto('/elders/ledgers?lang=zh');
  const number = page.locator('tfoot td.num a').first();
  const text = (await number.innerText()).trim();
  await number.click();
  await page.waitForURL(/\/elders\?/);
  assert.match(await page.locator('main [role=status]').first().innerText(), new RegExp(text));
});

journey('an official notes a death and takes it back, and a moving, with nothing lost', async ({ page }) => {
  await login(page, 'official');
  await page.goto('/elders?group=disabled&lang=zh');
  await page.locator('a.row-link').nth(1).click();
  await page.waitForURL(/\/elders\/\d{6}-\d+$/);
  const here = page.url();
  page.on('dialog', (dialog) => dialog.accept());
  await page.goto(`${here}/life`);
  await axe(page);
  await shot(page, 'life');
  await page.locator('form[action$="/died"] button').click();
  await confirmed(page, here);
  await page.goto(`${here}/life`);
  await shot(page, 'life after a death');
  await page.locator('form[action$="/not-died"] input[name=reason]').fill('重名误登');
  await page.locator('form[action$="/not-died"] button').click();
  await confirmed(page, here);
  assert.match(await page.locator('main').innerText(), /失能/);

  await page.goto(`${here}/life`);
  await page.locator('form[action$="/moved"] button').click();
  await confirmed(page, here);
  await page.goto(`${here}/life`);
  await axe(page);
  await shot(page, 'life after a moving');
  await page.locator('form[action$="/returned"] button').click();
  await confirmed(page, here);
});

/** A deed that asks first, by its own dialogue or the browser's, and leads to the record. */
async function confirmed(page, here) {
  const sure = page.locator('dialog[open] .btn-primary, dialog[open] .btn-danger');
  if (await sure.first().isVisible({ timeout: 1500 }).catch(() => false)) await sure.first().click();
  await page.waitForURL(here);
}

journey('the ledger of a group says its rule, and goes to Excel', async ({ page }) => {
  await login(page, 'official');
  await page.goto('/elders/ledgers?lang=zh');
  await axe(page);
  await shot(page, 'ledgers');
  await page.locator('tfoot td.num a').nth(4).click();
  await page.waitForURL(/\/elders\/ledgers\/list\?.*group=oldest/);
  assert.match(await page.locator('main').innerText(), /年满 80 周岁当日由系统自动列入/);
  await axe(page);
  await shot(page, 'ledger of the oldest');
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.list-bar a.btn', { hasText: '导出' }).click()]);
  assert.match(file.suggestedFilename(), /\.xlsx$/);
});

journey('two records of one person are found, compared, merged and taken apart', { allow: [/status of 422/] }, async ({ page }) => {
  await login(page, 'official');
  for (const phone of ['13900139000', '']) {
    await page.goto('/elders/new?lang=zh');
    await page.locator('#name').fill('司徒·双录');
    await page.locator('#id_kind').selectOption('none');
    await page.locator('#birth').fill('1947-05-06');
    await page.locator('#phone').fill(phone);
    await page.locator('#place').selectOption({ index: 2 });
    await page.locator('.form-foot .btn-primary').click();
    if (!phone) {
      await page.locator('input[name=sure]').check();
      await page.locator('.form-foot .btn-primary').click();
    }
    await page.waitForURL(/\/elders\/\d{6}-\d+$/);
  }
  await page.goto('/elders/duplicates?q=司徒');
  await axe(page);
  await shot(page, 'duplicates');
  await page.locator('a.row-link').first().click();
  await page.waitForURL(/\/elders\/duplicates\/\d{6}\/\d+$/);
  const here = page.url();
  await axe(page);
  await shot(page, 'pair');
  page.on('dialog', (dialog) => dialog.accept());
  await page.locator('button[value=left]').click();
  await confirmed(page, /\/elders\/duplicates$/);
  await page.goto(here);
  await page.locator('form[action$="/undo"] button').click();
  await confirmed(page, /\/elders\/duplicates\/judged$/);
  assert.match(await page.locator('main').innerText(), /已撤销合并/);
});

journey('the register is read on a phone and printed as a table', { phone: true }, async ({ page }) => {
  await login(page, 'official');
  await page.goto('/elders?lang=zh');
  const card = page.locator('table.list tbody tr').first();
  assert.ok((await card.boundingBox()).height < 260, 'the cells of a row flow');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await card.evaluate((row) => getComputedStyle(row).display), 'table-row', 'a sheet of paper is no phone');
});

journey('an official sees where elders live and how old they are, with the numbers in reach', async ({ page }) => {
  await login(page, 'official');
  await page.goto('/?lang=zh');
  await page.locator('.js-chart svg').first().waitFor();
  const chart = page.locator('.js-chart', { hasText: '年龄结构' });
  await chart.getByText('查看数据').click();
  const numbers = (await chart.locator('td.num').allInnerTexts()).map(Number);
  const all = Number((await page.locator('.stat', { hasText: '在册老人' }).first().locator('.stat-value').innerText()).replace(/[^\d]/g, ''));
  assert.equal(numbers.reduce((sum, n) => sum + n, 0), all, 'the ages add up to the register');
  await axe(page);
  await shot(page, 'official workbench');
});

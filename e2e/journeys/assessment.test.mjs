// An elder is assessed by two assessors with the national scale, and everybody can read why the result is what it is.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { axe, journey, login, shot, watched } from '../lib.mjs';

/** Signs in a person who is not the first of a role. */
async function loginAs(page, user, password) {
  const all = JSON.parse(await readFile(process.env.E2E_LOGINS ?? '', 'utf8'));
  const secret = password ?? all.find((each) => each.user === user)?.password;
  assert.ok(secret, `no login “${user}”`);
  await page.goto('/login');
  await page.locator('input[name=user]').fill(user);
  await page.locator('input[name=password]').fill(secret);
  await page.locator('main form button:not([type=button])').first().click();
  await page.waitForURL((url) => url.pathname !== '/login');
}

/** A page of another person in a browser of their own. */
async function other(context, user, { phone = false, password } = {}) {
  const own = await context.browser().newContext({ baseURL: process.env.E2E_BASE, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 } });
  own.setDefaultTimeout(10_000);
  const opened = watched(await own.newPage());
  await loginAs(opened, user, password);
  return opened;
}

/** The administrator makes an assessor, who chooses a password; gives the sign-in. */
async function newAssessor(context, name, organisation) {
  const administrator = await other(context, 'administrator');
  const user = `a${Date.now().toString(36)}${Math.floor(Math.random() * 1000)}`;
  await administrator.goto('/accounts/new');
  await administrator.locator('input[name=login]').fill(user);
  await administrator.locator('input[name=name]').fill(name);
  await administrator.locator('select[name=role]').selectOption('assessor');
  if (organisation) await administrator.locator('select[name=organisation]').selectOption({ label: organisation });
  await administrator.locator('main form .btn-primary').click();
  const once = (await administrator.locator('#once').innerText()).trim();
  await administrator.context().close();
  const own = await other(context, user, { password: once });
  const password = 'Pingguo-2026-shu';
  await own.locator('input[name=old]').fill(once);
  await own.locator('input[name=new]').fill(password);
  await own.locator('input[name=again]').fill(password);
  await own.locator('main form .btn-primary').first().click();
  await own.waitForURL(/\/login/);
  await own.context().close();
  return { user, password, name };
}

/** The address of an elder at a place of the register, without a running assessment. */
async function elderAt(page, at) {
  await page.goto('/elders?lang=zh');
  const all = await page.locator('table.list a.row-link').evaluateAll((links) => links.map((it) => it.getAttribute('href')));
  for (const href of all.slice(at)) {
    await page.goto(href);
    if (!/长护险失能等级评估/.test(await page.locator('main').innerText())) return href;
  }
  throw new Error('everybody is being assessed');
}

/** The elder applies and the clerk accepts; gives the address of the assessment. */
async function accepted(page, clerk, elder) {
  await page.goto(elder);
  await page.getByRole('link', { name: '新建评估' }).click();
  await page.locator('select[name=kind]').selectOption('ltci');
  await page.locator('input[name=informant]').fill('女儿王敏');
  await page.getByRole('button', { name: '登记' }).click();
  await page.getByRole('button', { name: '提交申请' }).click();
  await page.getByText('申请已提交').waitFor();
  const address = new URL(page.url()).pathname;
  await clerk.goto(address);
  await clerk.getByRole('button', { name: '材料齐全，受理' }).click();
  await clerk.locator('select[name=assessor_1]').waitFor();
  return address;
}

async function send(clerk, first, second, button) {
  const choose = async (name, who) => {
    const select = clerk.locator(`select[name=${name}]`);
    await select.selectOption(await select.locator('option', { hasText: `(${who})` }).getAttribute('value'));
  };
  await choose('assessor_1', first);
  await choose('assessor_2', second);
  await clerk.locator('input[name=planned_day]').fill(new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10));
  await clerk.getByRole('button', { name: button }).click();
}

const WORSE = { adl01: 5, adl02: 0, adl03: 0, adl04: 5, adl05: 5, adl06: 0, adl07: 5, adl08: 5, adl09: 0, adl10: 0, cog01: 2, cog02: 3, cog03: 2, cog04: 1, sen01: 3, sen02: 3, sen03: 3 };

/** The first assessor answers all and signs, the second signs. */
async function assessed(context, address, first, second) {
  const one = await other(context, first.user, { password: first.password });
  await one.goto(`${address}/answers`);
  for (const [item, score] of Object.entries(WORSE)) await one.locator(`input[name=${item}][value="${score}"]`).check();
  await one.locator('#preview h2', { hasText: '初步结果' }).waitFor();
  await one.getByRole('button', { name: '答完，去签名' }).click();
  await one.waitForURL(/\/sign$/);
  await one.locator('input[type=file][name=file]').setInputFiles({ name: '客厅.png', mimeType: 'image/png', buffer: PHOTO });
  await one.getByRole('button', { name: '上传' }).click();
  await one.waitForLoadState();
  await draw(one);
  await one.getByRole('button', { name: '签名确认' }).click();
  await one.waitForURL((url) => url.pathname === address);
  const two = await other(context, second.user, { password: second.password });
  await two.goto(`${address}/sign`);
  await draw(two);
  await two.getByRole('button', { name: '签名确认' }).click();
  await two.waitForURL((url) => url.pathname === address);
  await one.context().close();
  await two.context().close();
}

async function approved(clerk, address) {
  await clerk.goto(address);
  await clerk.getByRole('button', { name: '复核通过，开始公示' }).click();
  await clerk.getByRole('dialog').getByRole('button', { name: '确定通过' }).click();
  await clerk.getByRole('button', { name: '复核通过，开始公示' }).waitFor({ state: 'detached' });
  await clerk.locator('details.why').first().waitFor();
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
  // The nurse applies from the elder's page.
  await login(page, 'clinician');
  await elderAt(page, 3);
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
  const clerk = await other(context, 'clerk');
  await clerk.goto(address);
  await clerk.getByRole('button', { name: '材料齐全，受理' }).click();
  await clerk.locator('input[name=planned_time]').fill('09:30');
  await shot(clerk, 'assessment dispatch');
  await send(clerk, 'assessor', 'assessor2', '派单');
  await clerk.getByText('已派单').waitFor();

  // The first assessor answers on a phone; every answer is kept at once.
  const first = await other(context, 'assessor', { phone: true });
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
  const second = await other(context, 'assessor2');
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

journey('an assessor of the institution that cares for the elder stands aside, and the office reads why', async ({ page, context }) => {
  await login(page, 'clinician');
  const elder = await elderAt(page, 6);
  await page.getByRole('link', { name: '修改档案' }).click();
  const home = page.locator('select[name=organisation]');
  await home.selectOption({ label: await home.locator('option', { hasText: '养老院' }).first().innerText() });
  const institution = (await home.locator('option:checked').innerText()).trim();
  await page.locator('.form-foot .btn-primary').click();
  await page.waitForURL(/\/elders\/\d+-\d+$/);
  const own = await newAssessor(context, '钱自家', institution);

  const clerk = await other(context, 'clerk');
  await accepted(page, clerk, elder);
  assert.equal(await clerk.locator('select[name=assessor_1] option', { hasText: own.user }).count(), 0, 'cannot be chosen');
  assert.match(await clerk.locator('main').innerText(), new RegExp(`须回避[\\s\\S]*${own.name}[\\s\\S]*评估与照护分离`));
  await axe(clerk, { within: 'main' });
  await shot(clerk, 'assessment recusal');

  // Whoever sends the name all the same is refused with the document.
  await clerk.locator('select[name=assessor_1]').evaluate((select, id) => {
    select.append(new Option('own', id, true, true));
  }, await accountId(context, own.user));
  const second = clerk.locator('select[name=assessor_2]');
  await second.selectOption({ index: 1 });
  await clerk.locator('input[name=planned_day]').fill(new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10));
  await clerk.getByRole('button', { name: '派单' }).click();
  await clerk.getByText('不能评估（评估与照护分离）').waitFor();
  assert.match(await clerk.locator('main').innerText(), /医保发〔2023〕29号/);
  await shot(clerk, 'assessment recusal refused');
});

/** The id of an account, as the administrator's list leads to it. */
async function accountId(context, user) {
  const administrator = await other(context, 'administrator');
  await administrator.goto(`/accounts?q=${user}`);
  const link = await administrator.locator('table.list a.row-link').first().getAttribute('href');
  await administrator.context().close();
  return link.split('/').at(-1);
}

journey('an objection to a notice is reviewed by other assessors, and theirs is the conclusion', async ({ page, context }) => {
  const [third, fourth] = [await newAssessor(context, '陈复评'), await newAssessor(context, '林复评')];
  await login(page, 'clinician');
  const clerk = await other(context, 'clerk');
  const address = await accepted(page, clerk, await elderAt(page, 8));
  await send(clerk, 'assessor', 'assessor2', '派单');
  await clerk.getByText('已派单').waitFor();
  await assessed(context, address, { user: 'assessor' }, { user: 'assessor2' });
  await approved(clerk, address);

  await page.goto(address);
  await page.locator('summary', { hasText: '提出异议' }).click();
  await page.locator('input[name=who]').fill('女儿王敏');
  await page.locator('#object-why').fill('当天母亲刚出院，平时能自己吃饭');
  await shot(page, 'assessment objection');
  await page.getByRole('button', { name: '提出异议' }).click();
  await page.getByText('异议已登记').waitFor();
  await clerk.goto('/assessment/notices');

  await clerk.goto(address);
  const barred = await clerk.locator('main').innerText();
  assert.match(barred, /须回避[\s\S]*赵燕[\s\S]*做过被提出异议的评估/);
  for (const user of ['(assessor)', '(assessor2)']) assert.equal(await clerk.locator('select[name=assessor_1] option', { hasText: user }).count(), 0, `${user} cannot review`);
  await axe(clerk, { within: 'main' });
  await shot(clerk, 'assessment review');
  await send(clerk, third.user, fourth.user, '安排复评');
  await clerk.getByText('这是对异议的复评').waitFor();
  const review = new URL(clerk.url()).pathname;
  assert.notEqual(review, address);

  await assessed(context, review, third, fourth);
  await approved(clerk, review);
  await shot(clerk, 'assessment reviewed');
  await page.goto(address);
  await shot(page, 'assessment objected');
  await page.getByRole('link', { name: '打开复评' }).click();
  await page.waitForURL((url) => url.pathname === review);
});

journey('without a network the assessor goes on answering, the page says so, and nothing is lost', { allow: [/ERR_INTERNET_DISCONNECTED/] }, async ({ page, context }) => {
  await login(page, 'clinician');
  const clerk = await other(context, 'clerk');
  const address = await accepted(page, clerk, await elderAt(page, 10));
  await send(clerk, 'assessor', 'assessor2', '派单');
  await clerk.getByText('已派单').waitFor();

  const first = await other(context, 'assessor', { phone: true });
  await first.goto(`${address}/answers`);
  await first.locator('input[name=adl01][value="5"]').check();
  await first.locator('#saved', { hasText: '已保存' }).waitFor();
  await first.context().setOffline(true);
  const away = { adl02: 0, adl03: 0, adl04: 5, adl05: 5 };
  for (const [item, score] of Object.entries(away)) await first.locator(`input[name=${item}][value="${score}"]`).check();
  await first.locator('#saved', { hasText: '网络不通' }).waitFor();
  assert.equal(await first.locator('.toast').count(), 1, 'said once');
  await shot(first, 'assessment offline');
  // A page that cannot be reached must not take the place of the answers.
  await first.getByRole('button', { name: '存着，稍后再答' }).click();
  assert.ok(await first.locator('input[name=adl04][value="5"]').isChecked(), 'the form is still there');
  await axe(first, { within: 'main' });

  await first.context().setOffline(false);
  await first.locator('#saved', { hasText: '已保存' }).waitFor();
  await first.goto(`${address}/answers`);
  for (const [item, score] of Object.entries({ adl01: 5, ...away })) assert.ok(await first.locator(`input[name=${item}][value="${score}"]`).isChecked(), `${item} is kept`);
  assert.equal(await first.locator('.draft-note').count(), 0, 'nothing is left to restore');
});

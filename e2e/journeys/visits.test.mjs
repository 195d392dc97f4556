// Visits: a phone is made known by a code, a day is done without a network, and arrives whole once there is one.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

const base = () => process.env.E2E_BASE;

/** A code for the phone of whoever signs in as clinician. */
async function code(page) {
  await login(page, 'lead');
  await page.goto('/visits/phones/new');
  const staff = await page.locator('select[name=staff] option', { hasText: '李建华' }).getAttribute('value');
  await page.locator('select[name=staff]').selectOption(staff);
  await page.getByRole('button', { name: '生成登记码' }).click();
  return (await page.locator('code').innerText()).trim();
}

/** The app on a phone with a position, after enrolment. */
async function enrolled(page) {
  const text = await code(page);
  await page.context().grantPermissions(['geolocation'], { origin: base() });
  await page.context().setGeolocation({ latitude: 41.1, longitude: 122.05, accuracy: 20 });
  await page.goto(`/visit/#enrol=${text}`);
  await page.locator('input[name=name]').fill('小米');
  await page.locator('input[name=pin]').fill('271828');
  await page.locator('input[name=again]').fill('271828');
  await shot(page, 'visit enrol');
  await page.getByRole('button', { name: '登记' }).click();
  await page.locator('a.stop').first().waitFor();
  // The app keeps itself on the phone.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
}

async function sign(page) {
  const pad = page.locator('svg.pad');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 40, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 140, box.y + 60);
  await page.mouse.move(box.x + 200, box.y + 30);
  await page.mouse.up();
}

journey('a day of visits is done without a network and arrives whole', { phone: true, allow: [/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/] }, async ({ page }) => {
  await enrolled(page);
  await shot(page, 'visit today');
  await axe(page);
  await page.getByRole('link', { name: '地图' }).click();
  await page.locator('svg.map circle').first().waitFor();
  await shot(page, 'visit map');
  await page.getByRole('link', { name: '返回' }).click();
  await page.context().setOffline(true);
  const followUp = page.locator('a.stop', { hasText: '慢性病随访' }).first();
  const name = await followUp.locator('b').innerText();
  let taps = 0;
  const tap = async (target) => {
    taps++;
    await target.click();
  };
  await tap(followUp);
  await shot(page, 'visit before');
  await tap(page.getByRole('button', { name: '到达，开始' }));
  await page.locator('input[name="follow_up.systolic"]').fill('138');
  await page.locator('input[name="follow_up.diastolic"]').fill('86');
  taps += 2;
  // Closed and opened again without a network: everything typed is still there.
  await page.reload();
  await page.locator('#pin').fill('271828');
  await page.getByRole('button', { name: '打开' }).click();
  await page.locator('input[name="follow_up.systolic"]').waitFor();
  assert.equal(await page.locator('input[name="follow_up.systolic"]').inputValue(), '138');
  await sign(page);
  taps += 1;
  await shot(page, 'visit under way');
  await axe(page);
  await tap(page.getByRole('button', { name: '离开，结束' }));
  await page.locator('a.stop.done', { hasText: name }).waitFor();
  assert.ok(taps <= 14, `${taps} taps`);
  assert.match(await page.locator('a.arrival').innerText(), /未上传/);
  await shot(page, 'visit offline');
  await page.context().setOffline(false);
  await page.locator('a.arrival.ok').waitFor({ timeout: 60_000 });
  await page.getByRole('link', { name: '菜单' }).click();
  await shot(page, 'visit menu');
  // What the office sees of it.
  await page.goto(`/visits?state=done&q=${encodeURIComponent(name)}`);
  await page.locator('table.list a.row-link').first().click();
  await page.waitForURL(/\/visits\/\d+-\d+$/);
  const shown = await page.locator('main').innerText();
  assert.match(shown, /138/);
  assert.match(shown, /慢病随访记录|健康档案的测量值/);
  assert.match(shown, /签名和前后衔接都对/);
  await shot(page, 'visit shown');
  await axe(page, { within: 'main' });
});

journey('a call for help is kept without a network and reaches the lead', { phone: true, allow: [/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/] }, async ({ page }) => {
  await enrolled(page);
  await page.context().setOffline(true);
  const sos = page.locator('button.sos');
  await sos.hover();
  await page.mouse.down();
  // The press itself takes a second and a half.
  await page.waitForTimeout(1_800);
  await page.mouse.up();
  await page.locator('.bar.bad').waitFor();
  await shot(page, 'visit sos');
  await page.context().setOffline(false);
  await page.locator('.bar.ok').waitFor({ timeout: 60_000 });
  await page.goto('/visits/alarms?state=open');
  await page.locator('table.list a.row-link').first().click();
  await page.getByRole('button', { name: '我来处理' }).click();
  await page.getByLabel('情况和处理结果').fill('狗追赶,已离开');
  await shot(page, 'visits alarm');
  await page.getByRole('button', { name: '解除求助' }).click();
  await page.getByText('求助已解除').first().waitFor();
});

journey('wrong PINs wipe the phone, and the office plans and corrects', async ({ page }) => {
  await enrolled(page);
  for (let nth = 0; nth < 5; nth++) {
    await page.reload();
    await page.locator('#pin').fill('999990');
    await page.getByRole('button', { name: '打开' }).click();
    if (nth < 4) await page.getByText(`还可以试 ${4 - nth} 次`).first().waitFor();
  }
  await page.locator('input[name=code]').waitFor();
  await page.goto('/visits?verdict=doubtful');
  await shot(page, 'visits list');
  await axe(page, { within: 'main' });
  await page.locator('table.list a.row-link').first().click();
  await page.waitForURL(/\/visits\/\d+-\d+$/);
  await page.locator('select[name=field]').selectOption('place');
  await page.locator('form[action$="corrections"] input[name=reason]').fill('家属电话确认');
  await page.getByRole('button', { name: '提出更正' }).click();
  await page.getByText('要由另一人确认').first().waitFor();
  await shot(page, 'visits correction');
  await page.goto('/visits/phones');
  await shot(page, 'visits phones');
  await page.goto('/visits/desk');
  await shot(page, 'visits desk');
});

journey('answers that are lost, cut short and doubled leave each event once', { phone: true, allow: [/ERR_FAILED/, /Failed to fetch/, /net::/] }, async ({ page }) => {
  await enrolled(page);
  let asked = 0;
  await page.route('**/api/v1/sync/events', async (route) => {
    asked++;
    const answer = await route.fetch();
    // The server has it each time; the phone hears nothing, then half, then everything.
    if (asked === 1) return route.abort();
    if (asked === 2) return route.fulfill({ response: answer, body: (await answer.text()).slice(0, 40) });
    await route.fetch();
    return route.fulfill({ response: answer });
  });
  const visit = page.locator('a.stop', { hasText: '用药指导' }).first();
  const name = await visit.locator('b').innerText();
  await visit.click();
  await page.getByRole('button', { name: '到达，开始' }).click();
  await page.locator('label.choice', { hasText: '已做' }).first().click();
  await sign(page);
  await page.getByRole('button', { name: '离开，结束' }).click();
  await page.locator('a.stop.done', { hasText: name }).waitFor();
  await page.locator('a.arrival').click();
  // Failures make pauses; the person can press at any time.
  for (let nth = 0; nth < 6 && !(await page.locator('a.arrival.ok').isVisible()); nth++) {
    const heard = page.waitForEvent('requestfinished', (it) => it.url().includes('/sync/')).catch(() => null);
    await page.getByRole('button', { name: '现在上传' }).click();
    await heard;
  }
  await page.locator('a.arrival.ok').waitFor({ timeout: 30_000 });
  assert.ok(3 <= asked, `${asked} times`);
  await page.unroute('**/api/v1/sync/events');
  await page.goto(`/visits?state=done&q=${encodeURIComponent(name)}`);
  await page.locator('table.list a.row-link').first().click();
  await page.waitForURL(/\/visits\/\d+-\d+$/);
  assert.match(await page.locator('main').innerText(), /证据链：4 条记录/);
});

journey('a locked phone calls for help, and what else was done stands on the visit', { phone: true, allow: [/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/] }, async ({ page }) => {
  await enrolled(page);
  await page.reload();
  await page.locator('#pin').waitFor();
  const sos = page.locator('button.sos');
  await sos.hover();
  await page.mouse.down();
  // The press itself takes a second and a half.
  await page.waitForTimeout(1_800);
  await page.mouse.up();
  await page.locator('#help .bar.ok').waitFor({ timeout: 30_000 });
  await shot(page, 'visit locked');
  await axe(page);
  await page.locator('#pin').fill('271828');
  await page.getByRole('button', { name: '打开' }).click();
  const visit = page.locator('a.stop:not(.done, .missed)').first();
  const name = await visit.locator('b').innerText();
  await visit.click();
  await page.getByRole('button', { name: '到达，开始' }).click();
  await page.getByText('加一项服务').click();
  await page.locator('details[open] .row button').first().click();
  const added = page.locator('section[id^=task-]').last();
  await added.getByRole('button', { name: '不加了' }).waitFor();
  const title = await added.locator('h2').innerText();
  for (const card of await page.locator('section[id^=task-]').all()) {
    await card.locator('label.choice', { hasText: '没做' }).click();
    await card.locator('label.choice', { hasText: '时间不够' }).click();
  }
  await added.locator('textarea[name$=".note"]').fill('下周再来');
  await shot(page, 'visit added');
  await axe(page);
  await sign(page);
  await page.getByRole('button', { name: '离开，结束' }).click();
  await page.locator('a.stop.done', { hasText: name }).waitFor();
  await page.locator('a.arrival.ok').waitFor({ timeout: 60_000 });
  await page.goto(`/visits?state=done&q=${encodeURIComponent(name)}`);
  await page.locator('table.list a.row-link').first().click();
  await page.waitForURL(/\/visits\/\d+-\d+$/);
  const shown = await page.locator('main').innerText();
  for (const said of [title, '时间不够', '下周再来']) assert.ok(shown.includes(said), `${said} is shown`);
  await page.goto('/visits/alarms?state=open');
  await page.locator('table.list a.row-link').first().click();
  assert.match(await page.locator('main').innerText(), /41\.1/);
});

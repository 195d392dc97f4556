// The dispatcher's board, its map and its progress, tried on the gallery as the other behaviours are.
import assert from 'node:assert/strict';
import { axe, journey, shot } from '../lib.mjs';

const small = '/gallery-dispatch-small.html';
const stop = (page, key) => page.locator(`[data-stop="${key}"]`);
const laneOf = (page, key) => stop(page, key).evaluate((shape) => shape.closest('[data-lane]').dataset.lane);
const middle = async (place) => {
  const { x, y, width, height } = await place.boundingBox();
  return [x + width / 2, y + height / 2];
};

/** Opens a board and tells what it holds; forms that are posted to it are gathered. */
async function opened(page, path = small) {
  const sent = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push({ where: new URL(request.url()).pathname.split('/').pop(), ...Object.fromEntries(new URLSearchParams(request.postData() ?? '')) }));
  await page.goto(path);
  await page.locator('.board-lanes .board-stop').first().waitFor();
  const day = await page.locator('.js-board > script').evaluate((script) => JSON.parse(script.textContent));
  const free = day.lanes.flatMap((lane) => lane.stops.filter((each) => !each.fixed && each.state === 'planned' && !each.second).map((each) => ({ ...each, lane: lane.id, key: `${each.visit}/${each.part}` })));
  // The gallery's server refuses each fifth visit for people with names of two letters.
  const short = day.lanes.find(({ name }) => name.length === 2);
  const fit = free.find((each) => Number(each.visit) % 5 !== 0);
  const unfit = free.find((each) => Number(each.visit) % 5 === 0 && each.lane !== short?.id);
  return { sent, day, free, fit, unfit, short };
}

async function inSight(page) {
  await page.locator('.board-scroll').evaluate((board) => board.scrollIntoView({ block: 'center', behavior: 'instant' }));
}

/** Carries a stop with the mouse to a point and leaves it in the hand. */
async function carry(page, from, x, y) {
  const [startX, startY] = await middle(from);
  await page.mouse.move(startX, startY);
  await page.mouse.down();
  await page.mouse.move(startX + 8, startY, { steps: 2 });
  await page.mouse.move(x, y, { steps: 6 });
}

for (const [name, path] of [['dispatch', '/gallery-dispatch.html'], ['dispatch-small', small], ['dispatch-small-large', `${small}?size=large`]]) {
  journey(`${name} has no serious finding and fits both widths`, async ({ page }) => {
    await page.goto(path);
    await page.locator('.board-lanes .board-stop').first().waitFor();
    await page.locator('.map-route').first().waitFor();
    await page.locator('.live-note').waitFor({ state: 'detached' });
    await page.locator('.board-lanes .board-stop').first().waitFor();
    await axe(page);
    await shot(page, `gallery-${name}`);
  });
}

journey('a stop dragged to another lane tells what it would bring, and is there afterwards with the focus', async ({ page }) => {
  const { sent, day, fit } = await opened(page);
  await inSight(page);
  const to = day.lanes.find(({ id, name }) => id !== fit.lane && name.length === 3);
  const before = to.stops.findLast((each) => each.state === 'planned' && each.from < 700);
  const [x, y] = await middle(stop(page, `${before.visit}/${before.part}`));
  await carry(page, stop(page, fit.key), x - 6, y);
  await page.locator('.board-answer', { hasText: '路程 +6 分' }).waitFor();
  assert.match(await page.locator('.board-answer').innerText(), new RegExp(`${fit.name}.*${to.name}.*${before.name}`));
  assert.equal(await page.locator('.board-pushed').count(), 1);
  await shotOf(page, 'gallery-dispatch-drag');
  await page.mouse.up();
  await page.locator(`.board-stops[data-lane="${to.id}"] [data-stop="${fit.key}"]`).waitFor();
  assert.deepEqual(sent.at(-1), { where: 'move', csrf: 'example-token', visit: fit.visit, part: '0', staff: to.id, before: before.visit });
  assert.equal(await page.evaluate(() => document.activeElement.dataset.stop), fit.key);
  assert.equal(await page.locator('.board-answer').count(), 0);
});

journey('a place is asked about once the hand rests, not on the way', async ({ page }) => {
  const { sent, day, fit } = await opened(page);
  await inSight(page);
  const [x, y] = await middle(page.locator('.board-lanes'));
  const height = await page.locator('.board-names li').first().evaluate((row) => row.offsetHeight);
  await carry(page, stop(page, fit.key), x, y - height * 1.5);
  for (let row = 0; row < day.lanes.length; row++) await page.mouse.move(x, y + height * (row - 1.5));
  await page.locator('.board-answer-lines p:not(.muted)').first().waitFor();
  assert.deepEqual(sent.map(({ where, staff }) => [where, staff]), [['try', day.lanes.at(-1).id]]);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  assert.equal(sent.length, 1);
});

journey('what the rules forbid stands first and with a sign; a refused move leaves the plan and says why', { allow: [/status of 422/] }, async ({ page }) => {
  const { unfit, short } = await opened(page);
  await inSight(page);
  const last = short.stops.at(-1);
  const [x, y] = await middle(stop(page, `${last.visit}/${last.part}`));
  await carry(page, stop(page, unfit.key), x - 4, y);
  await page.locator('.board-answer .bad', { hasText: '缺少护士执业证' }).waitFor();
  assert.match(await page.locator('.board-answer-lines p').first().innerText(), /▲.*缺少护士执业证/);
  await page.mouse.up();
  await page.locator('.toast-bad', { hasText: '不能改派' }).waitFor();
  assert.equal(await laneOf(page, unfit.key), unfit.lane);
  assert.equal(await page.locator('.js-board').getAttribute('aria-busy'), null);
});

journey('an answer that comes late is not shown', async ({ page }) => {
  const { fit } = await opened(page);
  let answer;
  const held = new Promise((done) => (answer = done));
  let asked = 0;
  await page.route('**/try', async (route) => {
    const old = asked++ === 0;
    if (old) await held;
    await route.fulfill({ json: { fine: true, lines: [old ? '旧的回答' : '新的回答'], faults: [], shift: [] } }).catch(() => {});
  });
  await stop(page, fit.key).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.waitForRequest('**/try');
  await page.keyboard.press('ArrowDown');
  await page.locator('.board-answer', { hasText: '新的回答' }).waitFor();
  answer();
  await page.waitForTimeout(300);
  assert.equal(asked, 2);
  assert.match(await page.locator('.board-answer').innerText(), /新的回答/);
  assert.doesNotMatch(await page.locator('.board-answer').innerText(), /旧的回答/);
});

journey('by keyboard a stop is chosen, picked up, moved and dropped, and each step is said', async ({ page }) => {
  const { sent, day, fit } = await opened(page);
  await stop(page, fit.key).focus();
  await page.keyboard.press('Enter');
  const said = () => page.locator('.js-board > .sr').innerText();
  assert.match(await said(), new RegExp(`拿起了${fit.name}`));
  const row = day.lanes.findIndex(({ id }) => id === fit.lane);
  const to = day.lanes[(row + 1) % day.lanes.length];
  await page.keyboard.press('ArrowDown');
  assert.match(await said(), new RegExp(to.name));
  await page.keyboard.press('ArrowRight');
  await page.locator('.board-answer', { hasText: '路程 +6 分' }).waitFor();
  assert.match(await said(), /路程 \+6 分/);
  await page.keyboard.press('Enter');
  await page.locator(`.board-stops[data-lane="${to.id}"] [data-stop="${fit.key}"]`).waitFor();
  assert.equal(sent.at(-1).staff, to.id);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.stop), fit.key);
});

journey('Escape and leaving give up, and nothing is sent', async ({ page }) => {
  const { sent, fit } = await opened(page);
  for (const away of ['Escape', 'Tab']) {
    await stop(page, fit.key).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.locator('.board-answer').waitFor();
    await page.keyboard.press(away);
    assert.equal(await page.locator('.board-answer').count(), 0, away);
  }
  assert.deepEqual(sent.filter(({ where }) => where === 'move'), []);
});

journey('arrows walk between stops, and one stop alone is reached by Tab', async ({ page }) => {
  const { day } = await opened(page);
  const [first, second] = day.lanes[0].stops;
  assert.equal(await page.locator('.board-lanes [tabindex="0"]').count(), 1);
  await stop(page, `${first.visit}/0`).focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.stop), `${second.visit}/${second.part}`);
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement.closest('[data-lane]').dataset.lane), day.lanes[1].id);
  assert.equal(await page.locator('.board-lanes [tabindex="0"]').count(), 1);
  // The tip has the way to the visit, and Tab leads into it.
  await page.locator('.board-tip a').waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), '打开这次上门');
  assert.equal(await page.locator('.board-tip').isVisible(), true);
});

journey('what is fixed or begun stays where it is, and says so', async ({ page }) => {
  const { sent, day } = await opened(page);
  const begun = day.lanes.flatMap(({ stops }) => stops).find(({ state }) => state === 'under_way');
  await inSight(page);
  const [x, y] = await middle(stop(page, `${begun.visit}/0`));
  await carry(page, stop(page, `${begun.visit}/0`), x + 60, y + 40);
  assert.equal(await page.locator('.board-answer').count(), 0);
  await page.mouse.up();
  await stop(page, `${begun.visit}/0`).focus();
  await page.keyboard.press('Enter');
  assert.match(await page.locator('.js-board > .sr').innerText(), /不能移动.*已开始/);
  assert.deepEqual(sent, []);
});

journey('a stop dropped on the list is out of the plan, one dragged from it is in', async ({ page }) => {
  const { sent, day, fit } = await opened(page);
  await inSight(page);
  await carry(page, stop(page, fit.key), ...(await middle(page.locator('.board-left h3'))));
  await page.locator('.board-left.aimed').waitFor();
  await page.mouse.up();
  await page.locator(`[data-left="${fit.key}"]`).waitFor();
  assert.deepEqual([sent.at(-1).staff, sent.at(-1).before], ['', '']);
  assert.equal(await page.evaluate(() => document.activeElement.closest('[data-left]')?.dataset.left), fit.key);

  const left = day.left[0];
  const last = day.lanes[0].stops.at(-1);
  await page.goto(small);
  await page.locator('.board-lanes .board-stop').first().waitFor();
  await inSight(page);
  await page.locator('[data-zoom="0"]').click();
  const [x, y] = await middle(stop(page, `${last.visit}/${last.part}`));
  await carry(page, page.locator(`[data-left="${left.visit}/0"] .board-grip`), x + 40, y);
  await page.locator('.board-answer', { hasText: '排在最后' }).waitFor();
  await page.mouse.up();
  await page.locator(`.board-stops[data-lane="${day.lanes[0].id}"] [data-stop="${left.visit}/0"]`).waitFor();
});

journey('a visit left out is placed by keyboard', async ({ page }) => {
  const { sent, day } = await opened(page);
  await page.locator('.board-grip').first().focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.locator('.board-answer', { hasText: day.lanes[0].name }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator(`.board-stops [data-stop="${day.left[0].visit}/0"]`).waitFor();
  assert.equal(sent.at(-1).staff, day.lanes[0].id);
});

journey('a finger that slides scrolls, one that rests drags', { phone: true }, async ({ page, context }) => {
  const { sent, day, fit } = await opened(page);
  await inSight(page);
  const show = () => stop(page, fit.key).evaluate((shape) => {
    const board = document.querySelector('.board-scroll');
    board.scrollTo({ left: board.scrollLeft + shape.getBoundingClientRect().left - 200, behavior: 'instant' });
  });
  await show();
  const touch = await context.newCDPSession(page);
  const finger = (type, ...at) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: at.length ? [{ x: at[0], y: at[1] }] : [] });
  const scrolled = () => page.locator('.board-scroll').evaluate((board) => board.scrollLeft);

  let [x, y] = await middle(stop(page, fit.key));
  const before = await scrolled();
  await finger('touchStart', x, y);
  for (let step = 1; step <= 6; step++) await finger('touchMove', x - step * 12, y);
  await finger('touchEnd');
  await page.waitForFunction((from) => document.querySelector('.board-scroll').scrollLeft > from + 20, before);
  // A flung board glides on until it comes to rest.
  for (let last = before, now; (now = await scrolled()) !== last; last = now) await page.waitForTimeout(300);
  assert.equal(await page.locator('.board-answer').count(), 0);

  await show();
  [x, y] = await middle(stop(page, fit.key));
  const height = await page.locator('.board-names li').first().evaluate((row) => row.offsetHeight);
  const row = day.lanes.findIndex(({ id }) => id === fit.lane);
  const down = row + 1 < day.lanes.length ? 1 : -1;
  await finger('touchStart', x, y);
  await page.locator('.board-answer').waitFor();
  const still = await scrolled();
  for (let step = 1; step <= 4; step++) await finger('touchMove', x, y + (down * height * step) / 4);
  await page.locator('.board-answer', { hasText: '路程 +6 分' }).waitFor();
  assert.equal(await scrolled(), still);
  await finger('touchEnd');
  const to = day.lanes[row + down].id;
  await page.locator(`.board-stops[data-lane="${to}"] [data-stop="${fit.key}"]`).waitFor();
  assert.equal(sent.at(-1).staff, to);
});

journey('names and hours stay in sight on a phone', { phone: true }, async ({ page }) => {
  await opened(page);
  const name = page.locator('.board-names li').first();
  const before = await name.boundingBox();
  await page.locator('.board-scroll').evaluate((board) => board.scrollTo(500, 0));
  assert.equal((await name.boundingBox()).x, before.x);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});

journey('the two of one visit light up together, with the hours promised', async ({ page }) => {
  const { day } = await opened(page);
  const pair = day.lanes.flatMap(({ stops }) => stops).find(({ second }) => second);
  await inSight(page);
  await page.mouse.move(...(await middle(stop(page, `${pair.visit}/0`))));
  await page.locator('.board-tip').waitFor();
  assert.equal(await page.locator('.board-stop.lit').count(), 2);
  assert.equal(await page.locator('.board-joins .lit').count(), 1);
  assert.equal(await page.locator('.board-window').count(), 1);
  assert.match(await page.locator('.board-tip').innerText(), /同去/);
});

journey('the time axis stretches about its middle and a new plan keeps it', async ({ page }) => {
  const { fit } = await opened(page);
  const width = () => page.locator('.board-lanes').evaluate((drawing) => Number(drawing.getAttribute('width')));
  const before = await width();
  await page.locator('[data-zoom="+"]').click();
  assert.ok((await width()) > before * 1.4);
  const stretched = await width();
  await stop(page, fit.key).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('.js-board > .json').waitFor({ state: 'attached' });
  await page.locator('.board-lanes .board-stop').first().waitFor();
  assert.equal(await width(), stretched);
});

journey('a lane and its route light up together, both ways', async ({ page }) => {
  const { day } = await opened(page);
  await page.locator('.map-route').first().waitFor();
  await page.locator('.board-names li').nth(1).hover();
  assert.equal(await page.locator('.map-route.lit').count(), 1);
  assert.equal(await page.locator('.map-pin.lit').count(), (await page.locator('.map-routes li').nth(1).locator('small').innerText()).match(/\d+/)[0] * 1 + 1);
  await page.locator('.map-routes li').nth(2).hover();
  assert.equal(await page.locator('.board-names .lane-lit').getAttribute('data-lane'), day.lanes[2].id);
});

journey('routes are chosen from their list', async ({ page }) => {
  const { day } = await opened(page);
  await page.locator('.map-route').first().waitFor();
  assert.equal(await page.locator('.map-route').count(), day.lanes.length);
  await page.locator('.map-routes button', { hasText: '全部隐藏' }).click();
  assert.equal(await page.locator('.map-route').count(), 0);
  await page.locator('.map-routes input').nth(1).check();
  assert.equal(await page.locator('.map-route').count(), 1);
});

journey('progress is shown as it comes; at the end the plan is fetched once and the line is closed', async ({ page }) => {
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto('/gallery-dispatch.html');
  await page.locator('.js-live', { hasText: '第 2 步' }).waitFor();
  assert.equal(await page.locator('.js-live').getAttribute('aria-live'), 'off');
  assert.match(await page.locator('[aria-live=polite].sr').first().innerText(), /第 1 步/);
  await page.locator('.js-board > .json').waitFor({ state: 'attached' });
  await page.locator('.board-lanes .board-stop').first().waitFor();
  await page.waitForTimeout(3500);
  assert.equal(asked.filter((path) => path === '/dispatch/big/progress').length, 1);
  assert.equal(asked.filter((path) => path === '/gallery-dispatch.html').length, 2);
});

journey('a lost connection is told in words and ends when it is back', { allow: [/Failed to load resource/, /ERR_/] }, async ({ page }) => {
  let broken = true;
  await page.route('**/progress', (route) => (broken ? route.fulfill({ status: 502, body: '' }) : route.continue()));
  await page.goto('/gallery-dispatch.html');
  await page.locator('.live-note', { hasText: '正在重新连接' }).waitFor();
  assert.equal(await page.locator('.live-note a').innerText(), '刷新页面');
  broken = false;
  await page.locator('.js-live', { hasText: '第 1 步' }).waitFor();
  assert.equal(await page.locator('.live-note').innerText(), '');
});

journey('without JavaScript the board is its table', { javaScriptEnabled: false }, async ({ page }) => {
  await page.goto(small);
  assert.equal(await page.locator('.js-board table').isVisible(), true);
  await page.goto('/gallery-dispatch.html');
  assert.equal(await page.locator('.js-live a').isVisible(), true);
});

async function shotOf(page, name) {
  await page.screenshot({ path: new URL(`../out/${name}.png`, import.meta.url).pathname });
}

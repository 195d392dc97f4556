// What the script adds to pages, tried on the gallery of web/: `cd web && npm run dev && node serve.mjs`, then
// `node run.mjs --base http://127.0.0.1:4173 --folder gallery`.
import assert from 'node:assert/strict';
import { axe, journey, shot } from '../lib.mjs';

const pages = ['gallery', 'gallery-list', 'gallery-elder', 'gallery-form', 'gallery-assess', 'gallery-figures', 'gallery-pieces', 'gallery-login'];

for (const name of pages) {
  journey(`${name} has no serious finding and fits both widths`, async ({ page }) => {
    await page.goto(`/${name}.html`);
    if (name === 'gallery-figures') await page.locator('.map-legend').waitFor();
    await axe(page);
    await shot(page, name);
  });

  journey(`${name} in large print has no serious finding and fits both widths`, async ({ page }) => {
    await page.goto(`/${name}.html?size=large`);
    await axe(page);
    await shot(page, `${name}-large`);
  });
}

journey('large print keeps text from 18 px and targets of 44 px', { phone: true }, async ({ page }) => {
  await page.goto('/gallery-assess.html?size=large');
  const small = await page.evaluate(() => [...document.querySelectorAll('main *')]
    .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) && each.offsetParent && !each.closest('.sr'))
    .filter((each) => parseFloat(getComputedStyle(each).fontSize) < 18).map((each) => `${each.className} ${getComputedStyle(each).fontSize}`));
  assert.deepEqual(small, []);
  for (const choice of await page.locator('.choice').all()) assert.ok((await choice.boundingBox()).height >= 60);
});

journey('a slash leads to the search, arrows walk its suggestions', async ({ page }) => {
  await page.goto('/gallery.html');
  await page.keyboard.press('/');
  await page.keyboard.type('wgf');
  await page.locator('.suggest-item').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.locator('#search').getAttribute('aria-activedescendant'), 'suggest-1');
  await axe(page, { within: '.top' });
  await page.keyboard.press('Enter');
  await page.waitForURL(/gallery-elder/);
});

journey('Escape closes the suggestions', async ({ page }) => {
  await page.goto('/gallery.html');
  await page.locator('#search').fill('王');
  await page.locator('.suggest-item').first().waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.suggest-item').count(), 0);
});

journey('the menu of a phone is a drawer', { phone: true }, async ({ page }) => {
  await page.goto('/gallery.html');
  assert.equal(await page.locator('.side').isVisible(), false);
  await page.locator('.top-menu').click();
  await page.locator('.side').waitFor({ state: 'visible' });
  await page.keyboard.press('Escape');
  await page.locator('.side').waitFor({ state: 'hidden' });
});

journey('the drawer opens without JavaScript', { phone: true, javaScriptEnabled: false }, async ({ page }) => {
  await page.goto('/gallery.html');
  await page.locator('.top-menu').click();
  await page.locator('.side').waitFor({ state: 'visible' });
  await page.locator('.side-close').click();
  await page.locator('.side').waitFor({ state: 'hidden' });
});

journey('a running job is asked for until it is done', async ({ page }) => {
  await page.goto('/gallery.html');
  await page.locator('text=导入完成').waitFor({ timeout: 12_000 });
});

journey('the server asks for a toast', async ({ page }) => {
  await page.goto('/gallery-pieces.html');
  await page.locator('button', { hasText: '提示' }).click();
  await page.locator('.toast-ok', { hasText: '已保存' }).waitFor();
  await axe(page);
});

journey('a failed answer is told in its own words', { allow: [/status of 409/, /Response Status Error/] }, async ({ page }) => {
  await page.goto('/gallery-pieces.html');
  await page.locator('button', { hasText: '出错' }).click();
  await page.locator('.toast-bad', { hasText: '已由别人改过' }).waitFor();
});

journey('what cannot be undone is asked first', async ({ page }) => {
  const posts = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await page.goto('/gallery-pieces.html');
  await page.locator('button', { hasText: '先问再做' }).click();
  await page.locator('dialog button', { hasText: '取消' }).click();
  assert.equal(posts.length, 0);
  await page.locator('button', { hasText: '先问再做' }).click();
  await axe(page);
  await page.locator('dialog button', { hasText: '撤销' }).click();
  await page.locator('.toast-ok').waitFor();
  assert.equal(posts.length, 1);
});

journey('a confirmed button sends its form with its own value', async ({ page }) => {
  let sent = '';
  await page.route('**/gallery-form.html', (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    sent = route.request().postData() ?? '';
    return route.fulfill({ status: 204 });
  });
  await page.goto('/gallery-form.html');
  await page.locator('button', { hasText: '删除' }).click();
  await page.locator('dialog button', { hasText: '删除' }).click();
  await page.waitForTimeout(300);
  assert.match(sent, /name="delete"|delete=yes/);
});

journey('typed text survives a reload and can be discarded', async ({ page }) => {
  page.on('dialog', (dialog) => dialog.accept());
  await page.goto('/gallery-form.html');
  await page.locator('#phone').fill('13800000021');
  await page.locator('input[value=dementia]').check();
  await page.reload();
  await page.locator('.draft-note', { hasText: '已恢复未保存的填写' }).waitFor();
  assert.equal(await page.locator('#phone').inputValue(), '13800000021');
  assert.equal(await page.locator('input[value=dementia]').isChecked(), true);
  await axe(page);
  await page.locator('.draft-note button').click();
  assert.equal(await page.locator('#phone').inputValue(), '');
  await page.reload();
  assert.equal(await page.locator('.draft-note').count(), 0);
});

journey('a draft ends when the next page is another one, and not at an error or the login', async ({ page }) => {
  const drafts = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length);
  let landing = '/gallery-login.html';
  await page.route('**/gallery-form.html', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 303, headers: { Location: landing } }) : route.continue()));
  for (const [where, left] of [['/gallery-login.html', 1], ['/gallery-list.html', 0]]) {
    landing = where;
    await page.goto('/gallery-form.html');
    await page.locator('#note').fill('记一笔');
    await page.locator('.form-foot .btn-primary').click();
    await page.waitForURL(`**${where}`);
    await page.waitForFunction(() => document.documentElement.classList.contains('js'));
    assert.equal(await drafts(), left, where);
  }
});

journey('leaving with unsent changes is asked', async ({ page }) => {
  let asked = 0;
  page.on('dialog', (dialog) => {
    asked++;
    void dialog.dismiss();
  });
  await page.goto('/gallery-form.html');
  await page.locator('#phone').click();
  await page.keyboard.type('1');
  await page.locator('.crumbs a').click();
  await page.waitForTimeout(400);
  assert.equal(asked, 1);
  assert.match(page.url(), /gallery-form/);
});

journey('a questionnaire counts its answers', async ({ page }) => {
  await page.goto('/gallery-assess.html');
  assert.equal((await page.locator('.answered-count').innerText()).replace(/\s/g, ''), '已答3/4');
  assert.equal(await page.locator('.answered-next').getAttribute('href'), '#q-adl04');
  await page.locator('#q-adl04 .choice').nth(1).click();
  assert.match(await page.locator('.answered').innerText(), /4\s*\/4/);
  assert.equal(await page.locator('.answered-next').innerText(), '全部答完');
});

journey('a signature becomes a picture and can be cleared', async ({ page }) => {
  await page.goto('/gallery-form.html');
  const pad = page.locator('canvas.js-sign');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 20, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 90, { steps: 8 });
  await page.mouse.up();
  assert.match(await page.locator('#signature_a').inputValue(), /^data:image\/png;base64,.{200,}/);
  await page.locator('.js-sign-clear').click();
  assert.equal(await page.locator('#signature_a').inputValue(), '');
});

journey('a large photo is made small before it is sent', async ({ page }) => {
  await page.goto('/gallery-form.html');
  const large = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 3200, height: 2000 });
    const pen = canvas.getContext('2d');
    for (let x = 0; x < 3200; x += 8) {
      pen.fillStyle = `hsl(${x % 360} 60% 50%)`;
      pen.fillRect(x, (x * 7) % 1800, 8, 200);
    }
    return canvas.toDataURL('image/png').split(',')[1];
  });
  await page.locator('#photo').setInputFiles({ name: 'p.png', mimeType: 'image/png', buffer: Buffer.from(large, 'base64') });
  await page.locator('.photo-list img').waitFor();
  const made = await page.locator('#photo').evaluate(async (input) => {
    const picture = await createImageBitmap(input.files[0]);
    return [input.files[0].name, input.files[0].type, picture.width, picture.height];
  });
  assert.deepEqual(made, ['p.jpg', 'image/jpeg', 1600, 1000]);
});

journey('filters fetch the list, drop empty fields and show in the address', async ({ page }) => {
  await page.goto('/gallery-list.html');
  await page.locator('#f-town').selectOption('城关镇');
  await page.waitForURL((url) => url.searchParams.get('town') === '城关镇' && !url.searchParams.has('group'));
  assert.equal(await page.locator('#list table').count(), 1);
  await page.goBack();
  await page.waitForURL((url) => url.search === '');
});

journey('a whole row is its link, and the button in it is itself', async ({ page }) => {
  await page.goto('/gallery-list.html');
  await page.locator('tbody tr').nth(2).locator('td').nth(4).click({ force: true });
  await page.waitForURL(/gallery-elder/);
  await page.goto('/gallery-list.html');
  await page.locator('tbody tr').nth(2).locator('.row-actions a').click();
  await page.waitForURL(/gallery-form/);
});

journey('the head of a list stays in sight', async ({ page }) => {
  await page.goto('/gallery-list.html');
  await page.setViewportSize({ width: 1440, height: 600 });
  await page.evaluate(() => window.scrollTo(0, 420));
  await page.waitForTimeout(200);
  const head = await page.locator('thead th').first().boundingBox();
  const bar = await page.locator('.top').boundingBox();
  assert.ok(Math.abs(head.y - (bar.y + bar.height)) <= 2, `head at ${head.y}, bar ends at ${bar.y + bar.height}`);
});

journey('charts and the map draw and answer the pointer under the content policy', async ({ page }) => {
  await page.goto('/gallery-figures.html');
  await page.locator('.map-legend').waitFor();
  await page.locator('.chart-area svg').nth(3).waitFor();
  for (const index of [0, 1, 2]) {
    const area = page.locator('.chart-area').nth(index);
    await area.scrollIntoViewIfNeeded();
    const box = await area.boundingBox();
    await page.mouse.move(box.x + box.width * (index === 2 ? 0.29 : 0.4), box.y + box.height * (index === 2 ? 0.17 : 0.6), { steps: 4 });
    await area.locator('.chart-tip').waitFor({ state: 'visible' });
  }
  await page.locator('.map path').first().hover();
});

journey('a chart without JavaScript is its table', { javaScriptEnabled: false }, async ({ page }) => {
  await page.goto('/gallery-figures.html');
  assert.equal(await page.locator('figure table').nth(1).isVisible(), true);
  assert.equal(await page.locator('.needs-js:visible').count(), 0);
});

journey('paper carries the content alone', async ({ page }) => {
  await page.goto('/gallery-list.html');
  await page.emulateMedia({ media: 'print' });
  for (const part of ['.side', '.top', '.filters', '.page-head .actions', '.row-actions >> nth=0']) assert.equal(await page.locator(part).isVisible(), false, part);
  assert.equal(await page.locator('h1').isVisible(), true);
  assert.equal(await page.locator('thead').evaluate((head) => getComputedStyle(head).display), 'table-header-group');
});

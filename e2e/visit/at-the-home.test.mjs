// What a nurse does at a home: services beside the plan, photos, reasons, next days, the door, the map, a visit that nobody planned.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { agree, allArrived, beginFollowUp, dist, endSigned, enrol, picture, sign, withPhone } from './phone.mjs';

const bodies = (events, kind) => events.filter((each) => each.kind === kind).map(({ body }) => JSON.parse(body));

async function open({ page }, name) {
  await page.locator('a.stop', { hasText: name }).first().click();
  await page.getByRole('button', { name: /到达/ }).click();
  await page.getByText(/开始$/).first().waitFor();
}

/** A visit with a dressing that wants photos before and after. */
function dressing(state) {
  state.visits[0].tasks = [{ service: 'dressing', title: '伤口换药', title_en: 'Dressing', form: '', photos: ['before', 'after'] }];
}

withPhone('a service that nobody planned is added with its form, and can be left again', async (phone) => {
  await enrol(phone);
  await beginFollowUp(phone, '王桂芳');
  await phone.page.getByText('加一项服务').click();
  await phone.page.getByRole('button', { name: '助浴' }).click();
  await phone.page.locator('#task-bath').waitFor();
  await phone.page.getByRole('button', { name: '不加了' }).click();
  await phone.page.locator('#task-bath').waitFor({ state: 'detached' });
  await phone.page.getByText('加一项服务').click();
  await phone.page.getByRole('button', { name: '量血压' }).click();
  const card = phone.page.locator('#task-pressure');
  await card.waitFor();
  await sign(phone);
  await phone.page.getByRole('button', { name: /离开/ }).click();
  await phone.page.getByText('“量血压”请点').waitFor();
  await card.locator('input[name="pressure.systolic"]').fill('127');
  await card.locator('input[name="pressure.diastolic"]').fill('81');
  await phone.page.getByRole('button', { name: /离开/ }).click();
  await phone.page.locator('a.stop.done', { hasText: '量血压' }).waitFor();
  await allArrived(phone);
  const tasks = bodies(await agree(phone), 'task');
  assert.deepEqual(tasks.map(({ service, values }) => [service, values.systolic]), [['follow_up', '138'], ['pressure', '127']]);
});

withPhone('a photo that a service wants is asked for, and is of its kind', async (phone) => {
  dressing(phone.fake.state);
  await enrol(phone);
  await open(phone, '王桂芳');
  await phone.page.locator('#task-dressing label.choice', { hasText: '已做' }).click();
  const [before, after] = [0, 1].map((nth) => phone.page.locator('#task-dressing input[type=file]').nth(nth));
  await before.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: await picture(phone, 60) });
  await phone.page.locator('#task-dressing', { hasText: '1 张照片' }).waitFor();
  await sign(phone);
  await phone.page.getByRole('button', { name: /离开/ }).click();
  await phone.page.getByText('“伤口换药”还没有拍照：服务后。').waitFor();
  await after.setInputFiles({ name: 'b.png', mimeType: 'image/png', buffer: await picture(phone, 60) });
  await phone.page.waitForFunction(() => document.querySelectorAll('#task-dressing .state.done').length === 2);
  await phone.page.getByRole('button', { name: /离开/ }).click();
  await phone.page.locator('a.stop.done').first().waitFor();
  await allArrived(phone);
  const events = await agree(phone);
  assert.deepEqual(bodies(events, 'photo').map(({ kind, service }) => [kind, service]), [['before', 'dressing'], ['after', 'dressing']]);
  assert.equal(bodies(events, 'task')[0].no_photo, '');
  assert.equal(phone.fake.state.photos.size, 2);
});

withPhone('a photo is left out with a reason alone', async (phone) => {
  dressing(phone.fake.state);
  await enrol(phone);
  await open(phone, '王桂芳');
  const card = phone.page.locator('#task-dressing');
  await card.locator('label.choice', { hasText: '已做' }).click();
  await card.getByText('不能拍照', { exact: true }).click();
  await card.locator('label.choice', { hasText: '光线太暗' }).click();
  assert.equal(await card.locator('input[name="dressing.no-photo"]').inputValue(), '光线太暗');
  await endSigned(phone);
  await allArrived(phone);
  assert.equal(bodies(await agree(phone), 'task')[0].no_photo, '光线太暗');
});

withPhone('what was left undone says why by a tap, and carries a sentence', async (phone) => {
  await enrol(phone);
  await open(phone, '王桂芳');
  const card = phone.page.locator('#task-follow_up');
  await card.locator('label.choice', { hasText: '没做' }).click();
  assert.equal(await card.locator('input[name="follow_up.systolic"]').isVisible(), false, 'what was not done has no values');
  await sign(phone);
  await phone.page.getByRole('button', { name: /离开/ }).click();
  await phone.page.getByText('没做的原因”').waitFor();
  await card.locator('label.choice', { hasText: '老人不愿意' }).click();
  await card.locator('textarea[name="follow_up.note"]').fill('约了下周再来');
  await phone.page.getByRole('button', { name: /离开/ }).click();
  await phone.page.locator('a.stop.done').first().waitFor();
  await allArrived(phone);
  const [task] = bodies(await agree(phone), 'task');
  assert.deepEqual([task.done, task.reason, task.note], [false, '老人不愿意', '约了下周再来']);
});

withPhone('another reason typed takes the place of the tapped one', async (phone) => {
  await enrol(phone);
  await open(phone, '王桂芳');
  const card = phone.page.locator('#task-follow_up');
  await card.locator('label.choice', { hasText: '没做' }).click();
  await card.locator('label.choice', { hasText: '时间不够' }).click();
  await card.locator('input[name="follow_up.reason"]').fill('停电');
  assert.equal(await card.locator('.reason input:checked').count(), 0);
  await endSigned(phone);
  await allArrived(phone);
  assert.equal(bodies(await agree(phone), 'task')[0].reason, '停电');
});

withPhone('a usual next day takes one tap', async (phone) => {
  await enrol(phone);
  await beginFollowUp(phone, '王桂芳');
  const wanted = async (label) => {
    await phone.page.getByRole('button', { name: label, exact: true }).click();
    return phone.page.locator('input[name=next]').inputValue();
  };
  const after = (days) => new Date(Date.now() + (8 + 24 * days) * 3600_000).toISOString().slice(0, 10);
  assert.deepEqual([await wanted('1 周'), await wanted('2 周')], [after(7), after(14)]);
  const [, month] = (await wanted('3 个月')).split('-').map(Number);
  assert.equal((month - Number(after(0).split('-')[1]) + 12) % 12, 3);
  const inMonth = await wanted('1 个月');
  await endSigned(phone);
  await allArrived(phone);
  assert.equal(bodies(await agree(phone), 'end')[0].next, inMonth);
});

withPhone('the day says how many are done and how many are left', async (phone) => {
  await enrol(phone);
  const counts = () => phone.page.locator('.counts').innerText();
  assert.equal(await counts(), '共 2 户：已完成 0，还剩 2');
  await beginFollowUp(phone, '王桂芳');
  await endSigned(phone);
  assert.equal(await counts(), '共 2 户：已完成 1，还剩 1');
  await phone.page.locator('a.stop', { hasText: '李秀英' }).click();
  await phone.page.getByRole('link', { name: '没有服务成' }).click();
  await phone.page.locator('label.choice', { hasText: '家里没人' }).click();
  await phone.page.getByRole('button', { name: '保存' }).click();
  await phone.page.locator('a.stop.missed').waitFor();
  assert.equal(await counts(), '共 2 户：已完成 1，还剩 0 未服务成 1');
});

withPhone('arrival at a visit that nobody planned is asked for once, with the door', async (phone) => {
  await enrol(phone);
  await phone.page.goto('/visit/#unplanned/990101-11');
  await phone.page.locator('label.choice', { hasText: '助浴' }).click();
  await phone.page.locator('input[name=door]').fill('12345678');
  await phone.page.getByRole('button', { name: /到达/ }).click();
  await phone.page.locator('#task-bath').waitFor();
  assert.equal(await phone.page.getByRole('button', { name: /到达/ }).count(), 0);
  await phone.page.locator('#task-bath label.choice', { hasText: '已做' }).click();
  await endSigned(phone);
  await allArrived(phone);
  const events = await agree(phone);
  assert.deepEqual(events.map(({ kind }) => kind), ['unplanned', 'begin', 'task', 'signature', 'end']);
  assert.equal(events[1].visit, events[0].id);
  assert.equal(bodies(events, 'begin')[0].door, '12345678');
});

withPhone('the code at the door is read by the camera where the browser can', async (phone) => {
  await phone.page.addInitScript(() => {
    let looked = 0;
    window.BarcodeDetector = class {
      async detect() {
        return ++looked < 3 ? [] : [{ rawValue: '87654321' }];
      }
    };
    navigator.mediaDevices.getUserMedia = async () => document.createElement('canvas').captureStream(5);
    HTMLMediaElement.prototype.play = async () => undefined;
  });
  await enrol(phone);
  await phone.page.locator('a.stop', { hasText: '王桂芳' }).click();
  await phone.page.getByRole('button', { name: '扫描' }).click();
  await phone.page.waitForFunction(() => document.querySelector('input[name=door]').value === '87654321');
  assert.equal(await phone.page.locator('dialog').count(), 0);
  await phone.page.getByRole('button', { name: /到达/ }).click();
  await phone.page.locator('input[name="follow_up.systolic"]').waitFor();
  await allArrived(phone);
  assert.equal(bodies(await agree(phone), 'begin')[0].door, '87654321');
});

withPhone('a camera that may not be used leaves the digits to be typed', async (phone) => {
  await phone.page.addInitScript(() => {
    window.BarcodeDetector = class {};
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
  });
  await enrol(phone);
  await phone.page.locator('a.stop', { hasText: '王桂芳' }).click();
  await phone.page.getByRole('button', { name: '扫描' }).click();
  await phone.page.getByText('不能扫描，请输入数字。').waitFor();
  assert.equal(await phone.page.locator('dialog').count(), 0);
});

withPhone('one stop stands in the middle of the map, and whoever is far from it beside it in words', async (phone) => {
  const { state } = phone.fake;
  state.visits[1].day = '2099-01-01';
  await phone.context.setGeolocation({ latitude: 29.6, longitude: 106.6, accuracy: 20 });
  await enrol(phone);
  await phone.page.goto('/visit/#map/');
  const drawing = phone.page.locator('svg.map');
  await drawing.waitFor();
  await phone.page.getByText(/到下一站 王桂芳 直线 \d+ 米/).waitFor();
  const [box, stop] = [await drawing.boundingBox(), await drawing.locator('circle').boundingBox()];
  assert.ok(Math.abs(box.x + box.width / 2 - stop.x - stop.width / 2) < 3, 'in the middle across');
  assert.ok(Math.abs(box.y + box.height / 2 - stop.y - stop.height / 2) < 3, 'in the middle down');
  assert.equal(await drawing.locator('.here').count(), 0, 'whoever is far is not drawn');
});

withPhone('stops of one house stand apart in their order, and the phone among them, in large letters', async (phone) => {
  const { state } = phone.fake;
  state.elders[0].latitude = state.elders[1].latitude = 29.511;
  state.elders[0].longitude = state.elders[1].longitude = 106.505;
  await phone.context.setGeolocation({ latitude: 29.512, longitude: 106.507, accuracy: 20 });
  await enrol(phone);
  await phone.page.goto('/visit/#map/');
  const drawing = phone.page.locator('svg.map');
  await drawing.locator('.here').waitFor();
  assert.deepEqual(await drawing.locator('text.number').allTextContents(), ['1', '2']);
  const [one, other] = await Promise.all([0, 1].map((nth) => drawing.locator('a circle').nth(nth).boundingBox()));
  assert.ok(Math.hypot(one.x - other.x, one.y - other.y) > 40, 'no stop covers another');
  const sizes = await phone.page.evaluate(() => [...document.querySelectorAll('.map text, .help')].map((each) => {
    const scale = each.ownerSVGElement ? each.ownerSVGElement.getBoundingClientRect().width / each.ownerSVGElement.viewBox.baseVal.width : 1;
    return parseFloat(getComputedStyle(each).fontSize) * scale;
  }));
  assert.ok(Math.min(...sizes) >= 17.9, `letters of ${Math.min(...sizes)} px`);
});

withPhone('the phone shows an icon of its own, whatever shape it cuts', async ({ page }) => {
  await page.goto('/visit/');
  const manifest = await page.evaluate(() => fetch('/visit/manifest.webmanifest').then((answer) => answer.json()));
  for (const purpose of ['any', 'maskable']) {
    const named = manifest.icons.filter((each) => each.purpose === purpose && each.type === 'image/png');
    assert.deepEqual(named.map(({ sizes }) => sizes), ['192x192', '512x512']);
    for (const { src, sizes } of named) {
      const bytes = await readFile(`${dist}/${src}`);
      assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, sizes);
      const [corner, house] = await page.evaluate(async (address) => {
        const image = new Image();
        image.src = address;
        await image.decode();
        const pen = new OffscreenCanvas(image.width, image.height).getContext('2d');
        pen.drawImage(image, 0, 0);
        return [[1, 1], [image.width * 0.35, image.height * 0.7]].map(([x, y]) => [...pen.getImageData(x, y, 1, 1).data]);
      }, `/visit/${src}`);
      assert.equal(corner[3], purpose === 'any' ? 0 : 255, 'the corners of a maskable icon are filled');
      assert.deepEqual(house, [255, 254, 251, 255]);
    }
  }
});

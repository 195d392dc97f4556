// The visiting app on a bad network: nothing that was done is lost, nothing arrives as two.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { axe } from '../lib.mjs';
import { agree, allArrived, beginFollowUp, callForHelp, dist, endSigned, enrol, followUp, held, picture, pin, plainKeys, sendNow, sign, unlock, withPhone } from './phone.mjs';
import { seeded } from './proxy.mjs';

const isEvents = (method, path) => method === 'POST' && path.endsWith('/events');

/** One fault for the first `times` requests that match. */
function once(kind, matches, times = 1) {
  return (method, path) => (matches(method, path) && times-- > 0 ? kind : '');
}

async function fields({ page }) {
  await page.locator('input[name="follow_up.systolic"]').waitFor();
  return Promise.all(['systolic', 'diastolic'].map((each) => page.locator(`input[name="follow_up.${each}"]`).inputValue()));
}

withPhone('a day without a network arrives whole and in order', async (phone) => {
  await enrol(phone);
  await phone.context.setOffline(true);
  await followUp(phone, '王桂芳');
  await followUp(phone, '李秀英');
  assert.equal(phone.fake.events().length, 0, 'nothing arrives without a network');
  await phone.context.setOffline(false);
  await allArrived(phone);
  const events = await agree(phone);
  assert.deepEqual(events.map(({ kind }) => kind), ['begin', 'task', 'signature', 'end', 'begin', 'task', 'signature', 'end']);
  assert.deepEqual(JSON.parse(events[1].body).values, { systolic: '138', diastolic: '86' });
  assert.equal(JSON.parse(events[0].body).fix.latitude, 29.51);
});

withPhone('a reload in mid-form keeps every field, without a network too', async (phone) => {
  await enrol(phone);
  await phone.context.setOffline(true);
  await beginFollowUp(phone, '王桂芳', '151', '93');
  await sign(phone);
  const lines = await phone.page.locator('svg.pad path').getAttribute('d');
  await phone.page.reload();
  await unlock(phone);
  assert.deepEqual(await fields(phone), ['151', '93']);
  assert.equal(await phone.page.locator('svg.pad path').getAttribute('d'), lines);
});

withPhone('a browser killed in mid-form keeps every field and the chain', async (phone) => {
  await enrol(phone);
  await beginFollowUp(phone, '王桂芳', '151', '93');
  await phone.page.waitForTimeout(150);
  await phone.kill();
  await phone.context.close().catch(() => undefined);
  await phone.open();
  await phone.page.goto('/visit/');
  await unlock(phone);
  await phone.page.locator('a.stop', { hasText: '王桂芳' }).first().click();
  assert.deepEqual(await fields(phone), ['151', '93']);
  await endSigned(phone);
  await allArrived(phone);
  const events = await agree(phone);
  assert.deepEqual(events.map(({ kind }) => kind), ['begin', 'task', 'signature', 'end'], 'the arrival is recorded once');
});

withPhone('a clock wrong by a day is said, and changes neither the day shown nor what is recorded', async (phone) => {
  phone.fake.state.clockAheadMs = 24 * 3600_000;
  for (const each of phone.fake.state.visits) each.day = each.id === '990101-51' ? new Date(Date.now() + 32 * 3600_000).toISOString().slice(0, 10) : '2099-01-01';
  await enrol(phone);
  await phone.page.getByText(/时钟慢了/).waitFor();
  assert.equal(await phone.page.locator('a.stop').count(), 1, 'the visits of the true day');
  await followUp(phone, '王桂芳');
  await allArrived(phone);
  const [begun] = await agree(phone);
  assert.ok(Math.abs(Date.parse(begun.at) - Date.now()) < 600_000, 'the phone’s own clock');
});

for (const [kind, told] of [['drop', 'a request that never arrives'], ['lost', 'an answer that is lost'], ['half', 'half an answer'], ['twice', 'a request that arrives twice']]) {
  withPhone(`${told} is harmless`, async (phone) => {
    await enrol(phone);
    await phone.context.setOffline(true);
    await followUp(phone, '王桂芳');
    phone.network.fault = once(kind, isEvents);
    await phone.context.setOffline(false);
    await allArrived(phone);
    assert.equal(phone.network.happened.length, 1, 'the fault happened');
    assert.equal((await agree(phone)).length, 4);
  });
}

withPhone('any mixture of faults ends with both sides agreeing', async (phone) => {
  await enrol(phone);
  phone.network.fault = seeded(7, 0.5);
  await followUp(phone, '王桂芳');
  await followUp(phone, '李秀英');
  await allArrived(phone, 90_000);
  assert.ok(phone.network.happened.length > 0, 'faults happened');
  assert.equal((await agree(phone)).length, 8);
});

withPhone('a new version waits, is offered, and costs neither field nor event', async (phone) => {
  const newer = await mkdtemp(join(tmpdir(), 'visit-newer-'));
  try {
    await enrol(phone);
    await phone.context.setOffline(true);
    await followUp(phone, '李秀英');
    await beginFollowUp(phone, '王桂芳', '144', '90');
    await newerBuild(newer);
    phone.fake.state.folder = newer;
    phone.network.fault = (_, path) => (path.startsWith('/api/') ? 'drop' : '');
    await phone.context.setOffline(false);
    const bar = phone.page.getByRole('button', { name: '现在重新打开' });
    await sendNow(phone);
    await bar.waitFor();
    assert.deepEqual(await fields(phone), ['144', '90'], 'nothing was loaded anew by itself');
    await bar.click();
    await phone.page.locator('#pin').waitFor();
    assert.equal(await phone.page.evaluate(() => fetch('/visit/app.js').then((answer) => answer.text()).then((text) => text.includes('newer build'))), true);
    await unlock(phone);
    assert.deepEqual(await fields(phone), ['144', '90']);
    phone.network.fault = () => '';
    await endSigned(phone);
    await allArrived(phone);
    assert.equal((await agree(phone)).length, 8);
  } finally {
    await rm(newer, { recursive: true, force: true });
  }
});

withPhone('a version that arrives cut short is not taken', async (phone) => {
  const newer = await mkdtemp(join(tmpdir(), 'visit-cut-'));
  try {
    await enrol(phone);
    await newerBuild(newer);
    const app = await readFile(join(newer, 'app.js'));
    await writeFile(join(newer, 'app.js'), app.subarray(0, app.length / 2));
    phone.fake.state.folder = newer;
    await sendNow(phone);
    await phone.page.waitForTimeout(2500);
    assert.equal(await phone.page.getByRole('button', { name: '现在重新打开' }).count(), 0);
    await phone.page.reload();
    await unlock(phone);
    await phone.page.locator('a.stop').first().waitFor();
  } finally {
    await rm(newer, { recursive: true, force: true });
  }
});

withPhone('five wrong PINs wipe the phone, and closing it in between does not undo the count', async (phone) => {
  await enrol(phone);
  await phone.page.reload();
  for (let tried = 1; tried <= 5; tried++) {
    if (tried === 3) await phone.page.reload();
    await unlock(phone, '161803');
    if (tried < 5) await phone.page.getByText(`还可以试 ${5 - tried} 次`).first().waitFor();
  }
  await phone.page.locator('input[name=code]').waitFor();
  assert.deepEqual(await held(phone), []);
});

for (const [who, lock] of [['an open', false], ['a locked', true]]) {
  withPhone(`what called for help on ${who} phone goes out after five wrong PINs, and then its key is gone as well`, async (phone) => {
    await enrol(phone);
    if (lock) {
      await phone.page.reload();
      await phone.page.locator('#pin').waitFor();
    }
    await phone.context.setOffline(true);
    await callForHelp(phone, lock ? '#help .bar.bad' : undefined);
    await phone.page.getByText(/还没有送到/).waitFor();
    await phone.page.waitForTimeout(500);
    await phone.page.reload();
    for (let tried = 1; tried <= 5; tried++) {
      await unlock(phone, '161803');
      if (tried < 5) await phone.page.getByText(`还可以试 ${5 - tried} 次`).first().waitFor();
    }
    await phone.page.locator('input[name=code]').waitFor();
    assert.deepEqual(await held(phone), []);
    assert.deepEqual(await plainKeys(phone), ['help-calls', 'help-key']);
    await phone.context.setOffline(false);
    await phone.page.evaluate(() => window.dispatchEvent(new Event('online')));
    while ((await plainKeys(phone)).includes('help-key')) await phone.page.waitForTimeout(200);
    const calls = [...phone.fake.state.calls.values()];
    assert.equal(calls.length, 1);
    assert.equal(JSON.parse(calls[0].body).fix.latitude, 29.51);
  });
}

withPhone('four wrong PINs and the right one open the phone and count anew', async (phone) => {
  await enrol(phone);
  await phone.page.reload();
  for (let tried = 1; tried <= 4; tried++) {
    await unlock(phone, '161803');
    await phone.page.getByText(`还可以试 ${5 - tried} 次`).waitFor();
  }
  await unlock(phone, pin);
  await phone.page.locator('a.stop').first().waitFor();
  await phone.page.reload();
  await unlock(phone, '161803');
  await phone.page.getByText('还可以试 4 次').waitFor();
});

withPhone('a revoked phone wipes itself', async (phone) => {
  await enrol(phone);
  await followUp(phone, '王桂芳');
  await allArrived(phone);
  phone.fake.phone().revoked = true;
  await sendNow(phone);
  await phone.page.locator('input[name=code]').waitFor();
  assert.deepEqual(await held(phone), []);
});

withPhone('a token that the server does not know wipes nothing', async (phone) => {
  await enrol(phone);
  await phone.context.setOffline(true);
  await followUp(phone, '王桂芳');
  phone.fake.state.phones.clear();
  await phone.context.setOffline(false);
  await sendNow(phone);
  await phone.page.getByText(/服务器不接受/).waitFor();
  assert.equal((await held(phone)).length, 4);
});

withPhone('a server restored from an older copy gets everything again, photos too', async (phone) => {
  await enrol(phone);
  await beginFollowUp(phone, '王桂芳');
  await phone.page.locator('input[type=file]').first().setInputFiles({ name: 'scene.png', mimeType: 'image/png', buffer: await picture(phone) });
  await phone.page.waitForFunction(() => /1 张照片/.test(document.body.innerText));
  await endSigned(phone);
  await allArrived(phone);
  const before = await agree(phone);
  assert.equal(phone.fake.state.photos.size, 1);
  assert.ok([...phone.fake.state.photos.values()][0].length <= 120_000, 'the photo was made small');
  phone.fake.restoreTo(1);
  await sendNow(phone);
  await phone.page.waitForTimeout(1500);
  await allArrived(phone);
  assert.deepEqual(await agree(phone), before, 'the very same events');
  assert.equal(phone.fake.state.photos.size, 1);
});

withPhone('a call for help goes first, alone, and is no sign of a restored server', async (phone) => {
  await enrol(phone);
  await phone.context.setOffline(true);
  await followUp(phone, '王桂芳');
  await callForHelp(phone);
  await phone.page.getByText(/还没有送到/).waitFor();
  await phone.page.reload();
  await unlock(phone);
  await phone.page.getByText(/还没有送到/).waitFor();
  phone.fake.state.batches.length = 0;
  await phone.context.setOffline(false);
  await allArrived(phone);
  await phone.page.getByText(/求助已在/).waitFor();
  const { batches } = phone.fake.state;
  assert.deepEqual(batches[0].kinds, ['sos']);
  assert.deepEqual(batches.flatMap(({ numbers }) => numbers).sort((one, other) => one - other), [1, 2, 3, 4, 5], 'each was sent once');
  await agree(phone);
});

withPhone('what is set aside is said with its reason and holds nothing up', async (phone) => {
  phone.fake.state.aside = ({ kind }) => (kind === 'task' ? '这次上门已由别人记录' : '');
  await enrol(phone);
  await followUp(phone, '王桂芳');
  await allArrived(phone);
  await agree(phone);
  await phone.page.goto('/visit/#outbox');
  await phone.page.getByText(/这次上门已由别人记录/).waitFor();
});

withPhone('more than two hundred events go in batches', async (phone) => {
  await enrol(phone);
  await phone.context.setOffline(true);
  await phone.page.locator('a.stop', { hasText: '王桂芳' }).first().click();
  await phone.page.getByRole('button', { name: /到达/ }).click();
  await phone.page.getByText('用料').click();
  for (let count = 0; count < 210; count++) {
    await phone.page.evaluate((name) => {
      const input = document.querySelector('input[name=material-name]');
      input.value = name;
      input.dispatchEvent(new Event('input'));
      [...input.closest('section').querySelectorAll('button')].at(-1).click();
    }, `纱布 ${count}`);
    await phone.page.waitForFunction(() => document.querySelector('input[name=material-name]').value === '');
  }
  await phone.context.setOffline(false);
  await allArrived(phone);
  const events = await agree(phone);
  assert.equal(events.length, 211);
  assert.ok(Math.max(...phone.fake.state.batches.map(({ numbers }) => numbers.length)) === 200);
});

withPhone('a usual follow-up takes few taps', async (phone) => {
  await enrol(phone);
  let taps = 0;
  await phone.page.exposeFunction('tapped', () => taps++);
  await phone.page.evaluate(() => document.addEventListener('pointerdown', () => window.tapped(), true));
  await phone.page.locator('a.stop', { hasText: '王桂芳' }).first().tap();
  await phone.page.getByRole('button', { name: /到达/ }).tap();
  for (const [name, value] of [['systolic', '138'], ['diastolic', '86']]) {
    await phone.page.locator(`input[name="follow_up.${name}"]`).tap();
    await phone.page.keyboard.type(value);
  }
  await sign(phone);
  await phone.page.getByRole('button', { name: /离开/ }).tap();
  await phone.page.locator('a.stop.done').waitFor();
  console.log(`    ${taps} taps besides digits`);
  assert.ok(taps >= 6 && taps <= 14, `${taps} taps`);
});

withPhone('ten minutes without touch lock the phone', async (phone) => {
  await phone.page.clock.install();
  await enrol(phone);
  await beginFollowUp(phone, '王桂芳', '151', '93');
  await phone.page.clock.fastForward(11 * 60_000);
  await phone.page.locator('#pin').waitFor();
  assert.equal(await phone.page.getByText('王桂芳').count(), 0, 'nobody’s name is left on the screen');
  await unlock(phone);
  assert.deepEqual(await fields(phone), ['151', '93']);
});

withPhone('handing over is asked twice while something was not sent', async (phone) => {
  await enrol(phone);
  await phone.context.setOffline(true);
  await followUp(phone, '王桂芳');
  await phone.page.waitForFunction(() => /4 条未上传/.test(document.querySelector('a.arrival').innerText));
  await phone.page.goto('/visit/#menu');
  const yes = () => phone.page.locator('dialog[open] button').last().click();
  await phone.page.getByRole('button', { name: /交给别人/ }).click();
  await yes();
  await phone.page.locator('dialog[open]', { hasText: '4 条' }).waitFor();
  await phone.page.locator('dialog[open] button').first().click();
  assert.equal((await held(phone)).length, 4, 'one no keeps everything');
  await phone.page.getByRole('button', { name: /交给别人/ }).click();
  await yes();
  await yes();
  await phone.page.locator('input[name=code]').waitFor();
  assert.deepEqual(await held(phone), []);
});

withPhone('every screen fits a phone and can be read by everyone, in both languages', async (phone) => {
  const { page } = phone;
  const wrong = [];
  const look = async (name) => {
    await axe(page).catch(({ message }) => wrong.push(`${name}: ${message}`));
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (beyond > 0) wrong.push(`${name} is ${beyond} pixels too wide`);
    const small = await page.evaluate(() => [...document.querySelectorAll('button, main a, summary, input:not([type=radio], [type=checkbox], [type=file])')]
      .filter((each) => each.getClientRects().length > 0 && each.getBoundingClientRect().height < 47.5).map((each) => `${each.tagName} ${each.className} ${each.textContent.slice(0, 20)} ${Math.round(each.getBoundingClientRect().height)}`));
    if (small.length > 0) wrong.push(`${name} has touch areas under 48 px: ${small.join('; ')}`);
    await page.screenshot({ path: new URL(`../out/app-${name}.png`, import.meta.url).pathname, fullPage: true });
  };
  for (const each of phone.fake.state.visits) each.tasks.push({ service: 'dressing', title: '伤口换药', title_en: 'Dressing', form: '', photos: ['before', 'after'] });
  await page.goto('/visit/');
  await page.locator('input[name=code]').waitFor();
  await look('enrol');
  await enrol(phone);
  for (const language of ['zh', 'en']) {
    if (language === 'en') {
      await page.goto('/visit/#menu');
      await page.getByRole('button', { name: 'English' }).click();
    }
    const visit = language === 'zh' ? '990101-51' : '990101-52';
    for (const place of ['', `map/`, 'elder/990101-11', 'elders', `visit/${visit}`, 'unplanned/990101-11', `missed/${visit}`, 'outbox', 'menu']) {
      await page.goto(`/visit/#${place}`);
      await page.waitForTimeout(150);
      await look(`${language}-${place.replace(/\W+/g, '-') || 'today'}`);
    }
    await page.goto(`/visit/#visit/${visit}`);
    await page.getByRole('button', { name: /到达|Arrived/ }).click();
    await page.locator('input[name="follow_up.systolic"]').waitFor();
    await look(`${language}-under-way`);
    await page.evaluate(() => document.querySelectorAll('main details').forEach((each) => (each.open = true)));
    await look(`${language}-opened`);
    await page.locator('#task-follow_up label.choice').nth(1).click();
    await look(`${language}-not-done`);
  }
  await callForHelp(phone);
  await look('en-sos');
  await page.reload();
  await page.locator('#pin').waitFor();
  await look('en-unlock');
  await callForHelp(phone, '#help .bar');
  await look('en-help');
  assert.deepEqual(wrong, []);
});

/** The same app as another version: one file differs, and the service worker names its hash. */
async function newerBuild(folder) {
  await cp(dist, folder, { recursive: true });
  const app = await readFile(join(folder, 'app.js'), 'utf8');
  const changed = `${app}\n// newer build\n`;
  const digest = (text) => createHash('sha256').update(text).digest('hex');
  const worker = await readFile(join(folder, 'service-worker.js'), 'utf8');
  assert.ok(worker.includes(digest(app)), 'the service worker knows the app by its hash');
  const version = /visit-"?\s*\+|"([0-9a-f]{8})"/.exec(worker)?.[1] ?? '';
  await writeFile(join(folder, 'app.js'), changed);
  await writeFile(join(folder, 'service-worker.js'), worker.replace(digest(app), digest(changed)).replaceAll(version || '\0', 'newer000'));
}

// A phone of a test: the app in Chromium in front of a bad network and the fake server, and what the phone itself says it holds.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { fakeServer } from './fake.mjs';
import { badNetwork } from './proxy.mjs';

export const dist = new URL('../../web/dist/visit', import.meta.url).pathname;
export const pin = '271828';
const place = { latitude: 29.51, longitude: 106.51, accuracy: 20 };

/** A test with a phone that nobody has enrolled yet; `walk` gets `{ page, context, fake, network, again }`. */
export function withPhone(title, walk) {
  test(title, { timeout: 150_000 }, async () => {
    const profile = await mkdtemp(join(tmpdir(), 'visit-phone-'));
    const fake = await fakeServer(dist);
    const network = await badNetwork({ to: `http://127.0.0.1:${fake.port}` });
    const phone = { fake, network, context: null, page: null, errors: [] };
    phone.open = async () => {
      phone.context = await chromium.launchPersistentContext(profile, {
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
        baseURL: network.base, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true,
        permissions: ['geolocation'], geolocation: place,
      });
      phone.context.setDefaultTimeout(15_000);
      phone.page = phone.context.pages()[0] ?? (await phone.context.newPage());
      phone.page.on('pageerror', (error) => phone.errors.push(String(error)));
      phone.page.on('console', (message) => /Content Security Policy/.test(message.text()) && phone.errors.push(message.text()));
    };
    // As a battery that runs out: no chance to write anything more.
    phone.kill = async () => {
      const pid = await browserOf(profile);
      process.kill(pid, 'SIGKILL');
      await phone.context.close().catch(() => undefined);
      await rm(join(profile, 'SingletonLock'), { force: true });
    };
    try {
      await phone.open();
      await walk(phone);
      assert.deepEqual(phone.errors, [], 'errors of the page');
      assert.deepEqual(fake.state.faults, [], 'faults the server found');
    } catch (failure) {
      await phone.page?.screenshot({ path: new URL(`../out/failed-visit-${title.replace(/\W+/g, '-')}.png`, import.meta.url).pathname }).catch(() => undefined);
      throw failure;
    } finally {
      await phone.context?.close().catch(() => undefined);
      network.close();
      fake.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    }
  });
}

/** The process of the browser that this test started, known by its profile. */
async function browserOf(profile) {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(`--user-data-dir=${profile}`) && !command.includes('--type=') && /chrom/.test(command.split('\0')[0])) return Number(pid);
  }
  throw new Error('the browser of this test is not found');
}

export async function enrol({ page }) {
  await page.goto('/visit/#enrol=CODE-1');
  await page.locator('input[name=name]').fill('红米');
  await page.locator('input[name=pin]').fill(pin);
  await page.locator('input[name=again]').fill(pin);
  await page.getByRole('button', { name: '登记' }).click();
  await page.locator('a.stop').first().waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
}

export async function unlock({ page }, typed = pin) {
  await page.locator('#pin').fill(typed);
  await page.getByRole('button', { name: '打开' }).click();
}

/** Begins the visit of an elder and fills in the form; nothing is ended. */
export async function beginFollowUp({ page }, name, systolic = '138', diastolic = '86') {
  await page.locator('a.stop', { hasText: name }).first().click();
  await page.getByRole('button', { name: /到达/ }).click();
  await page.locator('input[name="follow_up.systolic"]').fill(systolic);
  await page.locator('input[name="follow_up.diastolic"]').fill(diastolic);
}

export async function sign({ page }) {
  const pad = page.locator('svg.pad');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 40, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 140, box.y + 60);
  await page.mouse.move(box.x + 200, box.y + 30);
  await page.mouse.up();
}

export async function followUp(phone, name) {
  await beginFollowUp(phone, name);
  await endSigned(phone);
  await phone.page.locator('a.stop.done', { hasText: name }).waitFor();
}

/** The visit that is open is signed and ended, and stands as done. */
export async function endSigned(phone) {
  await sign(phone);
  await phone.page.getByRole('button', { name: /离开/ }).click();
  await phone.page.locator('a.stop.done').first().waitFor();
}

/** Holds the button until `seen` is there. */
export async function callForHelp({ page }, seen = '[role=alert].bar') {
  const box = await page.locator('button.sos').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.locator(seen).waitFor();
  await page.mouse.up();
}

/** Changes the phone's own database: `deed(transaction)` runs in the page, as text. */
export function inDatabase({ page }, deed) {
  return page.evaluate((text) => new Promise((resolve, reject) => {
    const request = indexedDB.open('visit');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const transaction = request.result.transaction(['plain', 'records', 'events', 'photos'], 'readwrite');
      transaction.oncomplete = () => {
        request.result.close();
        resolve();
      };
      transaction.onabort = () => reject(transaction.error);
      deeds[text](transaction);
    };
    const deeds = {
      // As a phone that kept nothing longer than the first event.
      'drop all but the first event': (transaction) => transaction.objectStore('events').delete(IDBKeyRange.lowerBound(2)),
      // As a copy of the phone from just after its first event.
      'back to the first event': (transaction) => {
        const events = transaction.objectStore('events');
        events.delete(IDBKeyRange.lowerBound(2));
        transaction.objectStore('plain').put({ key: 'progress', received: 1 });
        transaction.objectStore('plain').put({ key: 'head', number: 1, hash: window.firstHash });
      },
    };
  }), deed);
}

export async function sendNow({ page }) {
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
}

export async function allArrived(phone, withinMs = 60_000) {
  const until = Date.now() + withinMs;
  for (;;) {
    await sendNow(phone);
    if (await phone.page.locator('a.arrival.ok').isVisible()) break;
    assert.ok(Date.now() < until, `not all arrived: ${await phone.page.locator('a.arrival').innerText()}`);
    await phone.page.waitForTimeout(700);
  }
}

/** What a store of the phone's own database holds: `ask` is `getAll` or `getAllKeys`; sealed bytes are left behind. */
function stored({ page }, store, ask) {
  return page.evaluate(([name, how]) => new Promise((resolve, reject) => {
    const request = indexedDB.open('visit');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const open = request.result;
      if (!open.objectStoreNames.contains(name)) return open.close(), resolve([]);
      const all = open.transaction(name).objectStore(name)[how]();
      all.onsuccess = () => {
        open.close();
        resolve(JSON.parse(JSON.stringify(all.result)));
      };
    };
  }), [store, ask]);
}

/** What stands unsealed in the phone's own database, by its keys. */
export async function plainKeys(phone) {
  return (await stored(phone, 'plain', 'getAllKeys')).sort();
}

/** What stands in the phone's own database: number, id, and whether it still waits. */
export async function held(phone) {
  return (await stored(phone, 'events', 'getAll')).map(({ number, id, waiting }) => ({ number, id, waiting: waiting === 1 }));
}

/** The server holds exactly what the phone was told it holds, each once, in one chain from the first. */
export async function agree(phone) {
  const told = (await held(phone)).filter(({ waiting }) => !waiting).map(({ number, id }) => `${number} ${id}`);
  const events = phone.fake.events();
  assert.deepEqual(events.map(({ number, id }) => `${number} ${id}`), told, 'what the server holds and what the phone was told');
  assert.ok(events.length > 0, 'something was sent at all');
  events.forEach((event, index) => {
    assert.equal(event.number, index + 1, 'numbers without a gap');
    assert.equal(event.previous, events[index - 1]?.hash ?? '', `event ${event.number} follows the one before it`);
  });
  return events;
}

/** A picture of noise; one of 900 pixels is larger than a photo may be. */
export async function picture({ page }, side = 900) {
  const bytes = await page.evaluate(async (pixels) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = pixels;
    const pen = canvas.getContext('2d');
    const data = pen.createImageData(pixels, pixels);
    for (let at = 0; at < data.data.length; at++) data.data[at] = at % 4 === 3 ? 255 : Math.random() * 255;
    pen.putImageData(data, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
    return Array.from(new Uint8Array(await blob.arrayBuffer()));
  }, side);
  return Buffer.from(bytes);
}

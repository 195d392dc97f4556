// Devices: registered, handed out, heard over MQTT by a real client, seen on the charts, an alarm, a message that nobody understands.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { axe, journey, login, shot, watched } from '../lib.mjs';

const mqtt = process.env.E2E_MQTT ?? '127.0.0.1:1884';

/** Sends one message as a device, by Mosquitto's client; whether it was acknowledged. */
function publish({ user, secret }, topic, message) {
  const [host, port] = mqtt.split(':');
  const words = ['-V', 'mqttv5', '-h', host, '-p', port, '-u', user, '-P', secret, '-q', '1', '-t', topic, '-m', JSON.stringify(message)];
  try {
    execFileSync('mosquitto_pub', words, { timeout: 15_000, stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/** Registers a device by the form; gives what it signs in with, and its page. */
async function registered(page, kind, serial) {
  await page.goto('/devices/new');
  await page.locator('select[name=organisation]').selectOption({ index: 1 });
  await page.locator('select[name=kind]').selectOption(kind);
  await page.locator('input[name=maker]').fill('康测');
  await page.locator('input[name=model]').fill(`旅程 ${kind}`);
  await page.locator('input[name=serial]').fill(serial);
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('密钥只显示这一次').waitFor();
  const [user, secret] = await page.locator('main code').allInnerTexts();
  await page.getByRole('link', { name: '已写入设备' }).click();
  return { user, secret, link: new URL(page.url()).pathname };
}

journey('a cuff is registered, handed out and heard; its values are on the charts, and too high a pressure is an alarm', async ({ page, context }) => {
  await login(page, 'lead');
  const serial = `J${Date.now()}`;
  const cuff = await registered(page, 'cuff', serial);
  await page.getByText('在库').first().waitFor();
  await page.goto('/elders');
  await page.locator('table.list a.row-link').first().click();
  const elder = new URL(page.url()).pathname.split('/').pop();
  await page.goto(cuff.link);
  await page.getByRole('link', { name: '发给老人' }).click();
  await page.locator('input[name=elder]').fill(elder);
  await page.locator('input[name=spot]').fill('客厅');
  await page.getByRole('button', { name: '发给老人' }).click();
  await page.getByText('已登记安装').waitFor();

  const say = (values) => publish(cuff, `yiyang/${serial}/readings`, { device: serial, time: Date.now(), values });
  assert.ok(say({ systolic: 137, diastolic: 84 }), 'the server acknowledges');
  assert.ok(!publish({ ...cuff, secret: 'wrong' }, `yiyang/${serial}/readings`, {}), 'a wrong secret is refused');
  await page.goto(cuff.link);
  await page.getByText('137').first().waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'devices one');

  await page.goto(`/devices/people/${elder}?stretch=day`);
  await page.locator('.chart-area svg').waitFor();
  await page.getByText(/收缩压.测了 \d+ 次/).waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'devices person');

  assert.ok(say({ systolic: 196, diastolic: 92 }));
  const board = watched(await context.newPage());
  await board.goto('/monitoring');
  await board.locator('#board .alarm', { hasText: '体征异常' }).first().waitFor({ timeout: 3_000 });
  await board.close();
});

journey('a message of a device that nobody knows waits for somebody to look at it', async ({ page, context }) => {
  await login(page, 'lead');
  const gateway = await registered(page, 'gateway', `G${Date.now()}`);
  const child = `C${Date.now()}`;
  assert.ok(publish(gateway, 'yiyang/readings', { device: child, time: Date.now(), values: { heart_rate: 71 } }), 'it is kept, and acknowledged');
  await context.clearCookies();
  await login(page, 'operator');
  await page.goto('/devices/messages?state=waiting');
  await page.locator('table.list a.row-link').first().click();
  await page.getByText(`没有登记过设备 ${child}`).first().waitFor();
  await axe(page, { within: 'main' });
  await shot(page, 'devices message');
  await page.getByRole('button', { name: '忽略' }).click();
  await page.locator('dialog').getByRole('button', { name: '确定' }).click();
  await page.getByText('已忽略').first().waitFor();
});

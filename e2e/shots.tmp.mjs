import { chromium } from 'playwright-core';
import { readFile } from 'node:fs/promises';
const [base, data, role, lang, ...paths] = process.argv.slice(2);
const all = JSON.parse(await readFile(data + '/logins.json', 'utf8'));
const who = all.find((it) => it.role === role);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
const page = await (await browser.newContext({ baseURL: base, viewport: { width: 1440, height: 900 } })).newPage();
await page.goto('/login?lang=' + lang);
await page.fill('input[name=user]', who.user);
await page.fill('input[type=password]', who.password);
await page.locator('main form button:not([type=button])').first().click();
await page.waitForURL((u) => u.pathname !== '/login');
for (const path of paths) {
  await page.goto(path);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(300);
    const name = `/tmp/shots/${lang}-${path.replace(/\W+/g, '_')}-${width}.png`;
    await page.screenshot({ path: name, fullPage: width === 1440, animations: 'disabled' });
    console.log(name, await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth));
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}
await browser.close();

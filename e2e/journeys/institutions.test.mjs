// Institutions: write one down with a wrong code first, license it, say what it can do, find it on the map, read its history.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

journey('an official writes an institution down and licenses it until both licences hold', { allow: [/status of 422/] }, async ({ page }) => {
  await login(page, 'official');
  await page.goto('/institutions?lang=zh');
  await axe(page);
  await shot(page, 'institutions');
  await page.goto('/institutions/new');
  await page.locator('#name').fill('松鹤医养中心');
  await page.locator('#kind').selectOption('elderly_home');
  await page.locator('#code').fill('91350100M000100Y44');
  await page.locator('#opened').fill('2020-05-01');
  await page.locator('#place').selectOption({ index: 2 });
  await page.locator('.form-foot .btn-primary').click();
  await page.locator('#errors').waitFor();
  assert.match(await page.locator('#errors').innerText(), /校验码不符/);
  await axe(page);

  await page.locator('#code').fill('91350100M000100Y43');
  await page.locator('.map.leaflet-container').click({ position: { x: 300, y: 150 } });
  assert.match(await page.locator('#position').inputValue(), /^\d+\.\d{6},\d+\.\d{6}$/);
  await page.locator('.form-foot .btn-primary').click();
  await page.waitForURL(/\/institutions\/\d{6}-\d+$/);
  const here = page.url();
  for (const kind of ['practice', 'care_filing']) {
    await page.goto(here);
    await page.locator('#licences summary', { hasText: '登记证照' }).click();
    await page.locator('#licence-kind').selectOption(kind);
    await page.locator('#licence-number').fill(`E2E-${kind}`);
    await page.locator('#licence-issuer').fill('卫生健康局');
    await page.locator('#licence-from').fill('2024-01-01');
    await page.locator('#licences .form-foot button').click();
    await page.locator('#licences td', { hasText: `E2E-${kind}` }).waitFor();
  }
  assert.match(await page.locator('main').innerText(), /两证齐全/);
  await page.goto(`${here}/abilities`);
  await page.locator('input[name=modes][value=mode_contracted]').check();
  await page.locator('#beds_elderly').fill('60');
  await page.locator('#beds_nursing').fill('61');
  await page.locator('.form-foot .btn-primary').click();
  await page.locator('#errors').waitFor();
  await page.locator('#beds_nursing').fill('33');
  await axe(page);
  await page.locator('.form-foot .btn-primary').click();
  await page.waitForURL(here);
  await axe(page);
  await shot(page, 'institution');
  await page.goto(`${here}/history`);
  assert.match(await page.locator('main').innerText(), /E2E-practice/);
  await axe(page);
  await page.goto('/institutions/map');
  await page.locator('.map.leaflet-container').waitFor();
  await axe(page);
  await shot(page, 'institutions map');
  await page.goto('/institutions?q=91350100M000100Y43');
  assert.equal(await page.locator('tbody tr').count(), 1);
});

// Workforce: take a doctor in, give them a team, see what the team lacks, and which villages it is responsible for.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

journey('a lead takes a doctor in and puts them into a team', { allow: [/status of 422/] }, async ({ page }) => {
  await login(page, 'lead');
  await page.goto('/workforce/new?lang=zh');
  await page.locator('#name').fill('欧阳试验');
  await page.locator('#id_number').fill('110105194912310021');
  await page.locator('#kind').selectOption('public_health');
  await page.locator('#organisation').selectOption({ index: 1 });
  await page.locator('.form-foot .btn-primary').click();
  await page.locator('#errors').waitFor();
  await axe(page);
  await page.locator('#id_number').fill('11010519491231002X');
  await page.locator('.form-foot .btn-primary').click();
  await page.waitForURL(/\/workforce\/\d{6}-\d+$/);
  assert.match(await page.locator('main').innerText(), /110105\*{8}002X/);
  await axe(page);
  await shot(page, 'staff');

  await page.goto('/workforce/teams');
  await axe(page);
  await shot(page, 'teams');
  await page.locator('a.row-link').first().click();
  await page.waitForURL(/\/workforce\/teams\/\d{6}-\d+$/);
  const team = page.url();
  // It stands open where a team has nobody yet.
  const add = page.locator('details', { has: page.locator('#member-staff') });
  if ((await add.getAttribute('open')) === null) await add.locator('summary').click();
  const option = await page.locator('#member-staff option', { hasText: '欧阳试验' }).getAttribute('value');
  await page.locator('#member-staff').selectOption(option);
  await page.locator('#member-role').selectOption('public_health');
  await page.locator('details[open] .form-foot button').click();
  await page.locator('td a', { hasText: '欧阳试验' }).waitFor();
  await axe(page);
  await shot(page, 'team');
  await page.goto(`${team}/places`);
  await axe(page);
  await shot(page, 'team places');
});

journey('a team can be read without JavaScript and on another day', { javaScriptEnabled: false }, async ({ page }) => {
  await login(page, 'official');
  await page.goto('/workforce/teams?lang=zh');
  await page.locator('a.row-link').first().click();
  await page.waitForURL(/\/workforce\/teams\/\d{6}-\d+$/);
  await page.locator('#on').fill('2016-01-01');
  await page.locator('button', { hasText: '查看' }).click();
  await page.waitForURL(/on=2016-01-01/);
  assert.match(await page.locator('main').innerText(), /这是 2016-01-01 的情况/);
});

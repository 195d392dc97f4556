// Every page of every role's menu opens, in both languages, in both widths, without a serious hindrance to anyone, and no
// page offers its reader an address that does not open.
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

  journey(`no link on the pages of ${role} leads nowhere`, async ({ page }) => {
    await login(page, role);
    const seen = new Set(['/']);
    const open = [{ path: '/', from: '', depth: 0 }];
    const bad = [];
    for (let next = open.shift(); next; next = open.shift()) {
      const answer = await page.request.get(next.path, { maxRedirects: 0 });
      if (answer.status() >= 400) bad.push(`${answer.status()} ${next.path}, offered on ${next.from}`);
      if (answer.status() !== 200 || next.depth === 3 || !answer.headers()['content-type'].includes('html')) continue;
      for (const [, link] of (await answer.text()).matchAll(/<a[^>]* href="(\/[^"#]*)"/g)) {
        const path = link.replaceAll('&amp;', '&');
        const kind = shape(path);
        if (!seen.has(kind)) {
          seen.add(kind);
          open.push({ path, from: next.path, depth: next.depth + 1 });
        }
      }
    }
    assert.deepEqual(bad, []);
    assert.ok(seen.size > 20, 'there is something to open');
  });
}

/** One address of each kind is enough: numbers, codes and what is chosen by a parameter are alike. */
function shape(path) {
  return path.split('?')[0].replace(/^\/(indicators|policy)\/.*/, '/$1/…').replace(/[^/]*[\d%][^/]*/g, '…');
}

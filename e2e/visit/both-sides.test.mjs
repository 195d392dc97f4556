// What phone and server have to agree on: settings, changes of the plan, calls for help before the PIN, records that are gone.
import assert from 'node:assert/strict';
import { agree, allArrived, beginFollowUp, callForHelp, endSigned, enrol, followUp, held, inDatabase, pin, sendNow, unlock, withPhone } from './phone.mjs';

const askedFor = ({ fake }, question) => fake.state.asked.filter((each) => each === question).length;

withPhone('a locked phone calls for help without the PIN, keeps the call without a network, and says what became of it', async (phone) => {
  await enrol(phone);
  await phone.page.reload();
  await phone.page.locator('#pin').waitFor();
  await phone.context.setOffline(true);
  await callForHelp(phone, '#help .bar.bad');
  await phone.page.getByText(/还没有送到/).waitFor();
  await phone.page.waitForTimeout(500);
  await phone.page.reload();
  await phone.page.locator('#help .bar.bad').waitFor();
  assert.equal(phone.fake.state.calls.size, 0);
  await phone.context.setOffline(false);
  await phone.page.getByText(/求助已在/).waitFor();
  const calls = [...phone.fake.state.calls.values()];
  assert.equal(calls.length, 1);
  assert.equal(JSON.parse(calls[0].body).fix.latitude, 29.51);
  assert.equal(await phone.page.getByText('王桂芳').count(), 0, 'nothing of the content is shown');
  await unlock(phone);
  await phone.page.locator('a.stop').first().waitFor();
  assert.equal(phone.fake.events().length, 0, 'a call of its own, not an event');
});

withPhone('a call that the server will not have says to ring, and is kept', async (phone) => {
  await enrol(phone);
  await phone.page.reload();
  phone.fake.state.refusesHelp = true;
  await callForHelp(phone, '#help .bar.bad');
  await phone.page.getByText(/请打 120/).waitFor();
  phone.fake.state.refusesHelp = false;
  await phone.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await phone.page.getByText(/求助已在/).waitFor();
});

withPhone('a short press on the lock calls nobody', async (phone) => {
  await enrol(phone);
  await phone.page.reload();
  await phone.page.locator('button.sos').click();
  await phone.page.getByText('按住一秒半发出求助').waitFor();
  await phone.page.waitForTimeout(1_800);
  assert.equal(phone.fake.state.calls.size, 0);
});

withPhone('the server says how long a PIN is and how often it may be wrong', async (phone) => {
  phone.fake.state.pin = { least: 8, tries: 3 };
  await phone.page.goto('/visit/#enrol=CODE-1');
  await phone.page.getByText('至少 8 位数字').waitFor();
  await phone.page.locator('input[name=name]').fill('红米');
  const type = async (digits) => {
    for (const name of ['pin', 'again']) await phone.page.locator(`input[name=${name}]`).fill(digits);
    await phone.page.getByRole('button', { name: '登记' }).click();
  };
  await type('2718281');
  await phone.page.getByText('密码至少 8 位数字', { exact: false }).first().waitFor();
  assert.equal(phone.fake.state.phones.size, 0, 'the code is not used up');
  await type('27182818');
  await phone.page.locator('a.stop').first().waitFor();
  await phone.page.reload();
  for (const left of [2, 1]) {
    await unlock(phone, '16180339');
    await phone.page.getByText(`还可以试 ${left} 次`).first().waitFor();
  }
  await unlock(phone, '16180339');
  await phone.page.locator('input[name=code]').waitFor();
});

withPhone('a longer PIN wanted by the answer itself is asked for without another code', async (phone) => {
  phone.fake.state.termsPin = { least: 6, tries: 5 };
  phone.fake.state.pin = { least: 7, tries: 5 };
  await phone.page.goto('/visit/#enrol=CODE-1');
  await phone.page.locator('input[name=name]').fill('红米');
  for (const digits of ['271828', '2718281']) {
    for (const name of ['pin', 'again']) await phone.page.locator(`input[name=${name}]`).fill(digits);
    await phone.page.getByRole('button', { name: '登记' }).click();
    if (digits.length === 6) await phone.page.getByText('密码至少 7 位数字').waitFor();
  }
  await phone.page.locator('a.stop').first().waitFor();
  assert.equal(phone.fake.state.phones.size, 1);
});

withPhone('settings that change reach the phone: a longer PIN is chosen, fewer tries are left', async (phone) => {
  await enrol(phone);
  await followUp(phone, '王桂芳');
  phone.fake.state.pin = { least: 8, tries: 3 };
  phone.fake.state.catalogue = 'two';
  await allArrived(phone);
  await phone.page.reload();
  await unlock(phone, '161803');
  await phone.page.getByText('还可以试 2 次').waitFor();
  await unlock(phone, pin);
  await phone.page.getByText('现在要求密码至少 8 位').waitFor();
  assert.equal(await phone.page.getByText('王桂芳').count(), 0);
  for (const name of ['pin', 'again']) await phone.page.locator(`input[name=${name}]`).fill('27182818');
  await phone.page.getByRole('button', { name: '保存' }).click();
  await phone.page.locator('a.stop.done', { hasText: '王桂芳' }).waitFor();
  await phone.page.reload();
  await unlock(phone, pin);
  await phone.page.getByText('还可以试 2 次').waitFor();
  await unlock(phone, '27182818');
  await phone.page.locator('a.stop.done', { hasText: '王桂芳' }).waitFor();
});

withPhone('a cursor that the server does not know is answered by taking everything again', async (phone) => {
  const { state } = phone.fake;
  await enrol(phone);
  await allArrived(phone);
  const before = askedFor(phone, 'GET /snapshot');
  state.cursor = 9;
  state.visits = state.visits.slice(0, 1);
  await sendNow(phone);
  await phone.page.waitForFunction(() => document.querySelectorAll('a.stop').length === 1);
  assert.equal(askedFor(phone, 'GET /snapshot'), before + 1);
  await sendNow(phone);
  await phone.page.waitForTimeout(800);
  assert.equal(askedFor(phone, 'GET /snapshot'), before + 1, 'once');
});

withPhone('changes that arrive while a form is open keep every field, and are shown when the person wants', async (phone) => {
  const { state } = phone.fake;
  await enrol(phone);
  await beginFollowUp(phone, '王桂芳', '151', '93');
  const changed = { ...state.visits[0], version: '2', note: '带上新药', tasks: [...state.visits[0].tasks, { service: 'bath', title: '助浴', title_en: 'Bath', form: '', photos: [] }] };
  state.changes.push({ from: 1, visits: [changed], gone: ['990101-52'], elders: [{ ...state.elders[0], remark: '按门铃' }] });
  state.cursor = 2;
  await sendNow(phone);
  await phone.page.getByText('这次上门的计划有变化').waitFor();
  const values = () => Promise.all(['systolic', 'diastolic'].map((each) => phone.page.locator(`input[name="follow_up.${each}"]`).inputValue()));
  assert.deepEqual(await values(), ['151', '93']);
  assert.equal(await phone.page.locator('#task-bath').count(), 0, 'nothing moves under the hand');
  await phone.page.getByRole('button', { name: '看变化' }).click();
  assert.deepEqual(await values(), ['151', '93']);
  await phone.page.locator('#task-bath label.choice', { hasText: '已做' }).click();
  assert.equal(await phone.page.getByText('这次上门的计划有变化').count(), 0);
  await endSigned(phone);
  assert.equal(await phone.page.locator('a.stop').count(), 1, 'what is gone is gone');
  await allArrived(phone);
  assert.equal((await agree(phone)).filter(({ kind }) => kind === 'task').length, 2);
});

withPhone('a visit called off while somebody is there can be ended', async (phone) => {
  const { state } = phone.fake;
  await enrol(phone);
  await beginFollowUp(phone, '王桂芳', '151', '93');
  state.changes.push({ from: 1, visits: [{ ...state.visits[0], version: '2', state: 'cancelled' }] });
  state.cursor = 2;
  await sendNow(phone);
  await phone.page.getByRole('button', { name: '看变化' }).click();
  await endSigned(phone);
  await allArrived(phone);
  assert.deepEqual((await agree(phone)).map(({ kind }) => kind), ['begin', 'task', 'signature', 'end']);
});

withPhone('records that neither side has any more are declared lost once, and the rest goes on', async (phone) => {
  await enrol(phone);
  await followUp(phone, '王桂芳');
  await allArrived(phone);
  const told = await held(phone);
  assert.equal(told.length, 4);
  // The server is restored to its first event when the phone no longer keeps the rest.
  await inDatabase(phone, 'drop all but the first event');
  phone.fake.restoreTo(1);
  await allArrived(phone);
  await followUp(phone, '李秀英');
  await allArrived(phone);
  const events = phone.fake.events();
  assert.deepEqual(events.map(({ number, kind }) => `${number} ${kind}`), ['1 begin', '5 lost', '6 begin', '7 task', '8 signature', '9 end']);
  const { from, until, reason } = JSON.parse(events[1].body);
  assert.deepEqual([from, until], [2, 4]);
  assert.ok(reason.length > 0);
  assert.ok(await phone.page.locator('a.arrival.ok').isVisible());
});

withPhone('a phone restored from an older state gives what it did since new numbers and loses nothing', async (phone) => {
  await enrol(phone);
  await followUp(phone, '王桂芳');
  await allArrived(phone);
  const first = phone.fake.events()[0];
  await phone.page.evaluate((hash) => (window.firstHash = hash), first.hash);
  await inDatabase(phone, 'back to the first event');
  await phone.context.setOffline(true);
  await phone.page.reload();
  await unlock(phone);
  await followUp(phone, '李秀英');
  // The end has its number once the position is known.
  while ((await held(phone)).length < 5) await phone.page.waitForTimeout(100);
  await phone.context.setOffline(false);
  await allArrived(phone);
  const events = phone.fake.events();
  assert.deepEqual(events.map(({ number, kind }) => `${number} ${kind}`), ['1 begin', '2 task', '3 signature', '4 end', '5 begin', '6 task', '7 signature', '8 end']);
  events.slice(1).forEach((event, index) => assert.equal(event.previous, events[index].hash, `event ${event.number} follows the one before it`));
});

withPhone('a phone restored from an older state with nothing to send goes on after the last event of the server', async (phone) => {
  await enrol(phone);
  await followUp(phone, '王桂芳');
  await allArrived(phone);
  const [first] = phone.fake.events();
  await phone.page.evaluate((hash) => (window.firstHash = hash), first.hash);
  await inDatabase(phone, 'back to the first event');
  await phone.page.reload();
  await unlock(phone);
  await allArrived(phone);
  phone.fake.state.batches.length = 0;
  await followUp(phone, '李秀英');
  await allArrived(phone);
  assert.deepEqual(phone.fake.state.batches.flatMap(({ numbers }) => numbers).sort(), [5, 6, 7, 8], 'no number is tried that is taken');
  assert.deepEqual(phone.fake.events().map(({ number }) => number), [1, 2, 3, 4, 5, 6, 7, 8]);
});

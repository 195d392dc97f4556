// A phone becomes known: the code, its name, its keys, and the PIN that seals everything.
import { commit } from '../database';
import { drawPlain } from '../frame';
import { helpKeyRecord } from '../help';
import { change, type Identity } from '../holdings';
import { choose, current, say } from '../language';
import { box, button, element, field, text } from '../page';
import type { Enrolment, Terms } from '../protocol';
import { get, post, Refusal, Unreachable } from '../server';
import { keysRecord, newKeys } from '../signing';
import { create } from '../vault';
import { pinComplaint, pinFields, type NewPin } from './pin';

type Entry = NewPin & { code: string; name: string };
type Known = { answer: Enrolment; events: CryptoKey; help: CryptoKey };

/** The server's answer to the code. Where it wants a longer PIN than was typed, the code is not asked for again. */
let known: Known | null = null;

export function drawEnrol(enrolled: (pin: string) => void, before?: Entry): void {
  const entry: Entry = before ?? { code: codeInAddress(), name: '', pin: '', again: '' };
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const otherLanguage = button(current() === 'zh' ? 'English' : '中文', '', () => {
    choose(current() === 'zh' ? 'en' : 'zh');
    drawEnrol(enrolled, entry);
  });
  const pins = pinFields(entry);
  const enter = button(say('enrol'), 'primary wide', async () => {
    wrong.textContent = '';
    try {
      wrong.textContent = await enrol(entry);
      if (wrong.textContent === '') enrolled(entry.pin);
    } catch (failure) {
      wrong.textContent = reason(failure);
    }
  });
  const form = element('form', { class: 'card' },
    field(say('enrolCode'), { name: 'code', autocapitalize: 'none', spellcheck: 'false' }, entry.code, (value) => (entry.code = value.trim()), say('enrolCodeHelp')),
    field(say('phoneName'), { name: 'name', maxlength: '40' }, entry.name, (value) => (entry.name = value), say('phoneNameHelp')),
    ...pins.fields, wrong, enter);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    enter.click();
  });
  drawPlain(say('enrolTitle'), text('lead', say('enrolLead')), form, box('row', otherLanguage));
  // Without a network it is asked again when somebody enrols.
  void leastDigits().then(pins.showLeast).catch(() => undefined);
}

function codeInAddress(): string {
  return decodeURIComponent(/^#enrol=(.+)$/.exec(location.hash)?.[1] ?? '');
}

async function leastDigits(): Promise<number> {
  return known?.answer.pin.least ?? (await get<Terms>('terms')).pin.least;
}

/** Gives what is wrong; empty once the phone is known. What is kept of it is written in one transaction. */
async function enrol(entry: Entry): Promise<string> {
  const { code, name, pin } = entry;
  if (code === '') return say('codeMissing');
  if (name.trim() === '') return say('nameMissing');
  const complaint = pinComplaint(entry, await leastDigits());
  if (complaint !== '') return complaint;
  known ??= await introduce(code, name.trim());
  const { answer, events, help } = known;
  const late = pinComplaint(entry, answer.pin.least);
  if (late !== '') return late;
  const identity: Identity = { phone: answer.phone, token: answer.token, name: answer.name, server: answer.server };
  const lock = await create(pin, answer.pin.tries);
  await commit([
    { store: 'plain', put: keysRecord(events) }, { store: 'plain', put: helpKeyRecord(answer.phone, help) }, { store: 'plain', put: lock },
    await change('identity', identity).step(),
  ]);
  known = null;
  return '';
}

/** The keys are made before the code is used up. */
async function introduce(code: string, name: string): Promise<Known> {
  const [events, help] = await Promise.all([newKeys(), newKeys()]);
  const answer = await post<Enrolment>('phones', { code, name, public_key: events.publicKey, help_key: help.publicKey });
  return { answer, events: events.privateKey, help: help.privateKey };
}

function reason(failure: unknown): string {
  if (failure instanceof Unreachable) return say('enrolNoNetwork');
  if (!(failure instanceof Refusal)) return say('failed', { why: String(failure) });
  if (failure.code === 'code_used') return say('codeUsed');
  if (failure.code === 'code_expired') return say('codeExpired');
  return failure.detail || say('codeUnknown');
}

// A phone becomes known: the code, its name, its key, and the PIN that seals everything.
import { commit } from '../database';
import { drawPlain } from '../frame';
import { change, type Identity } from '../holdings';
import { choose, current, say } from '../language';
import { box, button, element, field, text } from '../page';
import type { Enrolment } from '../protocol';
import { post, Refusal, Unreachable } from '../server';
import { newKeys } from '../signing';
import { create, isWeakPin } from '../vault';

const leastDigits = 6;

type Entry = { code: string; name: string; pin: string; again: string };

export function drawEnrol(enrolled: () => void, before?: Entry): void {
  const entry: Entry = before ?? { code: codeInAddress(), name: '', pin: '', again: '' };
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const otherLanguage = button(current() === 'zh' ? 'English' : '中文', '', () => {
    choose(current() === 'zh' ? 'en' : 'zh');
    drawEnrol(enrolled, entry);
  });
  const pinField = { type: 'password', inputmode: 'numeric', autocomplete: 'new-password', maxlength: '12' };
  const enter = button(say('enrol'), 'primary wide', async () => {
    wrong.textContent = complaint(entry);
    if (wrong.textContent !== '') return;
    try {
      await enrol(entry);
      enrolled();
    } catch (failure) {
      wrong.textContent = reason(failure);
    }
  });
  const form = element('form', { class: 'card' },
    field(say('enrolCode'), { name: 'code', autocapitalize: 'none', spellcheck: 'false' }, entry.code, (value) => (entry.code = value.trim()), say('enrolCodeHelp')),
    field(say('phoneName'), { name: 'name', maxlength: '40' }, entry.name, (value) => (entry.name = value), say('phoneNameHelp')),
    field(say('pinNew'), { ...pinField, name: 'pin' }, entry.pin, (value) => (entry.pin = value), say('pinHelp', { count: leastDigits })),
    field(say('pinAgain'), { ...pinField, name: 'again' }, entry.again, (value) => (entry.again = value)),
    wrong, enter);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    enter.click();
  });
  drawPlain(say('enrolTitle'), text('lead', say('enrolLead')), form, box('row', otherLanguage));
}

function codeInAddress(): string {
  return decodeURIComponent(/^#enrol=(.+)$/.exec(location.hash)?.[1] ?? '');
}

function complaint({ code, name, pin, again }: Entry): string {
  if (code === '') return say('codeMissing');
  if (name.trim() === '') return say('nameMissing');
  if (!/^\d+$/.test(pin) || pin.length < leastDigits) return say('pinShort', { count: leastDigits });
  if (isWeakPin(pin)) return say('pinWeak');
  return pin === again ? '' : say('pinDiffers');
}

/** The keys and the PIN are made before the code is used up, and written in one transaction with the answer. */
async function enrol({ code, name, pin }: Entry): Promise<void> {
  const keys = await newKeys();
  const made = await post<Enrolment>('phones', { code, name: name.trim(), public_key: keys.publicKey });
  const identity: Identity = { phone: made.phone, token: made.token, name: made.name, server: made.server };
  const lock = await create(pin, made.pin.tries);
  await commit([{ store: 'plain', put: keys.record }, { store: 'plain', put: lock }, await change('identity', identity).step()]);
}

function reason(failure: unknown): string {
  if (failure instanceof Unreachable) return say('enrolNoNetwork');
  if (!(failure instanceof Refusal)) return say('failed', { why: String(failure) });
  if (failure.code === 'code_used') return say('codeUsed');
  if (failure.code === 'code_expired') return say('codeExpired');
  return failure.detail || say('codeUnknown');
}

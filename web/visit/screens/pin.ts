// A new PIN, typed twice: at enrolment, and where the server has come to ask for a longer one.
import { drawPlain } from '../frame';
import { say } from '../language';
import { button, element, field, text } from '../page';
import { changePin, isWeakPin } from '../vault';

export type NewPin = { pin: string; again: string };

export function pinFields(entry: NewPin): { fields: Node[]; showLeast: (least: number) => void } {
  const attributes = { type: 'password', inputmode: 'numeric', autocomplete: 'new-password', maxlength: '12' };
  const pin = field(say('pinNew'), { ...attributes, name: 'pin' }, entry.pin, (value) => (entry.pin = value), say('pinHelp'));
  const again = field(say('pinAgain'), { ...attributes, name: 'again' }, entry.again, (value) => (entry.again = value));
  const help = pin.querySelector('.help');
  return { fields: [pin, again], showLeast: (count) => help?.replaceChildren(say('pinHelpLeast', { count })) };
}

/** What is wrong with a new PIN; empty where nothing is. */
export function pinComplaint({ pin, again }: NewPin, least: number): string {
  if (!/^\d+$/.test(pin) || pin.length < least) return say('pinShort', { count: least });
  if (isWeakPin(pin)) return say('pinWeak');
  return pin === again ? '' : say('pinDiffers');
}

export function drawLongerPin(before: string, least: number, changed: () => void): void {
  const entry: NewPin = { pin: '', again: '' };
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const pins = pinFields(entry);
  pins.showLeast(least);
  const save = button(say('save'), 'primary wide', async () => {
    wrong.textContent = pinComplaint(entry, least);
    if (wrong.textContent !== '') return;
    await changePin(before, entry.pin);
    changed();
  });
  const form = element('form', { class: 'card' }, ...pins.fields, wrong, save);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    save.click();
  });
  drawPlain(say('pinNew'), text('lead', say('pinLonger', { count: least })), form);
}

// The PIN, on start and after a while without touch.
import { drawPlain } from '../frame';
import { say } from '../language';
import { box, button, element, telephone, text } from '../page';
import { open, triesLeft } from '../vault';

export async function drawUnlock(opened: () => void, wiped: () => void): Promise<void> {
  const left = await triesLeft();
  const input = element('input', {
    id: 'pin', type: 'password', inputmode: 'numeric', pattern: '[0-9]*', autocomplete: 'current-password', maxlength: '12', 'aria-describedby': 'tries',
  });
  const tries = element('p', { id: 'tries', class: 'help', role: 'status' });
  if (left !== null && left < 5) tries.textContent = say('triesLeft', { count: left });
  const tryPin = async (): Promise<void> => {
    const pin = input.value;
    if (pin === '') return;
    input.value = '';
    tries.textContent = say('opening');
    const result = await open(pin);
    if (result === 'open') return opened();
    if (result === 'wiped') return wiped();
    tries.className = 'help bad';
    tries.textContent = say('pinWrong', { count: (await triesLeft()) ?? 0 });
    input.focus();
  };
  const enter = button(say('unlock'), 'primary wide', tryPin);
  const form = element('form', { class: 'card' },
    box('field', element('label', { for: 'pin' }, say('pin')), input, tries), enter);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    enter.click();
  });
  drawPlain(say('title'), text('lead', say('locked')), form, box('row', telephone('120', say('callNumber', { number: '120' }))));
  input.focus();
}

/** The app is open in another window of this browser. */
export function drawElsewhere(): void {
  drawPlain(say('title'), text('lead', say('elsewhere')));
}

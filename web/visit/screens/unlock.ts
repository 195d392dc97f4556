// The PIN, on start and after a while without touch; a call for help needs none.
import { hour } from '../clock';
import { drawPlain } from '../frame';
import { callLocked, canCall, help, helpWaitingSince, onHelp } from '../help';
import { sosButton } from '../hold';
import { say } from '../language';
import { box, button, element, section, telephone, text } from '../page';
import { open, triesLeft } from '../vault';

export async function drawUnlock(opened: (pin: string) => void, wiped: () => void): Promise<void> {
  const before = await triesLeft();
  const input = element('input', {
    id: 'pin', type: 'password', inputmode: 'numeric', pattern: '[0-9]*', autocomplete: 'current-password', maxlength: '12', 'aria-describedby': 'tries',
  });
  const tries = element('p', { id: 'tries', class: 'help', role: 'status' });
  if (before?.isFewer) tries.textContent = say('triesLeft', { count: before.left });
  const tryPin = async (): Promise<void> => {
    const pin = input.value;
    if (pin === '') return;
    input.value = '';
    tries.textContent = say('opening');
    const result = await open(pin);
    if (result === 'open') return opened(pin);
    if (result === 'wiped') return wiped();
    tries.className = 'help wrong';
    tries.textContent = say('pinWrong', { count: (await triesLeft())?.left ?? 0 });
    input.focus();
  };
  const enter = button(say('unlock'), 'primary wide', tryPin);
  const form = element('form', { class: 'card' },
    box('field', element('label', { for: 'pin' }, say('pin')), input, tries), enter);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    enter.click();
  });
  drawPlain(say('title'), text('lead', say('locked')), form, await helpCard());
  drawHelp();
  input.focus();
}

/** What anybody who holds this phone may do without the PIN. */
async function helpCard(): Promise<HTMLElement> {
  const emergency = telephone('120', say('callNumber', { number: '120' }));
  if (!(await canCall())) return section(say('helpNeeded'), emergency);
  return section(say('helpNeeded'), text('', say('sosLocked')), box('row', sosButton(callLocked), emergency), element('div', { id: 'help', role: 'status' }));
}

onHelp(drawHelp);

/** Draws what became of a call, where the lock is shown. */
function drawHelp(): void {
  const place = document.getElementById('help');
  if (!place || help.calledAt === '') return;
  const since = helpWaitingSince();
  const sentence = help.isRefused ? say('sosRefused') : since !== '' ? say('sosWaits', { at: hour(since) }) : say('sosArrived', { at: hour(help.arrivedAt) });
  place.replaceChildren(box(since !== '' ? 'bar bad' : 'bar ok', text('strong', sentence)));
}

/** The app is open in another window of this browser. */
export function drawElsewhere(): void {
  drawPlain(say('title'), text('lead', say('elsewhere')));
}

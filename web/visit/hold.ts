// The SOS button: pressed for a second and a half, so that no pocket calls for help.
import { say } from './language';
import { element, notice } from './page';

const holdMs = 1_500;

export function sosButton(call: () => Promise<void>): HTMLButtonElement {
  const made = element('button', { type: 'button', class: 'sos', 'aria-label': say('sosLabel') }, element('span', {}, 'SOS'), element('small', {}, say('sosHold')));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasHeld = false;
  const release = (): void => {
    clearTimeout(timer);
    timer = undefined;
    made.classList.remove('held');
  };
  const press = (): void => {
    if (timer) return;
    made.classList.add('held');
    wasHeld = false;
    timer = setTimeout(() => {
      release();
      wasHeld = true;
      navigator.vibrate?.([200, 100, 200]);
      void call().catch((failure) => notice(say('failed', { why: String(failure) }), 'bad'));
    }, holdMs);
  };
  made.addEventListener('pointerdown', (event) => event.button === 0 && press());
  for (const end of ['pointerup', 'pointerleave', 'pointercancel', 'blur']) made.addEventListener(end, release);
  made.addEventListener('keydown', ({ key }) => (key === 'Enter' || key === ' ') && press());
  made.addEventListener('keyup', release);
  made.addEventListener('click', () => !wasHeld && notice(say('sosHow')));
  made.addEventListener('contextmenu', (event) => event.preventDefault());
  return made;
}

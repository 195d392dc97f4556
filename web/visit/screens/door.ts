// The code at the door: typed, or read by the camera where the browser can.
import { draft, drafted } from '../draft';
import { say } from '../language';
import { box, button, field } from '../page';
import { canScan, scan } from './scan';

/** `name` is that of the draft in which the code is kept. */
export function doorField(name: string): HTMLElement {
  const made = field(say('door'), { name: 'door', inputmode: 'numeric', maxlength: '40' }, drafted(name, 'door'), (value) => draft(name, 'door', value), say('doorHelp'));
  const input = made.querySelector('input');
  const read = (code: string): void => {
    if (input) input.value = code;
    draft(name, 'door', code);
  };
  return canScan() ? box('door', made, button(say('scan'), '', () => scan(read), 'scan')) : made;
}

// A reason: one of the usual ones by a tap, or any other typed. What is recorded is the Chinese.
import { draft, drafted } from '../draft';
import { say, wordsFor } from '../language';
import { box, choices, field } from '../page';

/** `name` is the field of the visit's draft, `group` the usual reasons. */
export function reasonField(visit: string, name: string, label: string, group: string): HTMLElement {
  const usual = wordsFor(group).map(([value, shown]) => ({ value, label: shown }));
  const typed = field(label, { name, maxlength: '100' }, drafted(visit, name), (value) => take(value));
  const input = typed.querySelector('input');
  const chosen = choices(`${name}-usual`, say('usualReasons'), usual, drafted(visit, name), (value) => {
    if (input) input.value = value;
    take(value);
  });
  const take = (value: string): void => {
    draft(visit, name, value);
    for (const each of Array.from(chosen.querySelectorAll('input'))) each.checked = each.value === value;
  };
  return box('reason', chosen, typed);
}

// The day of the next visit: a usual one by a tap, any other by the date.
import { dayAfter, monthsAfter, today } from '../clock';
import { draft, drafted } from '../draft';
import { say } from '../language';
import { box, button, field } from '../page';

export function nextField(visit: string): HTMLElement {
  const made = field(say('next'), { name: 'next', type: 'date' }, drafted(visit, 'next'), (value) => draft(visit, 'next', value));
  const input = made.querySelector('input');
  const usual: [label: string, day: () => string][] = [
    [say('inWeek'), () => dayAfter(today(), 7)], [say('inTwoWeeks'), () => dayAfter(today(), 14)],
    [say('inMonth'), () => monthsAfter(today(), 1)], [say('inThreeMonths'), () => monthsAfter(today(), 3)],
  ];
  const buttons = usual.map(([label, day]) => button(label, 'small', () => {
    if (input) input.value = day();
    draft(visit, 'next', day());
  }));
  return box('next', made, box('row', ...buttons));
}

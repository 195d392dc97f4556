// A visit that nobody planned: which services, and why.
import { draft, drafted } from '../draft';
import { holdings } from '../holdings';
import { say, titleOf } from '../language';
import { button, field, go, manyOf, notice, text } from '../page';
import type { Screen } from '../screen';
import { unplanned } from '../visiting';
import { doorField } from './door';

export function unplannedScreen(id: string): Screen {
  const elder = holdings.elders.get(id);
  if (!elder) return { title: say('unplannedVisit'), back: '#elders', body: [text('empty', say('noData'))] };
  const key = `unplanned-${id}`;
  let services = drafted(key, 'services').split(' ').filter(Boolean);
  const options = holdings.services.map((each) => ({ value: each.id, label: titleOf(each) }));
  return {
    title: elder.name, back: '#elders',
    body: [
      manyOf('services', say('services'), options, services, (values) => draft(key, 'services', (services = values).join(' '))),
      field(say('reason'), { name: 'reason', maxlength: '200' }, drafted(key, 'reason'), (value) => draft(key, 'reason', value)),
      doorField(key),
      button(say('begin'), 'primary wide tall', async () => {
        if (services.length === 0) return notice(say('chooseService'), 'bad');
        go(`visit/${await unplanned(id, services, drafted(key, 'reason').trim(), drafted(key, 'door').trim())}`);
      }),
    ],
  };
}

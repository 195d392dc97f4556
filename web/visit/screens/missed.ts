// Nobody could be served: why.
import { draft, drafted } from '../draft';
import { holdings } from '../holdings';
import { say, wordFor } from '../language';
import { button, choices, field, go, notice, text } from '../page';
import type { MissedReason } from '../protocol';
import type { Screen } from '../screen';
import { miss } from '../visiting';

const reasons: MissedReason[] = ['nobody', 'refused', 'hospital', 'other'];

export function missedScreen(id: string): Screen {
  const visit = holdings.visits.get(id);
  if (!visit) return { title: say('missed'), back: '#', body: [text('empty', say('noData'))] };
  const options = reasons.map((value) => ({ value, label: wordFor('missed', value) }));
  return {
    title: say('missed'), back: `#visit/${id}`, visit: id,
    body: [
      choices('missed', say('reason'), options, drafted(id, 'missed'), (value) => draft(id, 'missed', value)),
      field(say('note'), { name: 'missed-note', rows: '3', maxlength: '200' }, drafted(id, 'missed-note'), (value) => draft(id, 'missed-note', value)),
      button(say('save'), 'primary wide', async () => {
        const reason = reasons.find((each) => each === drafted(id, 'missed'));
        if (!reason) return notice(say('chooseReason'), 'bad');
        await miss(id, reason, drafted(id, 'missed-note').trim());
        notice(say('missedDone'));
        go('');
      }),
    ],
  };
}

// The menu: language, what was sent, locking, handing the phone over.
import { unsentCount } from '../frame';
import { holdings } from '../holdings';
import { choose, current, say } from '../language';
import { box, button, confirmed, link, text } from '../page';
import type { Screen } from '../screen';
import { version } from '../version';

type Deeds = { show: () => void; lockNow: () => Promise<void>; handOver: () => Promise<void> };

export function menuScreen({ show, lockNow, handOver }: Deeds): Screen {
  const me = holdings.about?.me;
  return {
    title: say('menu'), back: '#',
    body: [
      ...(me ? [text('lead', say('person', { name: me.name, organisation: me.organisation }))] : []),
      box('column',
        link(say('outbox'), 'button wide', '#outbox', 'sync'),
        link(say('unplannedVisit'), 'button wide', '#elders', 'next'),
        button(say('language'), 'wide', () => {
          choose(current() === 'zh' ? 'en' : 'zh');
          show();
        }),
        button(say('lock'), 'wide', lockNow),
        button(say('handOver'), 'wide danger', async () => {
          if (!(await confirmed(say('handOverAsk'), say('wipe'), true))) return;
          const count = unsentCount();
          if (count > 0 && !(await confirmed(say('handOverUnsent', { count }), say('wipe'), true))) return;
          await handOver();
        })),
      text('muted', say('version', { version })),
    ],
  };
}

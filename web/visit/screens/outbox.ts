// What has not arrived yet, what was set aside and why, and sending now.
import { moment } from '../clock';
import { photosRefused, setAside, unsent, unsentPhotos } from '../journal';
import { current, say, wordFor } from '../language';
import { button, section, text } from '../page';
import type { Screen } from '../screen';
import { status, syncNow } from '../sync';

export function outboxScreen(show: () => void): Screen {
  const waiting = unsent();
  const asides = setAside();
  const photos = unsentPhotos().length;
  const list = waiting.length === 0 ? [text('muted', say('nothingWaits'))] : waiting.map((each) => text('', `${each.number}. ${wordFor('event', each.kind)} ${moment(each.at)}`));
  const trouble = status.trouble === 'refused' ? [text('warn', `${say('syncRefused')} ${status.detail}`)] : status.trouble === 'offline' ? [text('warn', say('noNetwork'))] : [];
  return {
    title: say('outbox'), back: '#menu', live: true,
    body: [
      text('lead', status.lastAt ? say('lastSync', { at: moment(status.lastAt) }) : say('neverSync')), ...trouble,
      button(say('syncButton'), 'primary wide', async () => {
        await syncNow();
        show();
      }, 'sync'),
      section(say('waitingList'), ...list, ...(photos > 0 ? [text('', say('photosWaiting', { count: photos }))] : [])),
      ...(asides.length === 0 ? [] : [section(say('asideList'), text('muted', say('asideHelp')),
        ...asides.map(({ event, reason, reason_en }) => text('', `${wordFor('event', event.kind)} ${moment(event.at)}: ${(current() === 'en' && reason_en) || reason}`)))]),
      ...(photosRefused().length === 0 ? [] : [text('warn', say('photosRefused', { count: photosRefused().length }))]),
    ],
  };
}

// An elder's card: why we come, what to mind, last values, whom to ring; phone and remark can be changed.
import { draft, draftOf } from '../draft';
import { holdings } from '../holdings';
import { say, titleOf } from '../language';
import { box, button, element, field, link, notice, present, section, telephone, text } from '../page';
import type { Elder } from '../protocol';
import type { Screen } from '../screen';
import { changeField } from '../visiting';

export function aboutElder({ sex, age }: Elder): string {
  return `${say(sex)} · ${say('years', { count: age })}`;
}

/** The parts of a card that a visit shows as well. */
export function elderParts(elder: Elder): HTMLElement[] {
  const visits = Array.from(holdings.visits.values()).filter((each) => each.elder === elder.id);
  const why = Array.from(new Set(visits.flatMap((each) => each.purposes.map(titleOf))));
  const listed = (title: string, all: string[], kind = ''): HTMLElement | null =>
    all.length === 0 ? null : section(title, box('tags', ...all.map((each) => element('span', { class: `tag ${kind}` }, each))));
  return present([
    listed(say('risks'), elder.risks, 'warn'),
    listed(say('why'), why),
    listed(say('diseases'), elder.diseases),
    elder.last.length === 0 ? null : section(say('last'), ...elder.last.map((each) => text('', `${titleOf(each)} `, element('b', {}, each.text), ` ${each.day}`))),
    listed(say('plan'), elder.plan),
  ]).filter((each): each is HTMLElement => each instanceof HTMLElement);
}

export function elderScreen(id: string, show: () => void): Screen {
  const elder = holdings.elders.get(id);
  if (!elder) return { title: say('elderCard'), back: '#', body: [text('empty', say('noData'))] };
  const place = elder.latitude !== null && elder.longitude !== null ? link(say('openMap'), 'button', `geo:${elder.latitude},${elder.longitude}`, 'pin') : null;
  const contacts = section(say('contacts'),
    ...(elder.phone ? [text('', `${elder.name} `, telephone(elder.phone))] : []),
    ...elder.contacts.map((each) => text('', `${each.name} ${each.relation} `, each.phone ? telephone(each.phone) : '')),
    ...(elder.phone === '' && elder.contacts.length === 0 ? [text('muted', say('none'))] : []));
  return {
    title: elder.name, back: '#',
    body: [
      text('lead', aboutElder(elder)), ...elderParts(elder), contacts,
      section(say('address'), text('', `${elder.place} ${elder.address}`), ...present([place])),
      changing(elder, 'phone', show), changing(elder, 'remark', show),
    ],
  };
}

function changing(elder: Elder, name: 'phone' | 'remark', show: () => void): HTMLElement {
  const key = `elder-${elder.id}`;
  const attributes: Record<string, string> = name === 'phone' ? { name, inputmode: 'tel', maxlength: '20' } : { name, rows: '3', maxlength: '300' };
  const typed = (): string => draftOf(key)[name] ?? elder[name];
  return section(say('change'), field(say(name), attributes, typed(), (value) => draft(key, name, value)),
    button(say('save'), '', async () => {
      await changeField(elder.id, name, typed().trim());
      notice(say('changed'));
      show();
    }));
}

/** Everybody on this phone, to begin a visit that nobody planned. */
export function eldersScreen(): Screen {
  const all = Array.from(holdings.elders.values()).sort((one, other) => one.name.localeCompare(other.name, 'zh'));
  return {
    title: say('unplannedVisit'), back: '#',
    body: [text('lead', say('unplannedLead')), ...all.map((each) => element('a', { class: 'stop', href: `#unplanned/${each.id}` },
      box('stop-head', element('b', {}, each.name)), text('muted', `${aboutElder(each)} · ${each.place}`)))],
  };
}

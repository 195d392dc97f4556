// A visit: begin, each service with its form, photos and material, signature, end. Every field is kept as it is typed.
import { hour } from '../clock';
import { draft, drafted } from '../draft';
import { holdings, workOf, type TaskWork } from '../holdings';
import { say, titleOf, wordFor } from '../language';
import { box, button, choices, element, field, go, link, notice, present, section, text } from '../page';
import type { Bodies, SignedBy, Visit } from '../protocol';
import type { Screen } from '../screen';
import { begin, end, recordMaterial, standing, tasksOf } from '../visiting';
import { doorField } from './door';
import { aboutElder, elderParts } from './elder';
import { nextField } from './next';
import { photoCard } from './photos';
import { signaturePad } from './signature';
import { addCard, taskCard, taskOf } from './task';
import { whenOf } from './today';

export function visitScreen(id: string, show: () => void): Screen {
  const visit = holdings.visits.get(id);
  if (!visit) return { title: say('title'), back: '#', body: [text('empty', say('noData'))] };
  const elder = holdings.elders.get(visit.elder);
  const state = standing(visit);
  const head = box('lead', text('', whenOf(visit), ` · ${say('aboutMinutes', { count: visit.minutes })} `, element('span', { class: `state ${state}` }, wordFor('state', state))),
    elder && text('', `${aboutElder(elder)} · ${elder.place} ${elder.address}`),
    visit.second !== '' && text('', say('with', { name: visit.second })), visit.note !== '' && text('muted', visit.note),
    link(say('elderCard'), 'button', `#elder/${visit.elder}`, 'next'));
  const body: Node[] = [head];
  if (state === 'planned') body.push(...present(elder ? elderParts(elder).slice(0, 1) : []).filter((each): each is Node => each instanceof Node), ...before(visit, show));
  else if (state === 'begun') body.push(...during(visit, show));
  else body.push(summary(visit));
  return { title: elder?.name ?? visit.elder, body, back: '#', visit: id, from: () => plannedAs(id) };
}

/** What a person who is at the visit has to hear of when it changes. */
function plannedAs(id: string): string {
  const { day, from, until, at, people, second, state, note, tasks } = holdings.visits.get(id) ?? {};
  return JSON.stringify([day, from, until, at, people, second, state, note, tasks]);
}

/** Before arriving: the code at the door, and the beginning. */
function before(visit: Visit, show: () => void): Node[] {
  return [
    doorField(visit.id),
    button(say('begin'), 'primary wide tall', async () => {
      await begin(visit.id, drafted(visit.id, 'door').trim());
      show();
    }),
    link(say('missed'), 'button wide', `#missed/${visit.id}`),
  ];
}

function during(visit: Visit, show: () => void): Node[] {
  const work = workOf(visit.id);
  const adding = addCard(visit, show);
  return [
    text('muted', say('beganAt', { at: hour(work.begun) })),
    ...tasksOf(visit).map((task) => taskCard(visit, task, show)),
    ...(adding ? [adding] : []),
    photoCard(visit, show), materialCard(visit, show), signatureCard(visit),
    section(say('end'),
      nextField(visit.id),
      field(say('note'), { name: 'end-note', rows: '2', maxlength: '300' }, drafted(visit.id, 'end-note'), (value) => draft(visit.id, 'end-note', value)),
      button(say('end'), 'primary wide tall', () => finish(visit.id))),
    link(say('missed'), 'button wide', `#missed/${visit.id}`),
  ];
}

function materialCard(visit: Visit, show: () => void): HTMLElement {
  const { id } = visit;
  const listed = workOf(id).materials.map(({ name, count }) => text('', `${name} × ${count}`));
  const details = element('details', listed.length > 0 ? { open: '' } : {}, element('summary', {}, say('material')), ...listed,
    field(say('materialName'), { name: 'material-name', maxlength: '60' }, drafted(id, 'material-name'), (value) => draft(id, 'material-name', value)),
    field(say('materialCount'), { name: 'material-count', inputmode: 'numeric', maxlength: '3' }, drafted(id, 'material-count') || '1', (value) => draft(id, 'material-count', value)),
    button(say('add'), '', async () => {
      const name = drafted(id, 'material-name').trim();
      if (name === '') return notice(say('missing', { what: say('materialName') }), 'bad');
      await recordMaterial(id, { name, count: Math.max(1, Math.round(Number(drafted(id, 'material-count')) || 1)) }, ['material-name', 'material-count']);
      show();
    }));
  return element('section', { class: 'card' }, details);
}

const signers: (SignedBy | 'none')[] = ['elder', 'family', 'witness', 'none'];

function signatureCard(visit: Visit): HTMLElement {
  const { id } = visit;
  const by = drafted(id, 'sign-by') || 'elder';
  const name = field(say('signName'), { name: 'sign-name', maxlength: '30' }, drafted(id, 'sign-name'), (value) => draft(id, 'sign-name', value));
  const why = field(say('signWhy'), { name: 'sign-why', maxlength: '100' }, drafted(id, 'sign-why'), (value) => draft(id, 'sign-why', value));
  const pad = signaturePad(id);
  const arrange = (value: string): void => {
    name.hidden = value === 'none' || value === 'elder';
    why.hidden = value !== 'none';
    pad.hidden = value === 'none';
  };
  arrange(by);
  const options = signers.map((value) => ({ value, label: wordFor('by', value) }));
  return section(say('signature'), choices('sign-by', say('signBy'), options, by, (value) => {
    draft(id, 'sign-by', value);
    arrange(value);
  }), name, pad, why);
}

function signatureOf(visit: Visit): Bodies['signature'] | null {
  const { id } = visit;
  const by = signers.find((each) => each === drafted(id, 'sign-by')) ?? 'elder';
  if (by === 'none') {
    const reason = drafted(id, 'sign-why').trim();
    return reason === '' ? null : { by, reason };
  }
  const lines = drafted(id, 'sign-lines');
  const name = by === 'elder' ? holdings.elders.get(visit.elder)?.name ?? '' : drafted(id, 'sign-name').trim();
  return lines === '' || name === '' ? null : { by, name, lines };
}

/** Judges by what is planned now, which may be more than when the screen was drawn. */
async function finish(id: string): Promise<void> {
  const visit = holdings.visits.get(id);
  if (!visit) return;
  const tasks: Record<string, TaskWork> = {};
  for (const task of tasksOf(visit)) {
    const made = taskOf(visit, task);
    if (typeof made === 'string') {
      document.getElementById(`task-${task.service}`)?.scrollIntoView();
      return notice(made, 'bad');
    }
    tasks[task.service] = made;
  }
  const signature = signatureOf(visit);
  if (visit.signature && !signature) return notice(say('signMissing'), 'bad');
  await end(visit.id, tasks, signature, drafted(visit.id, 'next'), drafted(visit.id, 'end-note').trim());
  notice(say('endDone'));
  go('');
}

function summary(visit: Visit): HTMLElement {
  const work = workOf(visit.id);
  const lines = tasksOf(visit).map((task) => {
    const done = work.tasks[task.service];
    const values = Object.values(done?.values ?? {}).join(' / ');
    const said = done ? (done.done ? say('done') : `${say('notDone')} ${done.reason} ${done.note}`) : '—';
    return text('', `${titleOf(task)}: ${said.trim()}`, values && ` ${values}`);
  });
  const times = work.begun ? [text('', say('beganAt', { at: hour(work.begun) })), ...(work.ended ? [text('', say('ended', { at: hour(work.ended) }))] : [])] : [];
  return section(say('summary'), ...times, ...lines);
}

// A service of a visit: its form, done or not done and why, its photos; and what was done beside the plan.
import { draft, drafted } from '../draft';
import { holdings, workOf, type TaskWork } from '../holdings';
import { say, titleOf } from '../language';
import { box, button, choices, element, field, present, section, text } from '../page';
import type { PlannedTask, Visit } from '../protocol';
import { addService, leaveService, servicesLeft } from '../visiting';
import { formFields, formTrouble, formValues } from './form';
import { photoTrouble, wantedPhotos } from './photos';
import { reasonField } from './reason';

/** Done is what is usual: one that was not says so, with its reason. */
export function taskCard(visit: Visit, task: PlannedTask, show: () => void): HTMLElement {
  const { id } = visit;
  const { service } = task;
  const form = holdings.forms.get(task.form);
  const said = drafted(id, `${service}.said`);
  const why = notDone(id, service);
  const what = box('what', form ? box('form', ...formFields(id, service, form, {})) : text('help', say('noForm')));
  const photos = wantedPhotos(visit, task, show);
  const arrange = (value: string): void => {
    const isLeftOut = value === 'no';
    why.hidden = !isLeftOut;
    what.hidden = isLeftOut;
    if (photos) photos.hidden = isLeftOut;
  };
  arrange(said);
  const options = [{ value: 'yes', label: say('done') }, { value: 'no', label: say('notDone') }];
  const isAdded = workOf(id).added.includes(service);
  const card = section(titleOf(task), ...present([
    what,
    choices(`${service}.said`, say('doneAsk'), options, said, (value) => {
      draft(id, `${service}.said`, value);
      arrange(value);
    }),
    why, photos,
    isAdded && button(say('leaveService'), 'small', async () => {
      await leaveService(id, service);
      show();
    }),
  ]));
  card.id = `task-${service}`;
  return card;
}

/** Why a service was left out: a reason to tap or to type, and a sentence besides. */
function notDone(id: string, service: string): HTMLElement {
  const note = field(say('note'), { name: `${service}.note`, rows: '2', maxlength: '200' }, drafted(id, `${service}.note`), (value) => draft(id, `${service}.note`, value));
  return box('not-done', reasonField(id, `${service}.reason`, say('whyNot'), 'notDone'), note);
}

/** What is to be recorded of a service, or why it cannot be yet. A filled-in form says by itself that it was done. */
export function taskOf(visit: Visit, task: PlannedTask): TaskWork | string {
  const { id } = visit;
  const form = holdings.forms.get(task.form);
  const values = form ? formValues(id, task.service, form, {}) : {};
  const said = drafted(id, `${task.service}.said`);
  if (said === 'no') {
    const reason = drafted(id, `${task.service}.reason`).trim();
    const note = drafted(id, `${task.service}.note`).trim();
    return reason === '' ? say('missing', { what: `${titleOf(task)} · ${say('whyNot')}` }) : { done: false, reason, values: {}, note, no_photo: '' };
  }
  if (said !== 'yes' && Object.keys(values).length === 0) return say('saidNothing', { what: titleOf(task) });
  const wrong = form ? formTrouble(form, values) : '';
  const { reason, trouble } = photoTrouble(visit, task);
  if (wrong !== '' || trouble !== '') return wrong || trouble;
  return { done: true, reason: '', values, note: '', no_photo: reason };
}

/** What else was done than was planned. */
export function addCard(visit: Visit, show: () => void): HTMLElement | null {
  const left = servicesLeft(visit);
  if (left.length === 0) return null;
  const buttons = left.map((each) => button(titleOf(each), '', async () => {
    await addService(visit.id, each.id);
    show();
    document.getElementById(`task-${each.id}`)?.scrollIntoView();
  }));
  return section('', element('details', {}, element('summary', {}, say('addService')), text('help', say('addServiceHelp')), box('row', ...buttons)));
}

// Photos: of the kinds that a service asks for, or of the visit as a whole; one that cannot be taken says why.
import { draft, drafted } from '../draft';
import { holdings, workOf } from '../holdings';
import { say, titleOf } from '../language';
import { box, choices, element, notice, section, text } from '../page';
import { smallPhoto } from '../photo';
import type { PlannedTask, Visit } from '../protocol';
import { recordPhoto } from '../visiting';
import { reasonField } from './reason';

const general = 'scene';

function kindTitle(kind: string): string {
  const found = holdings.about?.photos.find(({ id }) => id === kind);
  return found ? titleOf(found) : kind;
}

/** A label that opens the camera, and what was taken so far. */
function camera(visit: string, service: string, kind: () => string, label: string, taken: number, show: () => void): HTMLElement {
  const id = `photo-${service}-${kind()}`;
  const input = element('input', { type: 'file', accept: 'image/*', capture: 'environment', id, class: 'file' });
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (!file) return;
    void smallPhoto(file, holdings.about?.settings.photo_most_bytes ?? 400_000)
      .then((bytes) => recordPhoto(visit, service, kind(), bytes)).then(show)
      .catch((failure) => notice(say('failed', { why: String(failure) }), 'bad'));
  });
  const count = taken > 0 ? element('span', { class: 'state done' }, say('photos', { count: taken })) : element('span', {});
  return box('camera', input, element('label', { class: 'button', for: id }, label), count);
}

/** Whether it was taken of this service, or of the visit as a whole. */
function taken(visit: Visit, service: string, kind: string): number {
  return workOf(visit.id).photos.filter((each) => each.kind === kind && (each.service === service || each.service === '')).length;
}

/** The photos that a service asks for, one button each. */
export function wantedPhotos(visit: Visit, task: PlannedTask, show: () => void): HTMLElement | null {
  const { id } = visit;
  const { service } = task;
  if (!task.photos?.length) return null;
  const name = `${service}.no-photo`;
  const details = element('details', drafted(id, name) === '' ? {} : { open: '' }, element('summary', {}, say('noPhotoPossible')), reasonField(id, name, say('whyNoPhoto'), 'noPhoto'));
  return box('photos', text('help', say('photoWanted')),
    ...task.photos.map((kind) => camera(id, service, () => kind, say('takeOf', { kind: kindTitle(kind) }), taken(visit, service, kind), show)), details);
}

/** What a service lacks: the reason that was given, or the sentence that asks for it. */
export function photoTrouble(visit: Visit, task: PlannedTask): { reason: string; trouble: string } {
  const missing = (task.photos ?? []).filter((kind) => taken(visit, task.service, kind) === 0);
  if (missing.length === 0) return { reason: '', trouble: '' };
  const reason = drafted(visit.id, `${task.service}.no-photo`).trim();
  const kinds = missing.map(kindTitle).join('、');
  return { reason, trouble: reason === '' ? say('photoMissing', { what: titleOf(task), kinds }) : '' };
}

/** A photo of whatever else is worth one. */
export function photoCard(visit: Visit, show: () => void): HTMLElement {
  const { id } = visit;
  const others = workOf(id).photos.filter(({ service }) => service === '');
  const options = (holdings.about?.photos ?? []).map((each) => ({ value: each.id, label: titleOf(each) }));
  const kind = (): string => drafted(id, 'photo-kind') || general;
  const details = element('details', others.length === 0 ? {} : { open: '' }, element('summary', {}, say('photo')),
    choices('photo-kind', say('photoOf'), options, kind(), (value) => draft(id, 'photo-kind', value)),
    camera(id, '', kind, say('takePhoto'), others.length, show));
  return section('', details);
}

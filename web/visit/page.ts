// The pieces that screens are made of, and going from one to another.
import { element } from '../src/dom';
import { icon, type IconName } from './icons';
import { say } from './language';

export { element };

export type Child = Node | string | null | false | undefined;

export function box(kind: string, ...children: Child[]): HTMLDivElement {
  return element('div', { class: kind }, ...present(children));
}

export function text(kind: string, ...children: Child[]): HTMLParagraphElement {
  return element('p', kind ? { class: kind } : {}, ...present(children));
}

export function present(children: Child[]): (Node | string)[] {
  return children.filter((each): each is Node | string => each !== null && each !== undefined && each !== false);
}

/** A card; without a heading where its content has one of its own. */
export function section(title: string, ...children: Child[]): HTMLElement {
  return element('section', { class: 'card' }, ...present([title !== '' && element('h2', {}, title), ...children]));
}

/** A button that does something; a deed that takes time cannot be started twice. */
export function button(label: string, kind: string, deed: () => void | Promise<void>, iconName?: IconName): HTMLButtonElement {
  const made = element('button', { type: 'button', class: `button ${kind}` }, ...present([iconName && icon(iconName), element('span', {}, label)]));
  made.addEventListener('click', () => {
    if (made.getAttribute('aria-busy') === 'true') return;
    const running = deed();
    if (!(running instanceof Promise)) return;
    made.setAttribute('aria-busy', 'true');
    void running.catch((failure) => notice(say('failed', { why: String(failure) }), 'bad')).finally(() => made.removeAttribute('aria-busy'));
  });
  return made;
}

export function link(label: string, kind: string, address: string, iconName?: IconName): HTMLAnchorElement {
  return element('a', { class: kind, href: address }, ...present([iconName && icon(iconName), element('span', {}, label)]));
}

export function telephone(number: string, label = number): HTMLAnchorElement {
  return link(label, 'button call', `tel:${number.replace(/[^\d+*#]/g, '')}`, 'phone');
}

export function go(place: string): void {
  location.hash = place;
}

/** A sentence that shows for a while, read out by screen readers. */
export function notice(sentence: string, kind: 'ok' | 'bad' = 'ok'): void {
  const place = document.getElementById('notices');
  const made = element('p', { class: `notice ${kind}` }, sentence);
  place?.append(made);
  setTimeout(() => made.remove(), kind === 'bad' ? 9000 : 3500);
}

/** Asks in a dialog; true when the person says yes. */
export function confirmed(question: string, yes: string, isDangerous = false): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = element('dialog', { 'aria-label': question }, text('', question));
    const answer = (value: boolean) => (): void => {
      dialog.remove();
      resolve(value);
    };
    dialog.append(box('row', button(say('cancel'), '', answer(false)), button(yes, isDangerous ? 'danger' : 'primary', answer(true))));
    dialog.addEventListener('cancel', answer(false));
    document.body.append(dialog);
    dialog.showModal();
  });
}

export type Chosen = { value: string; label: string };

/** One of several, as large buttons: a group of radio buttons. */
export function choices(name: string, legend: string, options: Chosen[], chosen: string, take: (value: string) => void): HTMLFieldSetElement {
  return group(name, legend, options, (value) => value === chosen, 'radio', (_, value) => take(value));
}

/** Any of several; the values come in the order of the options. */
export function manyOf(name: string, legend: string, options: Chosen[], chosen: string[], take: (values: string[]) => void): HTMLFieldSetElement {
  const made: HTMLFieldSetElement = group(name, legend, options, (value) => chosen.includes(value), 'checkbox', () =>
    take(Array.from(made.querySelectorAll<HTMLInputElement>('input:checked'), ({ value }) => value)));
  return made;
}

function group(name: string, legend: string, options: Chosen[], isChosen: (value: string) => boolean, type: string, take: (input: HTMLInputElement, value: string) => void): HTMLFieldSetElement {
  const made = element('fieldset', { class: 'choices' }, element('legend', {}, legend));
  for (const { value, label } of options) {
    const input = element('input', { type, name, value });
    input.checked = isChosen(value);
    input.addEventListener('change', () => take(input, value));
    made.append(element('label', { class: 'choice' }, input, element('span', {}, label)));
  }
  return made;
}

/** A labelled field; `attributes` go to the input. */
export function field(label: string, attributes: Record<string, string>, value: string, take: (value: string) => void, help = ''): HTMLDivElement {
  const id = `field-${attributes.name ?? label}`;
  const input = attributes.rows ? element('textarea', { id, ...attributes }) : element('input', { id, type: 'text', autocomplete: 'off', ...attributes });
  input.value = value;
  input.addEventListener('input', () => take(input.value));
  return box('field', element('label', { for: id }, label), input, help !== '' && text('help', help));
}


// Keeps what is typed in a form marked `data-draft` in this browser until the server has it.
import { element, first, matching, metaContent } from './dom';
import { askText } from './confirm';
import { isDirty, markClean } from './forms';
import { say } from './words';

type Draft = { at: number; sent: boolean; values: [string, string][] };
const prefix = 'draft:';
const keepMs = 3 * 24 * 3600 * 1000;

export function setUpDrafts(root: Element): void {
  if (root === document.body) {
    forgetOld();
    watchLogout();
    document.addEventListener('draft-done', (event) => forget(String((event as CustomEvent).detail?.value ?? '')));
  }
  for (const done of matching<HTMLElement>(root, '[data-draft-done]')) forget(done.dataset.draftDone ?? '');
  if (root === document.body) forgetSent();
  for (const form of matching<HTMLFormElement>(root, 'form[data-draft]')) if (first(form, 'draft')) keep(form);
}

function keep(form: HTMLFormElement): void {
  const key = form.dataset.draft ?? '';
  const draft = read(storageKey(key));
  const before = valuesOf(form);
  if (draft && JSON.stringify(draft.values) !== JSON.stringify(before)) offer(form, key, draft, before);

  const save = (): void => write(storageKey(key), { at: Date.now(), sent: false, values: valuesOf(form) });
  form.addEventListener('input', save);
  form.addEventListener('change', save);
  window.addEventListener('submit', (event) => {
    if (event.target !== form || (event.defaultPrevented && !form.hasAttribute('hx-post'))) return;
    write(storageKey(key), { at: Date.now(), sent: true, values: valuesOf(form) });
  });
}

function offer(form: HTMLFormElement, key: string, draft: Draft, before: [string, string][]): void {
  fill(form, draft.values);
  const discard = element('button', { type: 'button', class: 'btn btn-sm' }, say('discard'));
  const day = new Date(draft.at).toLocaleString(document.documentElement.lang, { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' });
  const note = element('div', { class: 'alert alert-info draft-note wide', role: 'status' },
    element('div', {}, element('p', { class: 'alert-title' }, say('restored')), element('p', { class: 'small' }, day)),
    element('div', { class: 'actions' }, discard));
  discard.addEventListener('click', () => {
    fill(form, before);
    forget(key);
    if (isDirty(form)) markClean(form);
    note.remove();
  });
  form.prepend(note);
}

// A draft that was sent is done when the next page is neither the same form nor an error nor the login.
function forgetSent(): void {
  const failed = document.querySelector('[data-error]') !== null || !document.body.classList.contains('shell');
  if (failed) return;
  const here = new Set(Array.from(document.querySelectorAll<HTMLFormElement>('form[data-draft]'), (form) => storageKey(form.dataset.draft ?? '')));
  for (const key of drafts()) if (read(key)?.sent && key.startsWith(storageKey('')) && !here.has(key)) localStorage.removeItem(key);
}

function forgetOld(): void {
  for (const key of drafts()) {
    const draft = read(key);
    if (!draft || draft.at < Date.now() - keepMs) localStorage.removeItem(key);
  }
}

// Shared computers: nothing typed stays behind a person who has logged out.
function watchLogout(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (!/\/logout$/.test(form.action)) return;
    const mine = drafts().filter((key) => key.startsWith(storageKey('')));
    if (mine.length === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void askText(say('draftsAtLogout')).then((yes) => {
      if (!yes) return;
      for (const key of mine) localStorage.removeItem(key);
      form.submit();
    });
  }, true);
}

function valuesOf(form: HTMLFormElement): [string, string][] {
  const values: [string, string][] = [];
  for (const control of form.elements) {
    if (!isKept(control)) continue;
    if (control instanceof HTMLInputElement && (control.type === 'radio' || control.type === 'checkbox')) {
      if (control.checked) values.push([control.name, control.value]);
    } else if (control instanceof HTMLSelectElement && control.multiple) {
      for (const option of control.selectedOptions) values.push([control.name, option.value]);
    } else values.push([control.name, control.value]);
  }
  return values;
}

function fill(form: HTMLFormElement, values: [string, string][]): void {
  const left = new Map<string, string[]>();
  for (const [name, value] of values) left.set(name, [...(left.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!isKept(control)) continue;
    const wanted = left.get(control.name) ?? [];
    if (control instanceof HTMLInputElement && (control.type === 'radio' || control.type === 'checkbox')) {
      control.checked = wanted.includes(control.value);
    } else if (control instanceof HTMLSelectElement && control.multiple) {
      for (const option of control.options) option.selected = wanted.includes(option.value);
    } else if (wanted.length > 0) control.value = wanted.shift() ?? '';
  }
  form.dispatchEvent(new CustomEvent('refilled', { bubbles: true }));
}

function isKept(control: Element): control is HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement {
  if (control instanceof HTMLInputElement) return control.name !== '' && !['password', 'file', 'hidden', 'submit', 'button'].includes(control.type);
  return (control instanceof HTMLSelectElement || control instanceof HTMLTextAreaElement) && control.name !== '';
}

function storageKey(key: string): string {
  return `${prefix}${metaContent('who')}:${key}`;
}

function drafts(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
}

function forget(key: string): void {
  localStorage.removeItem(storageKey(key));
}

function read(key: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Draft | null;
  } catch {
    return null;
  }
}

function write(key: string, draft: Draft): void {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // A full or forbidden storage must not stop anybody from typing.
  }
}

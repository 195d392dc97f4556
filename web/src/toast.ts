// Short notes in the corner, asked for by the server with `HX-Trigger: {"toast": {"kind": "ok", "text": "…"}}`.
import { element } from './dom';
import { say } from './words';

type Kind = 'ok' | 'warn' | 'bad' | 'info';
const kinds: Kind[] = ['ok', 'warn', 'bad', 'info'];

export function setUpToasts(): void {
  box();
  document.addEventListener('toast', (event) => {
    const { kind, text, value } = (event as CustomEvent).detail ?? {};
    toast(kinds.includes(kind) ? kind : 'info', String(text ?? value ?? ''));
  });
}

export function toast(kind: Kind, text: string): void {
  const close = element('button', { type: 'button', class: 'toast-close', 'aria-label': say('close') }, '×');
  const note = element('div', { class: `toast toast-${kind}` }, element('b', {}, say(kind)), element('span', {}, text), close);
  close.addEventListener('click', () => note.remove());
  box().append(note);
  // Errors stay until they are closed; the others leave time to read them.
  if (kind !== 'bad') setTimeout(() => note.remove(), 6000 + text.length * 80);
}

function box(): HTMLElement {
  const found = document.getElementById('toasts');
  if (found) return found;
  return document.body.appendChild(element('div', { id: 'toasts', class: 'toasts', role: 'status', 'aria-live': 'polite' }));
}

// Every form: sent once, nothing typed lost by leaving, the errors in view.
import { say } from './words';

/** Forms with changes that were not sent. */
const dirty = new Set<HTMLFormElement>();

export function setUpForms(): void {
  document.addEventListener('input', (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>('form[data-guard]');
    if (form) dirty.add(form);
  });

  // Listens on the window, after those who may still refuse the event.
  window.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented && !form.hasAttribute('hx-post')) return;
    dirty.delete(form);
    if (form.method === 'post' && !event.defaultPrevented) sendOnce(form, event);
    if (form.method === 'get') leaveOutEmpty(form);
  });

  window.addEventListener('beforeunload', (event) => {
    for (const form of dirty) if (!form.isConnected) dirty.delete(form);
    if (dirty.size > 0) event.preventDefault();
  });

  // A page that comes back from the browser's memory must be usable again.
  window.addEventListener('pageshow', () => {
    for (const button of document.querySelectorAll<HTMLElement>('[data-label-kept]')) restore(button);
    for (const form of document.querySelectorAll<HTMLElement>('form[data-sent]')) delete form.dataset.sent;
  });

  const errors = document.getElementById('errors');
  const wanted = errors ?? document.querySelector<HTMLElement>('[data-focus]');
  wanted?.focus({ preventScroll: errors === null });
}

export function isDirty(form: HTMLFormElement): boolean {
  return dirty.has(form);
}

export function markClean(form: HTMLFormElement): void {
  dirty.delete(form);
}

function sendOnce(form: HTMLFormElement, event: SubmitEvent): void {
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  const button = event.submitter;
  if (!(button instanceof HTMLButtonElement)) return;
  // Disabling it now would drop its name and value from what is sent.
  button.setAttribute('aria-busy', 'true');
  if (!button.classList.contains('btn')) return;
  button.dataset.labelKept = button.textContent ?? '';
  button.textContent = say('sending');
}

function restore(button: HTMLElement): void {
  button.textContent = button.dataset.labelKept ?? '';
  delete button.dataset.labelKept;
  button.removeAttribute('aria-busy');
}

function leaveOutEmpty(form: HTMLFormElement): void {
  for (const control of form.elements) {
    if ((control instanceof HTMLInputElement || control instanceof HTMLSelectElement) && control.value === '' && !control.disabled) {
      control.disabled = true;
      setTimeout(() => (control.disabled = false));
    }
  }
}

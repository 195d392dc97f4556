// The search of the top bar: `/` goes there, arrows walk the suggestions.
import { say } from './words';

export function setUpSearch(): void {
  const input = document.querySelector<HTMLInputElement>('.search input');
  const list = document.getElementById('search-suggest');
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  if (!input || !list) return;

  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-controls', list.id);
  input.setAttribute('aria-autocomplete', 'list');
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', input.getAttribute('aria-label') ?? '');
  const told = list.insertAdjacentElement('afterend', Object.assign(document.createElement('span'), { className: 'sr' }))!;
  told.setAttribute('role', 'status');

  const options = (): HTMLElement[] => Array.from(list.querySelectorAll<HTMLElement>('a'));
  const close = (): void => {
    list.replaceChildren();
    refresh();
  };
  const select = (chosen: HTMLElement | undefined): void => {
    for (const option of options()) option.setAttribute('aria-selected', String(option === chosen));
    if (chosen) {
      input.setAttribute('aria-activedescendant', chosen.id);
      chosen.scrollIntoView({ block: 'nearest' });
    } else input.removeAttribute('aria-activedescendant');
  };
  const refresh = (): void => {
    options().forEach((option, index) => {
      option.id = `suggest-${index}`;
      option.setAttribute('role', 'option');
      option.tabIndex = -1;
    });
    for (const group of list.querySelectorAll('p')) group.setAttribute('role', 'presentation');
    input.setAttribute('aria-expanded', String(options().length > 0));
    told.textContent = options().length > 0 ? say('results', { count: options().length }) : '';
    select(undefined);
  };
  new MutationObserver(refresh).observe(list, { childList: true });
  refresh();

  input.addEventListener('keydown', (event) => {
    const all = options();
    const at = all.findIndex((option) => option.getAttribute('aria-selected') === 'true');
    if (event.key === 'ArrowDown') select(all[(at + 1) % all.length]);
    else if (event.key === 'ArrowUp') select(all[at <= 0 ? all.length - 1 : at - 1]);
    else if (event.key === 'Enter' && at >= 0) all[at]!.click();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  });
  input.addEventListener('input', () => input.value.trim() === '' && close());
  document.addEventListener('click', (event) => !(event.target as Element).closest('.search') && close());
  input.form?.addEventListener('focusout', (event) => {
    if (!input.form!.contains(event.relatedTarget as Node | null) && event.relatedTarget) close();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable], dialog') !== null;
}

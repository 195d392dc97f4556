// Copy, print, back.
import { toast } from './toast';
import { say } from './words';

export function setUpHandy(): void {
  document.addEventListener('click', (event) => {
    const target = event.target as Element;
    const copy = target.closest<HTMLElement>('.js-copy');
    if (copy) void copyText(copy);
    if (target.closest('.js-print')) window.print();
    if (target.closest('a.js-back') && history.length > 1 && document.referrer.startsWith(location.origin)) {
      event.preventDefault();
      history.back();
    }
  });

  // On paper every folded part that holds data stands open.
  let opened: HTMLDetailsElement[] = [];
  window.addEventListener('beforeprint', () => {
    opened = Array.from(document.querySelectorAll<HTMLDetailsElement>('.why:not([open]), .chart details:not([open]), details[data-paper]:not([open])'));
    for (const details of opened) details.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
  });
}

async function copyText(button: HTMLElement): Promise<void> {
  const { copy, copyFrom } = button.dataset;
  const source = copyFrom ? document.querySelector<HTMLElement>(copyFrom) : null;
  const text = copy ?? (source instanceof HTMLInputElement ? source.value : source?.textContent?.trim()) ?? '';
  try {
    await navigator.clipboard.writeText(text);
    toast('ok', say('copied'));
  } catch {
    toast('warn', say('notCopied'));
  }
}

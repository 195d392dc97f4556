// Tells the style sheet which tables fit, so that only those let their head stick to the window.
import { first, matching } from './dom';

export function setUpTables(root: Element): void {
  for (const wrap of matching<HTMLElement>(root, '.tablewrap')) {
    if (!first(wrap, 'table')) continue;
    const table = wrap.querySelector('table');
    if (!table) continue;
    const look = (): void => {
      const fits = table.offsetWidth <= wrap.clientWidth;
      wrap.classList.toggle('fits', fits);
      // A box that scrolls must be reachable by keyboard.
      if (fits) wrap.removeAttribute('tabindex');
      else wrap.tabIndex = 0;
    };
    new ResizeObserver(look).observe(wrap);
    look();
  }
}

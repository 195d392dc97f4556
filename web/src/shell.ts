// The frame: drawer, remembered menu groups, drop-downs, links that keep the page's other parameters.
export function setUpShell(): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    if (location.hash === '#menu') {
      location.hash = '#main';
      document.querySelector<HTMLElement>('.top-menu')?.focus();
    }
    for (const open of document.querySelectorAll<HTMLDetailsElement>('details.drop[open]')) {
      open.open = false;
      open.querySelector('summary')?.focus();
    }
  });

  document.addEventListener('click', (event) => {
    for (const open of document.querySelectorAll<HTMLDetailsElement>('details.drop[open]')) {
      if (!open.contains(event.target as Node)) open.open = false;
    }
    const keep = (event.target as Element).closest<HTMLAnchorElement>('a.js-keep');
    if (keep) keep.search = String(new URLSearchParams([...withoutNames(keep.search), ...new URLSearchParams(keep.search)]));
  });

  for (const group of document.querySelectorAll<HTMLDetailsElement>('details.menu-group[id]')) {
    const closed = remembered();
    if (closed.includes(group.id) && !group.querySelector('[aria-current]')) group.open = false;
    group.addEventListener('toggle', () => {
      const others = remembered().filter((id) => id !== group.id);
      remember(group.open ? others : [...others, group.id]);
    });
  }

  // The entry of this page stands in view in a long menu.
  const side = document.querySelector<HTMLElement>('.side');
  const current = side?.querySelector<HTMLElement>('[aria-current]');
  if (side && current && current.offsetTop > side.clientHeight - 80) side.scrollTop = current.offsetTop - side.clientHeight / 2;
}

function withoutNames(search: string): [string, string][] {
  const replaced = new URLSearchParams(search);
  return [...new URLSearchParams(location.search)].filter(([name]) => !replaced.has(name));
}

function remembered(): string[] {
  return (localStorage.getItem('menu-closed') ?? '').split(' ').filter(Boolean);
}

function remember(ids: string[]): void {
  localStorage.setItem('menu-closed', ids.join(' '));
}

// A key that presses what is marked with it: `data-hotkey="a"`. Never while somebody writes.
export function setUpHotkeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    if ((event.target as Element).closest('input, textarea, select, [contenteditable]')) return;
    const target = document.querySelector<HTMLElement>(`[data-hotkey="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    target.click();
  });
}

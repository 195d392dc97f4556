// What a stop says in full, beside it: while the pointer is on it, or while it has the focus. Its window and its second person light up.
import { element } from '../dom';
import { say } from '../words';
import { clock, remarks, type Lane, type Stop } from './day';
import { windowMark } from './draw';
import { only } from './keys';
import { stopOf, tellLane, type Sight } from './sight';

/** Milliseconds in which a pointer may reach the tip before it goes. */
const grace = 250;

export function setUpTip(sight: Sight): HTMLElement {
  const { box, day, scroll } = sight;
  const tip = element('div', { class: 'board-tip' });
  tip.hidden = true;
  let shown: SVGGElement | null = null;
  let going = 0;

  const hide = (): void => {
    clearTimeout(going);
    tip.hidden = true;
    shown = null;
    for (const lit of sight.lanes.querySelectorAll('.lit')) lit.classList.remove('lit');
    if (!box.classList.contains('carrying')) sight.marks.replaceChildren();
  };
  const show = (target: EventTarget | null): void => {
    const found = stopOf(sight, target);
    clearTimeout(going);
    if (!found || box.classList.contains('carrying') || found.shape === shown) return;
    hide();
    shown = found.shape;
    tip.replaceChildren(...words(sight, found.lane, found.stop));
    tip.hidden = false;
    place(tip, found.shape.getBoundingClientRect(), scroll);
    for (const each of sight.lanes.querySelectorAll(`[data-stop^="${CSS.escape(found.stop.visit)}/"], [data-join="${CSS.escape(found.stop.visit)}"]`)) each.classList.add('lit');
    if (found.stop.window) sight.marks.replaceChildren(windowMark(sight, day.lanes.indexOf(found.lane), found.stop.window));
  };
  const leave = (): void => {
    clearTimeout(going);
    going = window.setTimeout(() => {
      const focused = stopOf(sight, document.activeElement);
      if (focused?.shape.matches(':focus-visible')) show(focused.shape);
      else if (!tip.contains(document.activeElement)) hide();
    }, grace);
  };

  sight.lanes.addEventListener('pointerover', (event) => {
    if (event.pointerType === 'mouse') stopOf(sight, event.target) ? show(event.target) : leave();
  });
  sight.lanes.addEventListener('pointerleave', leave);
  sight.lanes.addEventListener('click', ({ target }) => show(target));
  sight.lanes.addEventListener('focusin', ({ target }) => {
    const found = stopOf(sight, target);
    if (!found) return;
    only(sight, found.shape);
    show(target);
    tellLane(found.lane.id);
  });
  for (const area of [sight.lanes, tip]) {
    area.addEventListener('focusout', () => {
      leave();
      tellLane('');
    });
  }
  tip.addEventListener('pointerenter', () => clearTimeout(going));
  tip.addEventListener('pointerleave', leave);
  scroll.addEventListener('scroll', () => {
    if (shown) place(tip, shown.getBoundingClientRect(), scroll);
  });
  box.addEventListener('keydown', ({ key }) => key === 'Escape' && hide());
  box.addEventListener('pointerdown', ({ target }) => {
    if (!stopOf(sight, target) && !tip.contains(target as Node)) hide();
  });
  return tip;
}

function words({ day }: Sight, lane: Lane, stop: Stop): HTMLElement[] {
  const window = stop.window ? [element('p', { class: 'muted' }, say('boardWindow', { from: clock(stop.window[0]), until: clock(stop.window[1]) }))] : [];
  return [
    element('p', {}, element('b', {}, stop.name), element('span', { class: 'muted' }, ` ${lane.name}`)),
    element('p', {}, stop.title),
    ...window,
    ...remarks(day, stop).map(({ kind, text }) => element('p', { class: kind }, kind === 'bad' ? `▲ ${text}` : text)),
    ...(stop.href ? [element('p', {}, element('a', { href: stop.href }, say('boardOpen')))] : []),
  ];
}

/** Below the stop, or above where there is no room; never over the edge of the window. */
function place(tip: HTMLElement, stop: DOMRect, scroll: HTMLElement): void {
  const area = scroll.getBoundingClientRect();
  const inside = stop.right > area.left && stop.left < area.right && stop.bottom > area.top && stop.top < area.bottom;
  tip.classList.toggle('away', !inside);
  const left = Math.max(8, Math.min(Math.max(stop.left, area.left), innerWidth - tip.offsetWidth - 8));
  const below = stop.bottom + 6 + tip.offsetHeight < innerHeight;
  const top = below ? stop.bottom + 6 : stop.top - 6 - tip.offsetHeight;
  tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

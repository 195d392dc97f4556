// The visits of a day in their order; those of days before that are still open come first.
import { dayAfter, today } from '../clock';
import { holdings } from '../holdings';
import { say, titleOf, wordFor } from '../language';
import { box, element, link, text } from '../page';
import type { Visit } from '../protocol';
import type { Screen } from '../screen';
import { standing, tasksOf } from '../visiting';

/** Visits of a day, in order. */
export function visitsOf(day: string): Visit[] {
  return Array.from(holdings.visits.values()).filter((each) => each.day === day).sort(inOrder);
}

export function inOrder(one: Visit, other: Visit): number {
  return (one.at || one.from || '99').localeCompare(other.at || other.from || '99') || one.order - other.order || one.id.localeCompare(other.id);
}

/** When to be there: the time that was dispatched, and what was agreed. */
export function whenOf({ at, from, until }: Visit): string {
  const agreed = from === '' && until === '' ? '' : `${from}–${until}`;
  if (at) return [say('aboutTime', { time: at }), agreed && say('agreedTime', { time: agreed })].filter(Boolean).join(' · ');
  return agreed || say('anyTime');
}

export function todayScreen(asked: string): Screen {
  const now = today();
  const day = /^\d{4}-\d\d-\d\d$/.test(asked) ? asked : now;
  const open = day === now ? Array.from(holdings.visits.values()).filter((each) => each.day < now && ['planned', 'begun'].includes(standing(each))).sort(inOrder) : [];
  const visits = visitsOf(day);
  const days = [now, ...new Set(Array.from(holdings.visits.values(), (each) => each.day).filter((each) => each > now).sort())].slice(0, 7);
  const tabs = element('nav', { class: 'tabs' }, ...days.map((each) => tab(each, each === day, now)));
  const body: Node[] = [tabs];
  if (!holdings.about) body.push(text('empty', say('noData')));
  if (open.length > 0) body.push(element('h2', {}, say('earlier')), ...open.map(card));
  if (visits.length > 0) body.push(counts(visits));
  body.push(...visits.map(card));
  if (visits.length === 0 && open.length === 0 && holdings.about) body.push(text('empty', say('noVisits')));
  body.push(box('row', link(say('map'), 'button', `#map/${day}`, 'map'), link(say('unplannedVisit'), 'button', '#elders', 'next')));
  return { title: day === now ? say('today') : shortDay(day), body, live: true };
}

/** How far the day has come, in words. */
function counts(visits: Visit[]): HTMLElement {
  const planned = visits.filter((each) => standing(each) !== 'cancelled');
  const number = (...states: string[]): number => planned.filter((each) => states.includes(standing(each))).length;
  const missed = number('missed');
  return text('counts', say('dayCounts', { all: planned.length, done: number('done'), left: number('planned', 'begun') }),
    missed > 0 && ` ${say('dayMissed', { missed })}`);
}

function shortDay(day: string): string {
  return day.slice(5).replace('-', '/');
}

function tab(day: string, isHere: boolean, now: string): HTMLElement {
  const label = day === now ? say('today') : day === dayAfter(now, 1) ? say('tomorrow') : shortDay(day);
  return element('a', { href: day === now ? '#' : `#today/${day}`, ...(isHere ? { 'aria-current': 'page' } : {}) }, label);
}

export function card(visit: Visit): HTMLElement {
  const elder = holdings.elders.get(visit.elder);
  const state = standing(visit);
  const services = tasksOf(visit).map(titleOf).join('、');
  return element('a', { class: `stop ${state}`, href: `#visit/${visit.id}` },
    box('stop-head', element('b', {}, elder?.name ?? visit.elder), element('span', { class: `state ${state}` }, wordFor('state', state))),
    text('', `${whenOf(visit)} · ${say('aboutMinutes', { count: visit.minutes })}`),
    text('', services),
    text('muted', [elder?.place, elder?.address].filter(Boolean).join(' ')),
    ...(visit.people > 1 ? [text('muted', visit.second ? say('with', { name: visit.second }) : say('people', { count: visit.people }))] : []));
}

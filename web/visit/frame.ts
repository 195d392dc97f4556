// What stands around every screen after the PIN: the heading, SOS, what has not arrived yet, and what a person must know.
import { aheadMs, hour, isWrong, moment } from './clock';
import { helpWaitingSince } from './help';
import { sosButton } from './hold';
import { holdings } from './holdings';
import { icon } from './icons';
import { photosRefused, setAside, unsent, unsentPhotos } from './journal';
import { say } from './language';
import { box, button, element, link, present, telephone, text } from './page';
import type { Screen } from './screen';
import { call, waitingSince } from './sos';
import { status } from './sync';
import { isNewVersionReady, restart } from './update';
import { pendingCount } from './visiting';

/** Draws a form anew whose visit was planned otherwise meanwhile. */
let again: (() => void) | null = null;
let calledAt = '';
let arrivedAt = '';

/** How many things done on this phone the server has not said that it has. */
export function unsentCount(): number {
  return unsent().length + pendingCount() + unsentPhotos().length + holdings.calls.length + (helpWaitingSince() === '' ? 0 : 1);
}

export function draw(screen: Screen): void {
  const top = element('header', { class: 'top' },
    screen.back === undefined ? link(say('menu'), 'top-link', '#menu', 'list') : link(say('back'), 'top-link', screen.back, 'back'),
    element('h1', { tabindex: '-1' }, screen.title),
    sosButton(() => call(screen.visit ?? '')));
  const main = element('main', { id: 'main' }, ...screen.body);
  again = null;
  document.body.replaceChildren(top, element('div', { id: 'bars', role: 'region', 'aria-label': say('bars') }), main, noticesPlace());
  drawBars();
}

/** A screen before the PIN: no menu, nobody's name. */
export function drawPlain(title: string, ...body: (Node | string)[]): void {
  document.body.replaceChildren(element('main', { id: 'main', class: 'plain' }, element('h1', {}, title), ...body), noticesPlace());
}

function noticesPlace(): HTMLElement {
  return document.getElementById('notices') ?? element('div', { id: 'notices', role: 'status', 'aria-live': 'polite' });
}

/** Draws the bars anew, and nothing that somebody may be typing in. `changed` draws what is shown anew when the person wants it. */
export function drawBars(changed?: () => void): void {
  if (changed) again = changed;
  const place = document.getElementById('bars');
  if (!place) return;
  const focused = place.contains(document.activeElement) ? document.activeElement?.getAttribute('data-bar') : null;
  place.replaceChildren(...present([sosBar(), arrivalLine(), changedBar(), clockBar(), asideBar(), versionBar()]));
  if (focused) place.querySelector<HTMLElement>(`[data-bar="${focused}"]`)?.focus();
}

function sosBar(): HTMLElement | null {
  const since = waitingSince();
  if (since) {
    calledAt = since;
    arrivedAt = '';
  } else if (calledAt && !arrivedAt) arrivedAt = new Date().toISOString();
  if (!calledAt) return null;
  const dismiss = button(say('close'), 'small', () => {
    calledAt = arrivedAt = '';
    drawBars();
  });
  const { lead = '', lead_phone: leadPhone = '', emergency = '120' } = holdings.about?.me ?? {};
  return element('div', { class: since ? 'bar bad' : 'bar ok', role: 'alert' },
    text('strong', since ? say('sosWaits', { at: hour(since) }) : say('sosArrived', { at: hour(arrivedAt) })),
    lead !== '' ? text('', say('sosLead', { lead })) : '',
    box('row', leadPhone !== '' && telephone(leadPhone), telephone(emergency, say('callNumber', { number: emergency })), !since && dismiss));
}

function arrivalLine(): HTMLElement {
  const count = unsentCount();
  const oldest = [...unsent().map(({ at }) => at), ...Array.from(holdings.works.values()).flatMap(({ pending }) => pending.map(({ at }) => at))].sort()[0];
  const words = count === 0 ? say('allArrived') : oldest ? say('notArrivedSince', { count, since: moment(oldest) }) : say('notArrived', { count });
  const doing = status.running ? say('syncing') : status.trouble === 'refused' ? say('syncRefused') : status.trouble === 'offline' ? say('noNetwork') : '';
  return element('a', { class: `arrival ${count === 0 ? 'ok' : 'waits'}`, href: '#outbox', 'data-bar': 'arrival' },
    icon(count === 0 ? 'check' : 'sync'), element('span', {}, words), ...(doing ? [element('small', {}, doing)] : []));
}

function changedBar(): HTMLElement | null {
  return again && box('bar info', text('', say('visitChanged')), button(say('showChanged'), 'small', again));
}

function clockBar(): HTMLElement | null {
  if (!isWrong()) return null;
  const minutes = Math.round(Math.abs(aheadMs()) / 60_000);
  const much = minutes >= 120 ? say('hours', { count: Math.round(minutes / 60) }) : say('minutes', { count: minutes });
  return box('bar warn', text('', say(aheadMs() > 0 ? 'clockSlow' : 'clockFast', { much })));
}

function asideBar(): HTMLElement | null {
  const count = setAside().length + photosRefused().length;
  return count === 0 ? null : element('a', { class: 'bar warn', href: '#outbox', 'data-bar': 'aside' }, icon('alert'), element('span', {}, say('asideCount', { count })));
}

function versionBar(): HTMLElement | null {
  if (!isNewVersionReady()) return null;
  return box('bar info', text('', say('newVersion')), button(say('restartNow'), '', restart));
}

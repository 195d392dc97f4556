// The start: one window at a time, the PIN, then the screen that the address names.
import { forget, holdings, load } from './holdings';
import { wipe } from './database';
import { draftsWritten } from './draft';
import { draw, drawBars } from './frame';
import { dropArrived, onHelp, settleHelp, settleWiped, setUpHelp } from './help';
import * as journal from './journal';
import { mark, say } from './language';
import { go, notice } from './page';
import { elderScreen, eldersScreen } from './screens/elder';
import { drawEnrol } from './screens/enrol';
import { mapScreen } from './screens/map';
import { menuScreen } from './screens/menu';
import { missedScreen } from './screens/missed';
import { outboxScreen } from './screens/outbox';
import { drawLongerPin } from './screens/pin';
import { todayScreen } from './screens/today';
import { drawElsewhere, drawUnlock } from './screens/unlock';
import { unplannedScreen } from './screens/unplanned';
import { visitScreen } from './screens/visit';
import type { Screen } from './screen';
import { settleCalls, waitingSince } from './sos';
import { onSync, setUpSync, syncNow } from './sync';
import { setUpUpdate } from './update';
import { settleInterrupted } from './visiting';
import { isOpen, lock, triesLeft } from './vault';

const idleMs = 10 * 60_000;
const lookEveryMs = 15_000;

let touchedAt = Date.now();
let shown: Screen | null = null;
/** What the screen that is shown was drawn from. */
let drawnFrom = '';

mark();
alone(() => void start());

/** Two windows would not see what the other has just done. The lock goes with the window, however that ends. */
function alone(begin: () => void): void {
  const waiting = setTimeout(drawElsewhere, 800);
  void navigator.locks.request('visit', () => {
    clearTimeout(waiting);
    begin();
    return new Promise(() => undefined);
  });
}

async function start(): Promise<void> {
  void navigator.storage?.persist?.();
  window.addEventListener('hashchange', show);
  for (const kind of ['pointerdown', 'keydown', 'input']) document.addEventListener(kind, () => (touchedAt = Date.now()), { passive: true });
  setInterval(lockWhenIdle, lookEveryMs);
  document.addEventListener('visibilitychange', lockWhenIdle);
  setUpSync(() => void wiped('wipedRevoked'), changed);
  setUpHelp();
  journal.onJournal(() => {
    void dropArrived();
    drawBars();
  });
  onSync(() => drawBars());
  onHelp(() => drawBars());
  await settleHelp();
  await ask();
  await setUpUpdate(() => drawBars()).catch(() => undefined);
}

/** The PIN, or the enrolment of a phone that has none. */
async function ask(): Promise<void> {
  if ((await triesLeft()) === null) return drawEnrol((pin) => void opened(pin));
  return drawUnlock((pin) => void opened(pin), () => void wiped('wipedTries'));
}

async function opened(pin: string): Promise<void> {
  touchedAt = Date.now();
  await load();
  await journal.load();
  const least = holdings.about?.settings.pin_least ?? 0;
  // Nothing of the content is shown before the PIN is as long as the server wants it.
  if (pin.length < least) return drawLongerPin(pin, least, begin);
  begin();
}

function begin(): void {
  if (location.hash.startsWith('#enrol')) history.replaceState(null, '', '#');
  show();
  void settleCalls().then(settleInterrupted).then(() => drawBars());
  void syncNow();
}

function show(): void {
  // A phone that is not enrolled takes a code from the address at any time.
  if (!isOpen()) return location.hash.startsWith('#enrol=') ? void ask() : undefined;
  const before = shown;
  shown = screenAt(location.hash.slice(1));
  const scrolled = before && before.title === shown.title && shown.live ? window.scrollY : 0;
  drawnFrom = shown.from?.() ?? '';
  draw(shown);
  window.scrollTo(0, scrolled);
}

/** Visits or elders changed: what nobody types into is drawn anew, a form says it and waits. */
function changed(): void {
  if (!isOpen() || !shown) return;
  if (shown.live) return show();
  if (shown.from && shown.from() !== drawnFrom) drawBars(show);
}

function screenAt(place: string): Screen {
  const split = place.indexOf('/');
  const [kind, id] = split < 0 ? [place, ''] : [place.slice(0, split), decodeURIComponent(place.slice(split + 1))];
  switch (kind) {
    case 'visit': return visitScreen(id, show);
    case 'missed': return missedScreen(id);
    case 'elder': return elderScreen(id, show);
    case 'elders': return eldersScreen();
    case 'unplanned': return unplannedScreen(id);
    case 'map': return mapScreen(id);
    case 'outbox': return outboxScreen(show);
    case 'menu': return menuScreen({ show, lockNow, handOver: () => wiped('wipedHandOver') });
    default: return todayScreen(id);
  }
}

function lockWhenIdle(): void {
  // A call for help that is not out yet keeps the phone open: locked, it could not be sent.
  if (isOpen() && Date.now() - touchedAt > idleMs && !waitingSince()) void lockNow();
}

async function lockNow(): Promise<void> {
  await draftsWritten();
  lock();
  forget();
  journal.forget();
  shown = null;
  // What the open app was about to send goes out from the lock.
  await settleHelp();
  await ask();
}

async function wiped(why: 'wipedTries' | 'wipedRevoked' | 'wipedHandOver'): Promise<void> {
  lock();
  forget();
  journal.forget();
  shown = null;
  await wipe();
  await settleWiped();
  go('');
  await ask();
  notice(say(why), 'bad');
}

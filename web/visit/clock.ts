// The phone's clock and the server's: what is recorded carries the phone's, what day it is follows the server's.
import { holdings } from './holdings';

export const tellsBeyondMs = 5 * 60 * 1000;

/** How far the server's clock is ahead of the phone's, when it was last asked. */
export function aheadMs(): number {
  return holdings.about?.clockAheadMs ?? 0;
}

export function isWrong(): boolean {
  return Math.abs(aheadMs()) > tellsBeyondMs;
}

export function today(): string {
  return dayOf(new Date(Date.now() + (isWrong() ? aheadMs() : 0)));
}

export function dayOf(moment: Date): string {
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

export function dayAfter(day: string, days: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return dayOf(new Date(year, month - 1, date + days));
}

/** The same day of a later month; its last where it has fewer days. */
export function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(year, month + months, 0).getDate();
  return dayOf(new Date(year, month - 1 + months, Math.min(date, last)));
}

/** Hour and minute of an instant, as the wall clock says it. */
export function hour(instant: string): string {
  const moment = new Date(instant);
  return `${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** Day and hour of an instant; the hour alone where it was today. */
export function moment(instant: string): string {
  const day = dayOf(new Date(instant));
  return day === dayOf(new Date()) ? hour(instant) : `${day.slice(5)} ${hour(instant)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

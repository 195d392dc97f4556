// A drawing of a day's stops: where the homes lie to one another, without any tiles from a network.
import { today } from '../clock';
import { holdings } from '../holdings';
import { say } from '../language';
import { element, link, text } from '../page';
import { distanceM } from '../position';
import type { Screen } from '../screen';
import { visitsOf } from './today';

const width = 360;
const height = 420;
const margin = 34;
const svgName = 'http://www.w3.org/2000/svg';

type Stop = { name: string; visit: string; latitude: number; longitude: number };

export function mapScreen(asked: string): Screen {
  const day = asked || today();
  const visits = visitsOf(day).filter(({ state }) => state !== 'cancelled');
  const stops: Stop[] = [];
  const without: string[] = [];
  for (const visit of visits) {
    const elder = holdings.elders.get(visit.elder);
    if (elder && elder.latitude !== null && elder.longitude !== null) stops.push({ name: elder.name, visit: visit.id, latitude: elder.latitude, longitude: elder.longitude });
    else without.push(elder?.name ?? visit.elder);
  }
  const body: Node[] = stops.length === 0 ? [text('empty', say('noPlaces'))] : [drawing(stops), text('muted', say('northUp')), ways(stops)];
  if (without.length > 0) body.push(text('warn', say('withoutPlace', { names: without.join('、') })));
  return { title: `${say('map')} ${day.slice(5)}`, back: day === today() ? '#' : `#today/${day}`, body };
}

function drawing(stops: Stop[]): SVGElement {
  const middle = stops.reduce((sum, each) => sum + each.latitude, 0) / stops.length;
  const across = Math.cos((middle * Math.PI) / 180);
  const x = stops.map((each) => each.longitude * across);
  const y = stops.map((each) => -each.latitude);
  const [left, top] = [Math.min(...x), Math.min(...y)];
  const span = Math.max(Math.max(...x) - left, Math.max(...y) - top, 1e-4);
  const scale = Math.min((width - 2 * margin) / Math.max(Math.max(...x) - left, span / 10), (height - 2 * margin) / Math.max(Math.max(...y) - top, span / 10));
  const points = stops.map((each, index) => ({ ...each, x: margin + ((x[index] ?? 0) - left) * scale, y: margin + ((y[index] ?? 0) - top) * scale }));
  const svg = make('svg', { viewBox: `0 0 ${width} ${height}`, class: 'map', role: 'group', 'aria-label': say('map') });
  svg.append(make('polyline', { class: 'way', points: points.map((each) => `${each.x.toFixed(1)},${each.y.toFixed(1)}`).join(' ') }));
  points.forEach((each, index) => {
    const stop = make('a', { href: `#visit/${each.visit}` });
    const number = make('text', { x: each.x.toFixed(1), y: (each.y + 6).toFixed(1), class: 'number' });
    number.textContent = String(index + 1);
    const name = make('text', { x: each.x.toFixed(1), y: (each.y + 32).toFixed(1), class: 'name' });
    name.textContent = each.name;
    stop.append(make('circle', { cx: each.x.toFixed(1), cy: each.y.toFixed(1), r: '17' }), number, name);
    svg.append(stop);
  });
  return svg;
}

function make(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(svgName, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function ways(stops: Stop[]): HTMLElement {
  const items = stops.map((each, index) => {
    const before = stops[index - 1];
    const metres = before ? Math.round(distanceM(before, each) / 10) * 10 : 0;
    return element('li', {}, link(each.name, '', `#visit/${each.visit}`), ...(before ? [` ${say('stops', { from: index, to: index + 1, metres })}`] : []));
  });
  return element('ol', { class: 'ways' }, ...items);
}

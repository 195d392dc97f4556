// Routes of a day on a map: a colour each, numbered stops, a house at both ends, and beside the map a list to show only some.
import { divIcon, latLngBounds, layerGroup, marker, polyline, type LatLngBounds, type LatLngExpression, type LayerGroup, type Map as LeafletMap, type Polyline } from 'leaflet';
import { drawn, element } from './dom';
import { say } from './words';

type RouteStop = { lat: number; lon: number; n: number; name: string; text?: string; href?: string };
export type Line = { name: string; group: string; points: [number, number][]; stops?: RouteStop[] };
type Route = { line: Line; path: Polyline; whole: LayerGroup; box: HTMLInputElement; row: HTMLElement };

/** Told apart by eye, also by most who see few colours, and dark enough for white numbers; routes beyond them are dashed. */
const colours = ['#0d6b62', '#c2410c', '#1d4ed8', '#a21caf', '#4d7c0f', '#b91c1c', '#0e7490', '#7c3aed', '#92400e', '#be185d', '#334155', '#15803d'];
const dashes = ['', '9 6', '2 6', '14 5 2 5'];
/** With more routes than this in sight, stops are dots, and numbers on the route that is looked at. */
const numberedUpTo = 8;
/** Pixels by which routes are moved aside, so that those on one road are seen beside each other. */
const asides = [[0, 0], [2.5, 2.5], [-2.5, -2.5], [2.5, -2.5], [-2.5, 2.5]] as const;
const house = 'M10 1.5 1 9.5h2.5v8.5h4.5v-5.5h4v5.5h4.5V9.5H19z';

/** Puts them on a map; `shown` says what the map should show: the routes chosen, or nothing. `fit` is called when that changes. */
export function addRoutes(box: HTMLElement, view: LeafletMap, lines: Line[], fit: () => void): { show: () => void; shown: () => LatLngBounds | null } {
  const taken = new Map<string, number>();
  const routes = lines.map((line, at) => made(line, at, taken));
  const list = element('ul', {}, ...routes.map(({ row }) => row));
  const buttons = (['routesAll', 'routesNone'] as const).map((word) => element('button', { type: 'button', class: 'btn btn-sm' }, say(word)));
  const choice = element('fieldset', { class: 'map-routes' }, element('legend', {}, say('routes')), element('div', { class: 'actions' }, ...buttons), list);
  box.after(choice);

  const show = (): void => {
    for (const [at, { box: chosen, whole, path }] of routes.entries()) {
      if (chosen.checked !== view.hasLayer(whole)) view[chosen.checked ? 'addLayer' : 'removeLayer'](whole);
      if (chosen.checked) shifted(path, at);
    }
    box.classList.toggle('many', routes.filter(({ box: chosen }) => chosen.checked).length > numberedUpTo);
    fit();
  };
  buttons.forEach((button, at) => button.addEventListener('click', () => {
    for (const { box: chosen } of routes) chosen.checked = at === 0;
    show();
  }));
  list.addEventListener('change', show);

  const light = (id: string): void => {
    box.classList.toggle('one-lit', routes.some(({ line }) => line.group === id));
    for (const { line, path, whole, row } of routes) {
      const lit = line.group === id;
      row.classList.toggle('lane-lit', lit);
      for (const layer of whole.getLayers()) ((layer as Polyline).getElement?.() ?? null)?.classList.toggle('lit', lit);
      if (lit && view.hasLayer(whole)) path.bringToFront();
    }
  };
  const tell = (id: string): void => void document.dispatchEvent(new CustomEvent('yiyang:lane', { detail: id }));
  for (const { line, whole, row } of routes) {
    whole.eachLayer((layer) => layer.on('mouseover', () => tell(line.group)).on('mouseout', () => tell('')));
    for (const start of ['pointerenter', 'focusin']) row.addEventListener(start, () => tell(line.group));
    for (const end of ['pointerleave', 'focusout']) row.addEventListener(end, () => tell(''));
  }
  const over = new AbortController();
  document.addEventListener('yiyang:lane', (event) => light((event as CustomEvent<string>).detail), { signal: over.signal });
  box.addEventListener('htmx:beforeCleanupElement', ({ target }) => {
    if (target !== box) return;
    over.abort();
    view.remove();
  });

  const shown = (): LatLngBounds | null => {
    const places = routes.filter(({ box: chosen }) => chosen.checked).flatMap(({ line }) => placesOf(line));
    return places.length > 0 ? latLngBounds(places) : null;
  };
  if (box.dataset.ways) void alongRoads(box.dataset.ways, routes);
  return { show, shown };
}

/** Lays the routes along the roads once the server has found them; until then, and where it cannot, lines are straight. */
async function alongRoads(address: string, routes: Route[]): Promise<void> {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  const lines = (await answer.json()) as [number, number][][];
  for (const [at, { path }] of routes.entries()) if ((lines[at]?.length ?? 0) > 1) path.setLatLngs(lines[at]!);
}

function placesOf({ points, stops = [] }: Line): LatLngExpression[] {
  return [...points, ...stops.map(({ lat, lon }): [number, number] => [lat, lon])];
}

function made(line: Line, at: number, taken: Map<string, number>): Route {
  const colour = colours[at % colours.length]!;
  const dash = dashes[Math.floor(at / colours.length) % dashes.length]!;
  const stroke = { color: colour, weight: 3.5, opacity: 0.9, className: 'map-route', ...(dash ? { dashArray: dash } : {}) };
  const path = polyline(line.points, stroke).bindTooltip(element('span', {}, element('b', {}, line.name)), { sticky: true, className: 'map-tip' });
  const [start, end] = [line.points[0], line.points[line.points.length - 1]];
  const ends = [start, ...(end && start && (end[0] !== start[0] || end[1] !== start[1]) ? [end] : [])].filter((place) => place !== undefined);
  const stops = (line.stops ?? []).map((stop) => {
    // Several at one door stand beside each other.
    const place = `${stop.lat.toFixed(4)},${stop.lon.toFixed(4)}`;
    const before = taken.get(place) ?? 0;
    taken.set(place, before + 1);
    const pin = marker([stop.lat, stop.lon], { icon: icon(22, 11 - before * 14, drawn('circle', { cx: 11, cy: 11, r: 9.5, fill: colour }), drawn('text', { x: 11, y: 15.5, 'text-anchor': 'middle' }, String(stop.n))), keyboard: false });
    pin.bindTooltip(element('span', {}, element('b', {}, `${stop.n} ${stop.name}`), ` ${stop.text ?? ''} · ${line.name}`), { className: 'map-tip' });
    if (stop.href) pin.on('click', () => location.assign(stop.href!));
    return pin;
  });
  const houses = ends.map((place) => marker(place, { icon: icon(20, 10, drawn('path', { d: house, fill: colour })), keyboard: false, zIndexOffset: 100 }).bindTooltip(line.name, { className: 'map-tip' }));

  const swatch = drawn('svg', { viewBox: '0 0 36 12', 'aria-hidden': 'true' }, drawn('line', { x1: 1, x2: 35, y1: 6, y2: 6, stroke: colour, 'stroke-width': 4, 'stroke-dasharray': dash || 'none' }));
  const box = element('input', { type: 'checkbox', checked: '' });
  const row = element('li', {}, element('label', {}, box, swatch as unknown as HTMLElement, element('span', {}, line.name), element('small', {}, say('routesStops', { count: stops.length }))));
  return { line, path, whole: layerGroup([path, ...houses, ...stops]), box, row };
}

/** A sign of so many pixels at 15 pixels a rem; it grows with the letters of the page. */
function icon(size: number, anchor: number, ...parts: SVGElement[]) {
  const grown = parseFloat(getComputedStyle(document.documentElement).fontSize) / 15;
  const html = drawn('svg', { width: size * grown, height: size * grown, viewBox: `0 0 ${size} ${size}`, 'aria-hidden': 'true' }, ...parts);
  return divIcon({ className: 'map-pin', html: html as unknown as HTMLElement, iconSize: [size * grown, size * grown], iconAnchor: [anchor * grown, (size * grown) / 2] });
}

function shifted(path: Polyline, at: number): void {
  const [x, y] = asides[at % asides.length]!;
  path.getElement()?.setAttribute('transform', `translate(${x} ${y})`);
}

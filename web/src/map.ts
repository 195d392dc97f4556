// A map of areas shaded by value, of places as points, of routes, or to pick a place on: borders from our own server, no tiles. The list
// beside it carries the same for everyone.
import { circleMarker, control, geoJSON, latLngBounds, layerGroup, map, type CircleMarker, type LatLngBounds, type Layer, type LayerGroup, type Map as LeafletMap, type Path } from 'leaflet';
import type { Feature, GeoJsonObject } from 'geojson';
import { drawn, element } from './dom';
import { addRoutes, type Line } from './routes';
import { say } from './words';

type AreaValue = { name?: string; code?: string; value: number | null; text?: string; href?: string };

type PointValue = { lat: number; lon: number; name: string; text?: string; group?: string; href?: string };

/** Colours of the groups of points, in their order; the legend says them in words. */
const groupColours = ['#09544b', '#b4561f', '#3b4f8f', '#7a5c00'];
const lightest = [226, 239, 232];
const darkest = [9, 84, 75];
const labelsUpTo = 14;

export async function drawMap(box: HTMLElement): Promise<void> {
  const values = JSON.parse(box.dataset.values ?? '[]') as AreaValue[];
  const lines = JSON.parse(box.dataset.lines ?? '[]') as Line[];
  const borders = await bordersOf(box);
  // Routes say something without borders, values do not.
  if (!borders && lines.length === 0) {
    box.hidden = true;
    return;
  }
  const byKey = new Map<string, AreaValue>();
  for (const value of values) for (const key of [value.code, value.name]) if (key) byKey.set(key, value);
  const breaks = breaksOf(box, values);

  const routed = 'lines' in box.dataset;
  const labelled = !routed && values.length <= labelsUpTo && box.clientWidth >= 480;
  const view = map(box, { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, zoomControl: false });
  control.zoom({ position: 'topright' }).addTo(view);
  const areas = geoJSON(borders, {
    style: (feature) => {
      const value = feature && valueOf(feature, byKey)?.value;
      return typeof value === 'number'
        ? { color: '#fffefb', weight: 1.5, fillColor: shade(stepOf(value, breaks), breaks.length + 1), fillOpacity: 1 }
        : { color: '#8b8d83', weight: 1, dashArray: '4 3', fillColor: '#f5f2ea', fillOpacity: 1 };
    },
    onEachFeature: (feature, layer) => {
      const area = valueOf(feature, byKey);
      const dark = typeof area?.value === 'number' && breaks.length > 0 && stepOf(area.value, breaks) / breaks.length > 0.55;
      equip(feature, layer, area, !box.dataset.points && !routed, labelled ? (dark ? 'map-label map-label-light' : 'map-label') : '');
    },
  }).addTo(view);
  const groups = JSON.parse(box.dataset.groups ?? '[]') as [string, string][];
  // A map to pick on has nothing to explain, and routes have their list.
  const legend = box.dataset.pick || routed ? undefined : addLegend(box, breaks, values.some(({ value }) => value === null), groups).addTo(view).getContainer();
  let chosen: (() => LatLngBounds | null) | undefined;
  const around = borders ? areas.getBounds() : latLngBounds(lines.flatMap(({ points }) => points));
  const fit = (): void => {
    // The legend must not lie on an area: it stands beside them, or below on a phone.
    const beside = box.clientWidth >= 480;
    view.invalidateSize({ animate: false });
    view.fitBounds(chosen?.() ?? around, {
      animate: false,
      paddingTopLeft: [beside && legend ? legend.offsetWidth + 20 : 8, 12],
      paddingBottomRight: [beside ? 56 : 8, beside || !legend ? 12 : legend.offsetHeight + 16],
    });
  };
  fit();
  // Circles are drawn in pixels: they need a view to be put on.
  let points = addPoints(view, box, groups.map(([word]) => word));
  box.addEventListener('yiyang:points', () => {
    points.remove();
    points = addPoints(view, box, groups.map(([word]) => word));
  });
  if (lines.length > 0) {
    const routes = addRoutes(box, view, lines, fit);
    chosen = routes.shown;
    routes.show();
  }
  if (box.dataset.pick) setUpPick(view, box.dataset.pick);
  new ResizeObserver(() => box.clientWidth > 0 && fit()).observe(box);
}

async function bordersOf(box: HTMLElement): Promise<GeoJsonObject | null> {
  if (!box.dataset.borders) return null;
  const answer = await fetch(box.dataset.borders).catch(() => null);
  return answer?.ok ? ((await answer.json()) as GeoJsonObject) : null;
}

function valueOf(feature: Feature, byKey: Map<string, AreaValue>): AreaValue | undefined {
  const { code, adcode, id, name } = feature.properties ?? {};
  for (const key of [code, adcode, id, feature.id, name]) {
    const found = key === undefined || key === null ? undefined : byKey.get(String(key));
    if (found) return found;
  }
  return undefined;
}

function equip(feature: Feature, layer: Layer, area: AreaValue | undefined, shaded: boolean, label: string): void {
  const name = area?.name ?? String(feature.properties?.name ?? '');
  const shown = area?.text ?? (typeof area?.value === 'number' ? String(area.value) : shaded ? say('noData') : '');
  const tip = element('span', {}, element('b', {}, name), ` ${shown}`);
  if (label) layer.bindTooltip(element('span', {}, name, element('br'), shown), { permanent: true, direction: 'center', className: label });
  else layer.bindTooltip(tip, { sticky: true, className: 'map-tip' });
  layer.on('mouseover', () => (layer as Path).setStyle({ weight: 3, color: '#1d2a2a' }).bringToFront());
  layer.on('mouseout', () => (layer as Path).setStyle({ weight: 1.5, color: '#fffefb' }));
  if (area?.href) layer.on('click', () => location.assign(area.href!));
}

function breaksOf(box: HTMLElement, values: AreaValue[]): number[] {
  if (box.dataset.breaks) return JSON.parse(box.dataset.breaks) as number[];
  const known = values.map(({ value }) => value).filter((value): value is number => value !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  if (!(high > low)) return [];
  return [1, 2, 3, 4].map((step) => Number((low + ((high - low) * step) / 5).toPrecision(3)));
}

function stepOf(value: number, breaks: number[]): number {
  return breaks.filter((limit) => value >= limit).length;
}

function shade(step: number, steps: number): string {
  const share = steps < 2 ? 0.5 : step / (steps - 1);
  return `rgb(${lightest.map((from, index) => Math.round(from + (darkest[index]! - from) * share)).join(', ')})`;
}

/** The points that the box carries at this moment, as a layer. */
function addPoints(view: LeafletMap, box: HTMLElement, groups: string[]): LayerGroup {
  const layer = layerGroup().addTo(view);
  for (const { lat, lon, name, text, group, href } of JSON.parse(box.dataset.points ?? '[]') as PointValue[]) {
    const colour = groupColours[Math.max(0, groups.indexOf(group ?? ''))]!;
    const point = circleMarker([lat, lon], { radius: 6, weight: 1.5, color: '#fffefb', fillColor: colour, fillOpacity: 0.9 });
    point.bindTooltip(element('span', {}, element('b', {}, name), ` ${text ?? ''}`), { className: 'map-tip' });
    if (href) point.on('click', () => location.assign(href));
    point.addTo(layer);
  }
  return layer;
}

/** Clicking the map writes the position into the field; what is typed there moves the mark. */
function setUpPick(view: LeafletMap, selector: string): void {
  const field = document.querySelector<HTMLInputElement>(selector);
  if (!field) return;
  let mark: CircleMarker | undefined;
  const show = (): void => {
    const [lat, lon] = field.value.split(/[,，、\s]+/).map(Number);
    mark?.remove();
    if (!lat || !lon || Math.abs(lat) > 60) return;
    mark = circleMarker([lat, lon], { radius: 9, weight: 3, color: '#fffefb', fillColor: '#b4561f', fillOpacity: 1 }).addTo(view);
  };
  view.on('click', ({ latlng }) => {
    field.value = `${latlng.lat.toFixed(6)},${latlng.lng.toFixed(6)}`;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    show();
  });
  field.addEventListener('change', show);
  show();
}

function addLegend(box: HTMLElement, breaks: number[], withUnknown: boolean, groups: [string, string][]) {
  const unit = box.dataset.unit ?? '';
  const list = element('ul');
  const row = (colour: string, text: string): void => {
    const swatch = drawn('svg', { 'aria-hidden': 'true' }, drawn('rect', { width: '100%', height: '100%', fill: colour, stroke: '#8b8d83' }));
    list.append(element('li', {}, swatch as unknown as HTMLElement, text));
  };
  groups.forEach(([, title], at) => row(groupColours[at % groupColours.length]!, title));
  for (let step = breaks.length; step >= 0 && groups.length === 0; step--) {
    const from = breaks[step - 1];
    const to = breaks[step];
    row(shade(step, breaks.length + 1), from === undefined ? `< ${to ?? ''} ${unit}` : to === undefined ? `≥ ${from} ${unit}` : `${from}–${to} ${unit}`);
  }
  if (withUnknown) row('#f5f2ea', say('noData'));
  const legend = new (control as any)({ position: 'bottomleft' });
  legend.onAdd = () => element('div', { class: 'map-legend' }, element('strong', {}, box.dataset.title ?? ''), list);
  return legend;
}

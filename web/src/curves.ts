// Values of a person on one axis of time: a drawing for each group of measures, one below the other, with limits across and what
// happened upright through all of them.
import { LineChart } from 'echarts/charts';
import { AriaComponent, AxisPointerComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { element } from './dom';
import { say } from './words';

use([LineChart, AriaComponent, AxisPointerComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent, SVGRenderer]);

/** Milliseconds, the value or mean, and the least and most it stands for. */
type Point = [number, number, number, number];
type Line = { name: string; unit: string; points: Point[]; low?: number | null; high?: number | null };
export type Curves = {
  type: 'curves';
  from: number;
  until: number;
  panels: { title: string; lines: Line[] }[];
  marks: { at: number; text: string; kind: 'visit' | 'medicine' | 'alarm' }[];
};
type Hovered = { seriesName: string; value: Point; color: string; axisIndex: number };

const colours = ['#0d6b62', '#a8452f', '#3d5a98', '#74508f'];
const markColours = { visit: '#3d5a98', medicine: '#74508f', alarm: '#a8231c' };
const markSigns = { visit: '△', medicine: '◇', alarm: '!' };
const hour = 3_600_000;

export function drawCurves(figure: HTMLElement, curves: Curves): void {
  const details = figure.querySelector<HTMLDetailsElement>(':scope > details');
  if (details) details.open = false;
  const area = element('div', { class: 'chart-area' });
  figure.insertBefore(area, details);
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const panel = size * 9;
  area.style.height = `${curves.panels.length * panel + size * 2}px`;
  const chart = init(area, null, { renderer: 'svg' });
  const draw = (): void => chart.setOption(optionOf(curves, size, panel), true);
  draw();
  new ResizeObserver(() => {
    chart.resize();
    draw();
  }).observe(area);
  window.addEventListener('beforeprint', () => chart.resize());
}

function optionOf(curves: Curves, size: number, panel: number): EChartsCoreOption {
  const style = getComputedStyle(document.documentElement);
  const soft = style.getPropertyValue('--ink-soft').trim() || '#53605e';
  const text = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size * 0.86, color: style.getPropertyValue('--ink').trim() || '#1d2a2a' };
  const last = curves.panels.length - 1;
  const lines = curves.panels.flatMap(({ lines }, at) => lines.map((line, nth) => ({ line, at, nth })));
  const oneDay = curves.until - curves.from <= 25 * hour;
  return {
    animation: false,
    textStyle: text,
    aria: { enabled: true, label: { description: curves.panels.map(({ title }) => title).join(say('comma')) } },
    axisPointer: { link: [{ xAxisIndex: 'all' }], lineStyle: { color: soft } },
    tooltip: {
      trigger: 'axis', confine: true, backgroundColor: '#fffefb', borderColor: '#8b8d83', textStyle: text,
      // A string would be parsed as HTML with style attributes, which the policy forbids.
      formatter: (hovered: Hovered | Hovered[]) => tip(Array.isArray(hovered) ? hovered : [hovered], lines.map(({ line }) => line), curves),
    },
    title: curves.panels.map(({ title, lines }, at) => ({
      text: `${title}  ${lines[0]?.unit ?? ''}`, left: 0, top: at * panel, textStyle: { ...text, fontWeight: 600 },
    })),
    grid: curves.panels.map((_, at) => ({ left: size * 3, right: size * 0.8, top: at * panel + size * 1.8, height: panel - size * 3.2 })),
    xAxis: curves.panels.map((_, at) => ({
      type: 'time', gridIndex: at, min: curves.from, max: curves.until, axisLine: { lineStyle: { color: '#8b8d83' } }, splitLine: { show: false },
      axisLabel: {
        ...text, color: soft, show: at === last, hideOverlap: true,
        formatter: (value: number) => (oneDay ? moment(value).slice(6) : moment(value).slice(0, 5)),
      },
    })),
    yAxis: curves.panels.map(({ lines }, at) => ({
      type: 'value', gridIndex: at, scale: true, splitNumber: 3, splitLine: { lineStyle: { color: '#e2dccd' } }, axisLabel: { ...text, color: soft, show: !isState(lines) },
      min: isState(lines) ? 0 : (range: { min: number }) => Math.min(range.min, ...lines.map(({ low }) => low ?? range.min)),
      max: isState(lines) ? 1 : (range: { max: number }) => Math.max(range.max, ...lines.map(({ high }) => high ?? range.max)),
    })),
    series: lines.map(({ line, at, nth }) => ({
      name: line.name, type: 'line', xAxisIndex: at, yAxisIndex: at, data: broken(line.points), encode: { x: 0, y: 1 }, color: colours[nth % colours.length],
      lineStyle: { width: isState([line]) ? 0 : 2, type: nth === 0 ? 'solid' : 'dashed' }, symbol: nth === 0 ? 'circle' : 'rect', symbolSize: 5, showSymbol: isState([line]) || line.points.length <= 80, connectNulls: false,
      emphasis: { disabled: true },
      markLine: { symbol: 'none', silent: true, animation: false, label: { ...text, fontSize: size * 0.75 }, data: [...limits(line, nth, text), ...(nth === 0 ? marks(curves, at === 0) : [])] },
    })),
  };
}

/** What has no unit is a state, 0 or 1: dots tell when, and nothing lies between them. */
function isState(lines: Line[]): boolean {
  return lines.every(({ unit }) => unit === '');
}

/** Where nothing was measured for long the curve is broken, and nobody reads a value out of it. */
function broken(points: Point[]): (Point | [number, null])[] {
  const steps = points.slice(1).map((point, nth) => point[0] - points[nth]![0]).sort((a, b) => a - b);
  const usual = steps[Math.floor(steps.length / 2)] ?? 0;
  return points.flatMap((point, nth) => {
    const before = points[nth - 1];
    return before && point[0] - before[0] > Math.max(usual * 5, 2 * hour) ? [[before[0] + 1, null] as [number, null], point] : [point];
  });
}

function limits(line: Line, nth: number, text: object): object[] {
  const one = (value: number | null | undefined, word: string): object[] =>
    value == null ? [] : [{ yAxis: value, lineStyle: { color: '#a8231c', type: 'dashed', width: 1 }, label: { ...text, color: '#a8231c', position: nth === 0 ? 'insideEndTop' : 'insideStartBottom', formatter: `${word} ${value}` } }];
  return [...one(line.high, say('limitHigh')), ...one(line.low, say('limitLow'))];
}

function marks(curves: Curves, first: boolean): object[] {
  return curves.marks.map(({ at, kind }) => ({
    xAxis: at, lineStyle: { color: markColours[kind], type: 'dotted', width: 1.5 }, label: { show: first, formatter: markSigns[kind], color: markColours[kind], position: 'end' },
  }));
}

/** `11-27 08:30` in Shanghai. */
function moment(at: number): string {
  return new Date(at + 8 * hour).toISOString().slice(5, 16).replace('T', ' ');
}

function tip(hovered: Hovered[], lines: Line[], curves: Curves): HTMLElement {
  const body = element('tbody');
  for (const { seriesName, value, color } of hovered) {
    if (value?.[1] === null || value?.[1] === undefined) continue;
    const key = element('span', { class: 'chart-key' });
    key.style.background = color;
    const [, mean, least, most] = value;
    const unit = lines.find(({ name }) => name === seriesName)?.unit ?? '';
    const range = least === most || least === undefined ? '' : ` (${least}–${most})`;
    body.append(element('tr', {}, element('td', {}, key), element('td', {}, seriesName), element('td', {}, `${mean} ${unit}${range}`)));
  }
  const at = hovered[0]?.value?.[0] ?? curves.from;
  const near = curves.marks.filter((mark) => Math.abs(mark.at - at) < (curves.until - curves.from) / 100);
  return element('div', { class: 'chart-tip' }, moment(at), element('table', {}, body), ...near.map(({ text, kind }) => element('div', {}, `${markSigns[kind]} ${text}`)));
}

// Lines, bars and pies from one small description; the same numbers stand in the table beneath.
import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { drawCurves, type Curves } from './curves';
import { described, element } from './dom';
import { say } from './words';

use([BarChart, LineChart, PieChart, AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

type Value = number | null;
type Description = {
  type: 'line' | 'bar' | 'pie';
  title?: string;
  x: string[];
  series: { name: string; data: Value[] }[];
  unit?: string;
  stack?: boolean;
  horizontal?: boolean;
  target?: number;
};
type Hovered = { seriesName?: string; name: string; value: Value; color: string; marker?: string };

const colours = ['#0d6b62', '#c07d12', '#3d5a98', '#a8452f', '#74508f', '#5f7d1e', '#7a6a58'];
// Patterns tell bars and slices apart without colour; pale, so that they do not disturb.
const pale = 'rgba(255, 255, 255, .38)';
const patterns = [
  { symbol: 'none' },
  { symbol: 'rect', color: pale, dashArrayX: [1, 0], dashArrayY: [2, 6], rotation: -Math.PI / 4 },
  { symbol: 'circle', color: pale, dashArrayX: [[7, 7], [0, 7, 7, 0]], dashArrayY: [7, 0], symbolSize: 0.55 },
  { symbol: 'rect', color: pale, dashArrayX: [1, 0], dashArrayY: [2, 6], rotation: Math.PI / 4 },
  { symbol: 'rect', color: pale, dashArrayX: [1, 0], dashArrayY: [3, 5], rotation: 0 },
  { symbol: 'rect', color: pale, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 2 },
];
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin', 'arrow'];

export async function drawChart(figure: HTMLElement): Promise<void> {
  const inline = described<Curves | Description>(figure);
  if (inline?.type === 'curves') return drawCurves(figure, inline);
  const description = await describe(figure);
  if (!description) return;
  const area = element('div', { class: 'chart-area' });
  const details = figure.querySelector<HTMLDetailsElement>(':scope > details');
  // The table stands open for those without a chart.
  if (details) details.open = false;
  figure.insertBefore(area, details);
  const chart = init(area, null, { renderer: 'svg' });
  const draw = (): void => chart.setOption(optionOf(description, area.clientWidth), true);
  draw();
  new ResizeObserver(() => {
    chart.resize();
    draw();
  }).observe(area);
  window.addEventListener('beforeprint', () => chart.resize());
}

async function describe(figure: HTMLElement): Promise<Description | null> {
  const inline = described<Description>(figure);
  if (inline) return inline;
  if (figure.dataset.src) {
    const answer = await fetch(figure.dataset.src, { headers: { Accept: 'application/json' } });
    return answer.ok ? ((await answer.json()) as Description) : null;
  }
  const table = figure.querySelector('table');
  return table ? fromTable(table, figure) : null;
}

function fromTable(table: HTMLTableElement, figure: HTMLElement): Description {
  const rows = Array.from(table.tBodies[0]?.rows ?? []);
  const heads = Array.from(table.tHead?.rows[0]?.cells ?? []).slice(1);
  return {
    type: figure.dataset.type === 'bar' || figure.dataset.type === 'pie' ? figure.dataset.type : 'line',
    title: figure.querySelector('figcaption')?.textContent ?? '',
    unit: figure.dataset.unit ?? '',
    stack: 'stack' in figure.dataset,
    horizontal: 'horizontal' in figure.dataset,
    ...(figure.dataset.target ? { target: Number(figure.dataset.target) } : {}),
    x: rows.map((row) => textOf(row.cells[0])),
    series: heads.map((head, index) => ({ name: textOf(head), data: rows.map((row) => numberIn(textOf(row.cells[index + 1]))) })),
  };
}

function textOf(cell: Element | undefined): string {
  return cell?.textContent?.trim() ?? '';
}

function numberIn(text: string): Value {
  const digits = /-?[\d,]*\.?\d+/.exec(text)?.[0];
  return digits === undefined ? null : Number(digits.replaceAll(',', ''));
}

function optionOf(what: Description, width: number): EChartsCoreOption {
  const style = getComputedStyle(document.documentElement);
  const size = parseFloat(style.fontSize) * 0.88;
  const ink = style.getPropertyValue('--ink').trim() || '#1d2a2a';
  const soft = style.getPropertyValue('--ink-soft').trim() || '#53605e';
  const text = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size, color: ink };
  const shared = {
    color: colours,
    textStyle: text,
    animation: false,
    aria: { enabled: true, label: { description: [what.title, ...what.series.map(({ name }) => name)].filter(Boolean).join('，') }, decal: { show: what.type !== 'line', decals: patterns } },
    tooltip: {
      trigger: what.type === 'pie' ? 'item' : 'axis',
      confine: true,
      backgroundColor: '#fffefb',
      borderColor: '#8b8d83',
      textStyle: text,
      // A string would be parsed as HTML with style attributes, which the policy forbids.
      formatter: (hovered: Hovered | Hovered[]) => tip(Array.isArray(hovered) ? hovered : [hovered], what),
    },
    legend: { show: what.type === 'pie' || what.series.length > 1, top: 0, left: 0, type: 'plain', textStyle: text, itemGap: size },
  };
  return what.type === 'pie' ? { ...shared, ...pie(what, text, width) } : { ...shared, ...axes(what, text, soft, size, width) };
}

function pie(what: Description, text: object, width: number): EChartsCoreOption {
  const data = what.x.map((name, index) => ({ name, value: what.series[0]?.data[index] ?? 0 }));
  const total = data.reduce((sum, { value }) => sum + (value ?? 0), 0);
  const narrow = width < 440;
  // The legend says the numbers: labels around a pie collide as soon as slices are thin.
  const formatter = (name: string): string => {
    const value = data.find((slice) => slice.name === name)?.value ?? 0;
    const share = total > 0 ? `（${((value / total) * 100).toFixed(1)} %）` : '';
    return `${name}  ${value.toLocaleString()} ${what.unit ?? ''}${share}`;
  };
  return {
    legend: { show: true, type: 'plain', orient: 'vertical', textStyle: text, itemGap: 10, formatter, ...(narrow ? { bottom: 0, left: 'center' } : { right: '4%', top: 'middle' }) },
    series: [{
      type: 'pie', radius: narrow ? ['28%', '52%'] : ['46%', '80%'], center: narrow ? ['50%', '27%'] : ['29%', '50%'], data,
      itemStyle: { borderColor: '#fffefb', borderWidth: 2 }, label: { show: false }, emphasis: { scale: false },
    }],
  };
}

function axes(what: Description, text: object, soft: string, size: number, width: number): EChartsCoreOption {
  // Few names are all shown, broken into lines; many are thinned out.
  const few = what.type === 'bar' && !what.horizontal && what.x.length <= 8;
  const names = {
    type: 'category', data: what.x, axisTick: { show: false }, axisLine: { lineStyle: { color: '#8b8d83' } },
    axisLabel: { ...text, color: soft, hideOverlap: !few, ...(few ? { interval: 0, width: (width - size * 4) / what.x.length - 6, overflow: 'break' } : {}) }, inverse: what.horizontal === true,
  };
  const amounts = {
    type: 'value', name: what.unit ?? '', nameTextStyle: { ...text, color: soft, align: what.horizontal ? 'right' : 'left' }, nameLocation: 'end', nameGap: what.horizontal ? 4 : 15, axisLabel: { ...text, color: soft, hideOverlap: true },
    splitLine: { lineStyle: { color: '#e2dccd' } }, max: what.target === undefined ? undefined : (range: { max: number }) => Math.max(range.max, what.target!),
  };
  const markLine = what.target === undefined ? undefined : {
    symbol: 'none', silent: true, animation: false, lineStyle: { color: '#a8231c', type: 'dashed', width: 1.5 },
    label: { ...text, color: '#a8231c', position: 'insideEndTop', formatter: `${say('target')} ${what.target} ${what.unit ?? ''}` },
    data: [what.horizontal ? { xAxis: what.target } : { yAxis: what.target }],
  };
  return {
    grid: { left: 8, right: size * 1.5, bottom: 4, top: size * (what.series.length > 1 ? 4.6 : 2.6), outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: what.horizontal ? amounts : names,
    yAxis: what.horizontal ? names : amounts,
    series: what.series.map(({ name, data }, index) => ({
      name, data, type: what.type, stack: what.stack ? 'all' : undefined, symbol: symbols[index % symbols.length], symbolSize: 8, showSymbol: data.length <= 40,
      lineStyle: { width: 2.5 }, barMaxWidth: 36, connectNulls: false, emphasis: { disabled: true }, markLine: index === 0 ? markLine : undefined,
    })),
  };
}

function tip(hovered: Hovered[], what: Description): HTMLElement {
  const body = element('tbody');
  for (const { seriesName, name, value, color } of hovered) {
    const key = element('span', { class: 'chart-key' });
    key.style.background = color;
    const shown = value === null || value === undefined || Number.isNaN(value) ? say('noData') : `${value.toLocaleString()} ${what.unit ?? ''}`;
    body.append(element('tr', {}, element('td', {}, key), element('td', {}, what.type === 'pie' ? name : (seriesName ?? '')), element('td', {}, shown)));
  }
  const title = what.type === 'pie' ? '' : (hovered[0]?.name ?? '');
  return element('div', { class: 'chart-tip' }, title, element('table', {}, body));
}

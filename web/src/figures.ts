// Charts and maps are fetched only by pages that have one.
import { first, matching } from './dom';

declare const MAP_CSS: string;

export function setUpFigures(root: Element): void {
  for (const figure of matching<HTMLElement>(root, '.js-chart')) {
    if (first(figure, 'chart')) void import('./chart').then(({ drawChart }) => drawChart(figure));
  }
  for (const box of matching<HTMLElement>(root, '.js-map')) {
    if (!first(box, 'map')) continue;
    void Promise.all([import('./map'), mapStyle()]).then(([{ drawMap }]) => drawMap(box));
  }
}

let style: Promise<void> | undefined;

function mapStyle(): Promise<void> {
  style ??= new Promise((done) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: new URL(MAP_CSS, import.meta.url).href });
    link.onload = link.onerror = () => done();
    document.head.append(link);
  });
  return style;
}

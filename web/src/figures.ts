// Charts, maps, boards and open alarms are fetched only by pages that have one.
import { first, matching } from './dom';

declare const MAP_CSS: string;
declare const BOARD_CSS: string;

export function setUpFigures(root: Element): void {
  for (const figure of matching<HTMLElement>(root, '.js-chart')) {
    if (first(figure, 'chart')) void import('./chart').then(({ drawChart }) => drawChart(figure));
  }
  for (const box of matching<HTMLElement>(root, '.js-map')) {
    if (!first(box, 'map')) continue;
    void Promise.all([import('./map'), style(MAP_CSS)]).then(([{ drawMap }]) => drawMap(box));
  }
  for (const box of matching<HTMLElement>(root, '.js-board')) {
    if (!first(box, 'board')) continue;
    void Promise.all([import('./board'), style(BOARD_CSS)]).then(([{ drawBoard }]) => drawBoard(box));
  }
  for (const box of matching<HTMLElement>(root, '.js-alarms')) {
    if (first(box, 'alarms')) void import('./alarms').then(({ watchAlarms }) => watchAlarms(box));
  }
}

const styles = new Map<string, Promise<void>>();

function style(file: string): Promise<void> {
  const asked = styles.get(file) ?? new Promise<void>((done) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: new URL(file, import.meta.url).href });
    link.onload = link.onerror = () => done();
    document.head.append(link);
  });
  styles.set(file, asked);
  return asked;
}

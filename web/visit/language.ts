// Chinese first, English by a switch; which one is remembered in this browser.
import { words, type Word } from './words';

export type Language = 'zh' | 'en';
const key = 'visit-language';

let language: Language = localStorage.getItem(key) === 'en' ? 'en' : 'zh';

export function current(): Language {
  return language;
}

export function choose(wanted: Language): void {
  language = wanted;
  localStorage.setItem(key, wanted);
  mark();
}

export function mark(): void {
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
  document.title = say('title');
}

export function say(word: Word, values: Record<string, string | number> = {}): string {
  const [chinese, english] = words[word];
  return (language === 'en' ? english : inPrint(chinese)).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Chinese print has wide marks; the sentences are kept with those of the keyboard. */
function inPrint(sentence: string): string {
  return sentence.replace(/[,:?!;()]/g, (mark) => wide[mark] ?? mark);
}

const wide: Record<string, string> = { ',': '，', ':': '：', '?': '？', '!': '！', ';': '；', '(': '（', ')': '）' };

/** The title of something the server named in both languages. */
export function titleOf({ title, title_en }: { title: string; title_en: string }): string {
  return (language === 'en' && title_en) || title;
}

/** All words of a group: the Chinese, which is what is recorded, and what is shown. */
export function wordsFor(group: string): [chinese: string, shown: string][] {
  const all = Object.entries(words) as [Word, readonly [string, string]][];
  return all.filter(([name]) => name.startsWith(`${group}_`)).map(([name, [chinese]]) => [chinese, say(name)]);
}

/** A word for a value that the protocol names, as a state or a reason. */
export function wordFor(group: string, value: string): string {
  const word = `${group}_${value}`;
  return word in words ? say(word as Word) : value;
}

// A service's form as the server describes it: every field kept as it is typed, checked when it is used.
import { draft, drafted } from '../draft';
import { current, say, titleOf } from '../language';
import { choices, element, field, manyOf, text } from '../page';
import type { Form, FormItem, Values } from '../protocol';

/** The name of a field's draft within a visit. */
export function draftName(service: string, item: string): string {
  return `${service}.${item}`;
}

/** The fields; those that need not be filled in are folded away where some must be. */
export function formFields(visit: string, service: string, form: Form, before: Values): Node[] {
  const made = (items: FormItem[]): Node[] => items.map((item) => formField(visit, service, item, before[item.id] ?? ''));
  const must = form.items.filter((item) => item.required);
  const may = form.items.filter((item) => !item.required);
  if (must.length === 0 || may.length === 0) return made(form.items);
  const isUsed = may.some((item) => drafted(visit, draftName(service, item.id)) !== '');
  const more = element('details', isUsed ? { open: '' } : {}, element('summary', {}, say('more')), ...made(may));
  return [...made(must), more];
}

function formField(visit: string, service: string, item: FormItem, before: string): Node {
  const name = draftName(service, item.id);
  const value = drafted(visit, name) || before;
  const take = (typed: string): void => draft(visit, name, typed);
  const title = titleOf(item) + (item.unit ? ` (${item.unit})` : '');
  const options = (item.options ?? []).map((each) => ({ value: each.value, label: titleOf(each) }));
  const help = (current() === 'en' && item.help_en) || item.help || '';
  switch (item.kind) {
    case 'choice': return choices(name, title, options, value, take);
    case 'many': return manyOf(name, title, options, value.split(' ').filter(Boolean), (values) => take(values.join(' ')));
    case 'check': return manyOf(name, title, [{ value: 'true', label: say('yes') }], value ? [value] : [], (values) => take(values[0] ?? ''));
    case 'date': return field(title, { name, type: 'date' }, value, take, help);
    case 'number': return field(title, { name, inputmode: item.decimals ? 'decimal' : 'numeric', maxlength: '7', class: 'number' }, value, take, help);
    default: return field(title, { name, rows: '2', maxlength: '500' }, value, take, help);
  }
}

/** What was filled in. */
export function formValues(visit: string, service: string, form: Form, before: Values): Values {
  const all: Values = {};
  for (const item of form.items) {
    const value = (drafted(visit, draftName(service, item.id)) || (before[item.id] ?? '')).trim();
    if (value !== '') all[item.id] = half(value);
  }
  return all;
}

/** Digits as an input method may leave them. */
function half(value: string): string {
  return value.replace(/[０-９．]/g, (each) => String.fromCharCode(each.charCodeAt(0) - 0xfee0));
}

/** The first thing that is wrong with what was filled in; empty where nothing is. */
export function formTrouble(form: Form, values: Values): string {
  for (const item of form.items) {
    const value = values[item.id] ?? '';
    const what = titleOf(item);
    if (value === '') {
      if (item.required) return say('missing', { what });
      continue;
    }
    if (item.kind !== 'number') continue;
    const number = Number(value);
    const { least, most } = item;
    const isRound = (item.decimals ?? 0) > 0 || Number.isInteger(number);
    const isWithin = (least === undefined || least === null || number >= least) && (most === undefined || most === null || number <= most);
    if (Number.isFinite(number) && isRound && isWithin) continue;
    const isBounded = least !== undefined && least !== null && most !== undefined && most !== null;
    return isBounded ? say('between', { what, least, most }) : say('wrongNumber', { what });
  }
  return '';
}

export function trouble(sentence: string): HTMLElement {
  return text('wrong', sentence);
}

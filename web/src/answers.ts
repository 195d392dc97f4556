// Questionnaires: how many are answered, and which comes next.
import { first, matching } from './dom';
import { say } from './words';

export function setUpAnswers(root: Element): void {
  for (const form of matching<HTMLFormElement>(root, 'form.js-answers')) {
    if (!first(form, 'answers')) continue;
    const count = (): void => recount(form);
    form.addEventListener('input', count);
    form.addEventListener('change', count);
    form.addEventListener('refilled', count);
    form.addEventListener('reset', () => setTimeout(count));
    count();
  }
}

function recount(form: HTMLFormElement): void {
  const questions = Array.from(form.querySelectorAll<HTMLElement>('.question'));
  const open = questions.filter((question) => !isAnswered(question));
  const done = questions.length - open.length;

  for (const choice of form.querySelectorAll('.choice')) choice.classList.toggle('checked', choice.querySelector(':checked') !== null);
  const bar = form.querySelector<HTMLProgressElement>('.answered progress');
  if (bar) {
    bar.max = questions.length;
    bar.value = done;
  }
  const count = form.querySelector('.answered-count b');
  if (count) count.textContent = String(done);
  form.querySelector('.answered')?.classList.toggle('complete', open.length === 0);
  const next = form.querySelector<HTMLAnchorElement>('.answered-next');
  if (!next) return;
  next.dataset.words ??= next.textContent ?? '';
  if (open[0]) {
    next.href = `#${open[0].id}`;
    next.textContent = next.dataset.words;
  } else {
    next.removeAttribute('href');
    next.textContent = say('allAnswered');
  }
}

function isAnswered(question: Element): boolean {
  if (question.querySelector(':checked')) return true;
  return Array.from(question.querySelectorAll<HTMLInputElement>('input:not([type=radio], [type=checkbox]), textarea')).some((input) => input.value.trim() !== '');
}

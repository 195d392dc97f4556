// `data-confirm` asks in a dialog before a form is sent, a link followed or an htmx request made.
import { element } from './dom';
import { say } from './words';

export function setUpConfirm(): void {
  const agreed = new WeakSet<Element>();

  document.addEventListener('htmx:confirm', (event) => {
    const { elt, issueRequest } = (event as CustomEvent).detail as { elt: Element; issueRequest(skip: boolean): void };
    if (!elt.hasAttribute('data-confirm')) return;
    event.preventDefault();
    void ask(elt).then((yes) => yes && issueRequest(true));
  });

  document.addEventListener('click', (event) => {
    const asking = (event.target as Element).closest<HTMLElement>('a[data-confirm], button[data-confirm]');
    if (!asking || isHtmx(asking) || agreed.delete(asking)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void ask(asking).then((yes) => {
      if (!yes) return;
      agreed.add(asking);
      asking.click();
    });
  }, true);

  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.dataset.confirm || isHtmx(form) || agreed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = (event as SubmitEvent).submitter;
    void ask(form).then((yes) => {
      if (!yes) return;
      agreed.add(form);
      form.requestSubmit(submitter);
    });
  }, true);
}

function isHtmx(target: Element): boolean {
  return ['get', 'post', 'put', 'patch', 'delete'].some((verb) => target.hasAttribute(`hx-${verb}`));
}

function ask(asking: Element): Promise<boolean> {
  const { confirm = '', confirmOk, confirmKind } = (asking as HTMLElement).dataset;
  return askText(confirm, confirmOk, confirmKind);
}

export function askText(text: string, ok = say('confirm'), kind = ''): Promise<boolean> {
  return new Promise((resolve) => {
    const yes = element('button', { type: 'button', class: kind === 'bad' ? 'btn btn-danger' : 'btn btn-primary' }, ok);
    const no = element('button', { type: 'button', class: 'btn' }, say('cancel'));
    const dialog = element('dialog', { class: 'dialog', 'aria-labelledby': 'dialog-text' },
      element('p', { id: 'dialog-text' }, text), element('div', { class: 'actions' }, no, yes));
    document.body.append(dialog);
    yes.addEventListener('click', () => dialog.close('yes'));
    no.addEventListener('click', () => dialog.close('no'));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    dialog.showModal();
    no.focus();
  });
}

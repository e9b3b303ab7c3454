import type { RoomContent, ShownQuestion } from '../rooms/service.ts';
import { describeDay } from './dates.ts';
import { type Html, html } from './html.ts';
import type { Privacy } from './notice.ts';
import { paragraphs } from './share-page.ts';

/** What stands in the form: empty at first, and what was typed where it was refused. */
export interface QuestionForm {
  text: string;
  name: string;
  assetId: string;
  problem?: string;
  /** Who they are is known already, so they are not asked. */
  isKnown: boolean;
}

interface QuestionsView {
  share: { senderName: string };
  content: RoomContent;
  questions: ShownQuestion[];
  path: string;
  privacy: Privacy;
  form: QuestionForm;
}

/** What was asked and answered, and a form to ask more. It is plain, so that it works without script. */
export function renderQuestions(view: QuestionsView): Html {
  const { share, questions, path, privacy, form, content } = view;
  const { senderName } = share;
  const problem =
    form.problem !== undefined && html`<p id="refused" class="wrong" role="alert">${form.problem}</p>`;
  return html`<section class="questions" id="questions" aria-labelledby="asked"><h2 id="asked">Questions</h2>
${questions.length > 0 && html`<ul class="asked">${questions.map((question) => renderQuestion(question, senderName))}</ul>`}
<form method="post" action="${path}/questions#questions">
<label for="question">Ask ${senderName} a question</label>
<textarea id="question" name="question" rows="3" required${form.problem !== undefined && html` aria-invalid="true" aria-describedby="refused"`}>${form.text}</textarea>
${problem}
<details${(form.name !== '' || form.assetId !== '') && html` open`}><summary>${form.isKnown ? 'Say what it is about' : 'Add your name, or what it is about'}</summary>
${
  !form.isKnown &&
  html`<label for="asker">Your name</label>
<input id="asker" name="name" autocomplete="name" maxlength="120" value="${form.name}">`
}
<label for="about">About</label>
<select id="about" name="about"><option value="">The whole room</option>${content.items.map(
    ({ assetId, assetTitle }) =>
      html`<option value="${assetId}"${assetId === form.assetId && html` selected`}>${assetTitle}</option>`,
  )}</select></details>
${privacy === 'private' && html`<input type="hidden" name="private" value="1">`}
<input type="hidden" name="visit" value="">
<button class="button" type="submit">Ask</button>
<p class="notice">${senderName} reads it and answers here; whoever opens this link can read both.</p>
</form></section>`;
}

function renderQuestion(question: ShownQuestion, senderName: string): Html {
  const { id, isOwn, askedByName, assetTitle, text, askedAt, answer, answeredByName, answeredAt } = question;
  const who = isOwn ? askedByName || 'Asked by this link' : 'Asked by another reader';
  return html`<li id="${id}"><div class="asking"><p class="meta"><b>${who}</b>, ${renderDay(askedAt)}${assetTitle !== null && html`, about “${assetTitle}”`}</p>
${paragraphs(text)}</div>
${
  answer === null
    ? html`<p class="meta waiting">${senderName} has not answered yet. The answer will be here.</p>`
    : html`<div class="answer"><p class="meta"><b>${answeredByName ?? senderName}</b>, ${answeredAt !== null && renderDay(answeredAt)}</p>
${paragraphs(answer)}</div>`
}</li>`;
}

function renderDay(day: Date): Html {
  return html`<time datetime="${day.toISOString()}">${describeDay(day)}</time>`;
}

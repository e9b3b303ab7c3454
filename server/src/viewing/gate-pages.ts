import { type Html, html } from './html.ts';
import { plainFrom } from './refusal-page.ts';
import type { Page } from './send-page.ts';

/** What every form before the content needs. */
export interface GateForm {
  senderName: string;
  /** The address of the share link, without origin. */
  path: string;
  isPrivate: boolean;
  /** What was wrong with what was sent last, in a sentence. */
  problem?: string | undefined;
}

const statusOf = (problem: string | undefined) => (problem === undefined ? 401 : 400);

export function passcodePage({ senderName, path, isPrivate, problem }: GateForm): Page {
  return asForm(
    plainFrom(
      senderName,
      401,
      'This needs a passcode',
      html`<p>${senderName} has protected what they share with you. The passcode came with the message or separately; if you don't have it, ask ${senderName}.</p>
<form method="post" action="${path}/passcode">
<label for="passcode">Passcode</label>
<input id="passcode" name="passcode" type="password" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="60" required autofocus${faultOf(problem)}>
${renderProblem(problem)}
${privateField(isPrivate)}
<button class="button" type="submit">Open</button>
</form>`,
    ),
  );
}

interface EmailForm extends GateForm {
  email: string;
  /** A code is sent to the address. */
  isVerified: boolean;
  hasList: boolean;
}

export function emailPage(form: EmailForm): Page {
  const { senderName, path, isPrivate, problem, email, isVerified, hasList } = form;
  const who = hasList
    ? `${senderName} shares this with certain people only.`
    : `${senderName} asks who reads this.`;
  const next = isVerified ? 'We send you a code to prove that it is yours.' : 'Then it opens.';
  const told = isPrivate
    ? html`This view stays private: ${senderName} is told nothing about it, and your address only lets you in. <a href="${path}">Leave private view</a>`
    : html`${senderName} learns this address and what you read. <a href="${path}?private=1">View it privately</a>, and they learn neither.`;
  return asForm(
    plainFrom(
      senderName,
      statusOf(problem),
      'Your e-mail address, please',
      html`<p>${who} Type the address where you get mail. ${next}</p>
<form method="post" action="${path}/email">
<label for="email">E-mail address</label>
<input id="email" name="email" type="text" inputmode="email" autocomplete="email" autocapitalize="none" spellcheck="false" maxlength="254" value="${email}" required autofocus${faultOf(problem)}>
${renderProblem(problem)}
${privateField(isPrivate)}
<button class="button" type="submit">${isVerified ? 'Send me a code' : 'Open'}</button>
</form>
<p class="notice">${told}</p>`,
    ),
  );
}

export function codePage({
  senderName,
  path,
  isPrivate,
  problem,
  email,
}: GateForm & { email: string }): Page {
  const query = isPrivate ? '&private=1' : '';
  return asForm(
    plainFrom(
      senderName,
      statusOf(problem),
      'Type the code from your mail',
      html`<p>We have sent six digits to <b>${email}</b>. They work once, for 10 minutes. Look among unwanted mail, too.</p>
<form method="post" action="${path}/code">
<label for="code">Code</label>
<input id="code" class="digits" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" pattern="[\\s\\d\\-]*" maxlength="20" required autofocus${faultOf(problem)}>
${renderProblem(problem)}
${privateField(isPrivate)}
<button class="button" type="submit">Open</button>
</form>
<form class="again" method="post" action="${path}/code">
<input type="hidden" name="again" value="1">
${privateField(isPrivate)}
<p class="notice">No mail after half a minute? <button class="link" type="submit">Send another code</button> or <a href="${path}?other=1${query}">use another address</a>. If none comes, ask ${senderName}.</p>
</form>`,
    ),
  );
}

/** Codes travel by mail, and there is nothing that could send one. */
export function noMailPage(senderName: string): Page {
  return plainFrom(
    senderName,
    403,
    'This cannot be opened right now',
    html`<p>${senderName} asked that a code be sent to you first, and no mail can be sent from here. Tell ${senderName}, who can change the link.</p>`,
  );
}

function asForm(page: Page): Page {
  return { ...page, hasForm: true };
}

function privateField(isPrivate: boolean): Html | false {
  return isPrivate && html`<input type="hidden" name="private" value="1">`;
}

function faultOf(problem: string | undefined): Html | false {
  return problem !== undefined && html` aria-invalid="true" aria-describedby="wrong"`;
}

function renderProblem(problem: string | undefined): Html | false {
  return problem !== undefined && html`<p id="wrong" class="wrong" role="alert">${problem}</p>`;
}

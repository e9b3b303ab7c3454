import { mailPage, quietStyle } from '../auth/mail.ts';
import { escapeHtml } from '../documents/escape-html.ts';
import type { Brief, BriefQuestion } from './contract.ts';

interface BriefMail {
  subject: string;
  text: string;
  html: string;
}

interface Links {
  publicUrl: string;
  /** The slice behind the question mark, with it; or nothing. */
  search: string;
  unsubscribeUrl: string;
}

const serif = "font-family:Georgia,'Times New Roman',serif";

/** The brief as a mail, in text and in HTML: the sentences of the page, with nothing that is fetched when it is opened. */
export function composeBriefMail(brief: Brief, countedAt: string, links: Links): BriefMail {
  const [first] = brief.questions;
  const pageUrl = `${links.publicUrl}/shelf/brief${links.search}`;
  const footing = `${brief.sliceSays} Counted up to ${countedAt}.`;
  return {
    subject: `Shelf report: ${first?.answer ?? 'this week'}`,
    text: [
      'Your shelf report',
      footing,
      ...brief.questions.map((question) => questionText(question, links)),
      ...(brief.decisions.length > 0
        ? [
            [
              'Decided',
              ...brief.decisions.map(
                ({ says, effectSays }) => `- ${says}${effectSays ? ` ${effectSays}` : ''}`,
              ),
            ].join('\n'),
          ]
        : []),
      `On one page, with how each number is counted: ${pageUrl}`,
      `You asked for this each week. Stop it without signing in: ${links.unsubscribeUrl}`,
    ].join('\n\n'),
    html: mailPage(
      'Your shelf report',
      [
        `<h1 style="${serif};font-size:24px;margin:0 0 4px">Your shelf report</h1><p style="${quietStyle}">${escapeHtml(footing)}</p>`,
        ...brief.questions.map((question) => questionHtml(question, links)),
        brief.decisions.length > 0
          ? `<h2 style="${serif};font-size:18px;margin:28px 0 4px">Decided</h2>${rowsHtml(brief.decisions.map(({ says, effectSays }) => ({ name: says, says: effectSays ?? '' })))}`
          : '',
        `<p style="margin:28px 0"><a href="${escapeHtml(pageUrl)}">Open it on one page, with how each number is counted</a></p>`,
      ].join('\n'),
      `You asked for this each week. <a href="${escapeHtml(links.unsubscribeUrl)}">Stop it</a> without signing in.`,
    ),
  };
}

function questionText({ ask, answer, evidence, rows, path }: BriefQuestion, links: Links): string {
  return [
    ask,
    answer,
    ...evidence,
    ...rows.map(({ name, says }) => `- ${name}: ${says}`),
    `${links.publicUrl}${path}${links.search}`,
  ].join('\n');
}

function questionHtml({ ask, answer, evidence, rows, path }: BriefQuestion, links: Links): string {
  return `<p style="${quietStyle};margin-top:28px;font-style:italic">${escapeHtml(ask)}</p>
<h2 style="${serif};font-size:18px;line-height:1.3;margin:2px 0 6px"><a style="color:inherit;text-decoration:none" href="${escapeHtml(`${links.publicUrl}${path}${links.search}`)}">${escapeHtml(answer)}</a></h2>
<p style="margin:0 0 6px;font-size:14px">${escapeHtml(evidence.join(' '))}</p>
${rowsHtml(rows)}`;
}

function rowsHtml(rows: { name: string; says: string }[]): string {
  if (rows.length === 0) return '';
  const items = rows.map(
    ({ name, says }) =>
      `<li style="margin:4px 0"><strong>${escapeHtml(name)}</strong> ${escapeHtml(says)}</li>`,
  );
  return `<ul style="margin:0;padding-left:18px;font-size:14px">${items.join('')}</ul>`;
}

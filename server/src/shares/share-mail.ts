import { mailPage, quietStyle } from '../auth/mail.ts';
import { escapeHtml } from '../documents/escape-html.ts';

interface MailInput {
  title: string;
  url: string;
  message: string;
  recipientName: string;
  senderName: string;
  senderEmail: string;
  hasPasscode: boolean;
  gate: string;
  startsAt: Date | null;
  expiresAt: Date | null;
  pageCount: number | null;
  itemCount: number;
  hasPicture: boolean;
}

interface ComposedMail {
  subject: string;
  text: string;
  html: string;
}

/** Where the picture is attached; nothing in the mail is fetched from anywhere when it is opened. */
export const pictureId = 'content@offshelf';

/** What the prospect gets: the sender's own words, what it is, one button, and what opening it tells the sender. */
export function composeMail(mail: MailInput): ComposedMail {
  const { title, url, message, senderName, senderEmail } = mail;
  const notes = listNotes(mail);
  const told = `${senderName} can see when the link is opened and what is read. You can choose a private view there. Nothing is reported by this mail.`;
  const text = [
    message || `${senderName} shares this with you.`,
    `${title}${lengthOf(mail)}`,
    url,
    ...notes,
    `${senderName}, ${senderEmail}`,
    told,
  ].join('\n\n');
  return {
    subject: oneLine(`${senderName} shares “${title}” with you`),
    text,
    html: renderHtml(mail, notes, told),
  };
}

function lengthOf({ itemCount, pageCount }: MailInput): string {
  if (itemCount > 0) return itemCount === 1 ? ', 1 item' : `, ${itemCount} items`;
  return pageCount !== null && pageCount > 1 ? `, ${pageCount} pages` : '';
}

function listNotes({ senderName, hasPasscode, gate, startsAt, expiresAt }: MailInput): string[] {
  return [
    ...(startsAt ? [`It opens from ${dayOf(startsAt)}.`] : []),
    ...(expiresAt ? [`It opens until ${dayOf(expiresAt)}.`] : []),
    ...(hasPasscode ? [`You need a passcode. ${senderName} tells it to you by another way.`] : []),
    ...(gate === 'required' ? ['It asks for your e-mail address first.'] : []),
    ...(gate === 'verified' ? ['It asks for your e-mail address and sends you a code.'] : []),
  ];
}

function dayOf(moment: Date): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(moment);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function renderHtml(mail: MailInput, notes: string[], told: string): string {
  const { title, url, message, senderName, senderEmail, hasPicture } = mail;
  const href = escapeHtml(url);
  const length = lengthOf(mail).replace(/^, /, '');
  const words = (message || `${senderName} shares this with you.`)
    .split(/\n\s*\n/)
    .map((paragraph) => `<p style="margin:0 0 14px">${escapeHtml(paragraph).replace(/\n/g, '<br>')}</p>`)
    .join('');
  const picture = hasPicture
    ? `<p style="margin:0 0 14px"><a href="${href}"><img src="cid:${pictureId}" alt="First page of ${escapeHtml(title)}" width="240" style="display:block;width:240px;max-width:100%;height:auto;border:1px solid #e7e4dc;border-radius:6px"></a></p>`
    : '';
  const beside = (text: string) => `<p style="${quietStyle};margin-bottom:8px">${escapeHtml(text)}</p>`;
  const body = `${words}
${picture}
<p style="margin:0 0 4px;font-size:18px;font-weight:600;line-height:1.35"><a href="${href}" style="color:inherit;text-decoration:none">${escapeHtml(title)}</a></p>
${length && beside(length)}
<p style="margin:14px 0 18px"><a href="${href}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#1f6b4f;color:#ffffff;font-weight:600;text-decoration:none">Open</a></p>
${notes.map(beside).join('\n')}
<p style="margin:18px 0 18px">${escapeHtml(senderName)}<br><a href="mailto:${escapeHtml(senderEmail)}" style="color:inherit">${escapeHtml(senderEmail)}</a></p>`;
  return mailPage(title, body, escapeHtml(told));
}

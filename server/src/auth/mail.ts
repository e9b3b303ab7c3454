import type { Config } from '../config.ts';
import { escapeHtml } from '../documents/escape-html.ts';

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html?: string;
  /** Whose mail it is; the address stays ours, so that the recipient's server believes it. */
  fromName?: string;
  replyTo?: string;
  /** A picture that the HTML shows as `cid:…`. */
  picture?: { contentId: string; bytes: Buffer };
  /** Of mail that comes again and again: an address whose POST stops it (RFC 8058), so that mail programs offer a button. */
  stopUrl?: string;
}

/** Of what is said beside the matter. */
export const quietStyle = 'font-size:13px;line-height:1.5;color:#6b6860;margin:0';

/**
 * A mail in HTML. Styles stand in the elements, because many mail programs drop everything else; colours suit light and
 * dark; nothing is fetched from anywhere when it is opened.
 */
export function mailPage(title: string, body: string, foot: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title></head>
<body style="margin:0;padding:24px 16px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.55">
<div style="max-width:560px;margin:0 auto">
${body}
<p style="${quietStyle};border-top:1px solid #e7e4dc;padding-top:12px">${foot}</p>
</div>
</body></html>`;
}

/** Hands a mail to the mail server. The library is loaded with the first mail: most instances never send one. */
export async function deliverMail(config: NonNullable<Config['mail']>, mail: Mail): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: config.smtpUrl,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { to, subject, text, html, fromName, replyTo, picture, stopUrl } = mail;
  try {
    await transport.sendMail({
      from: fromName === undefined ? config.from : { name: fromName, address: addressOf(config.from) },
      to: { name: '', address: to },
      subject,
      text,
      ...(html !== undefined && { html }),
      ...(replyTo !== undefined && { replyTo: { name: fromName ?? '', address: replyTo } }),
      ...(stopUrl !== undefined && {
        headers: {
          'List-Unsubscribe': `<${stopUrl}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
      }),
      ...(picture && {
        attachments: [
          {
            filename: 'page.jpg',
            cid: picture.contentId,
            content: picture.bytes,
            contentType: 'image/jpeg',
            contentDisposition: 'inline' as const,
          },
        ],
      }),
    });
  } catch (error) {
    throw new Error(explain(error));
  } finally {
    transport.close();
  }
}

/** Of `Offshelf <content@example.com>` what stands in the brackets. */
function addressOf(from: string): string {
  return (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from).trim();
}

/** The server's own words may name the recipient, and what is thrown here is logged and shown to admins. */
function explain(error: unknown): string {
  const { code, responseCode, command } = error as { code?: string; responseCode?: number; command?: string };
  const said = [code, responseCode, command && `after ${command}`].filter(Boolean).join(' ');
  return `The mail server did not take the mail (${said || 'it gave no reason'}). Check SMTP_URL and MAIL_FROM.`;
}

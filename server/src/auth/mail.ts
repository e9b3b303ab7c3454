import type { Config } from '../config.ts';

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Hands a mail to the mail server. The library is loaded with the first mail: most instances never send one. */
export async function deliverMail(
  config: NonNullable<Config['mail']>,
  { to, subject, text }: Mail,
): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: config.smtpUrl,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ from: config.from, to: { name: '', address: to }, subject, text });
  } catch (error) {
    throw new Error(explain(error));
  } finally {
    transport.close();
  }
}

/** The server's own words may name the recipient, and what is thrown here is logged and shown to admins. */
function explain(error: unknown): string {
  const { code, responseCode, command } = error as { code?: string; responseCode?: number; command?: string };
  const said = [code, responseCode, command && `after ${command}`].filter(Boolean).join(' ');
  return `The mail server did not take the mail (${said || 'it gave no reason'}). Check SMTP_URL and MAIL_FROM.`;
}

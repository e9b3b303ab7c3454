import { createServer, type Socket } from 'node:net';

export interface MailServer {
  /** For SMTP_URL. */
  url: string;
  /** Every mail that was taken, newest last, with its plain text decoded, and as it came. */
  mails: { to: string; subject: string; text: string; source: string }[];
  /** From now on every recipient is refused. */
  refuseAll(): void;
  close(): Promise<void>;
}

/** A mail server that takes every mail and delivers none: as much of SMTP as a client needs to hand one over. */
export async function startMailServer(): Promise<MailServer> {
  const mails: MailServer['mails'] = [];
  const sockets = new Set<Socket>();
  let refuses = false;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    converse(socket);
  });

  function converse(socket: Socket): void {
    let pending = '';
    let to = '';
    let data: string[] | null = null;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 mail.test');

    function take(line: string): void {
      if (data) takeData(data, line);
      else answer(line);
    }

    function takeData(lines: string[], line: string): void {
      if (line !== '.') {
        lines.push(line.replace(/^\.\./, '.'));
        return;
      }
      mails.push(readMail(to, lines));
      data = null;
      say('250 taken');
    }

    function answer(line: string): void {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'RCPT') {
        to = /<([^>]*)>/.exec(line)?.[1] ?? '';
        say(refuses ? `550 no such mailbox ${to}` : '250 ok');
      } else if (verb === 'DATA') {
        data = [];
        say('354 go on');
      } else if (verb === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('250 ok');
    }

    socket.on('data', (chunk) => {
      const lines = (pending + chunk.toString('utf8')).split('\r\n');
      pending = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    refuseAll() {
      refuses = true;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function readMail(to: string, lines: string[]): MailServer['mails'][number] {
  const { headers, body } = split(lines.join('\n'));
  const boundary = /boundary="?([^"\n;]+)/i.exec(headers)?.[1];
  const plain = boundary
    ? body
        .split(`--${boundary}`)
        .map((part) => split(part.replace(/^\n/, '')))
        .find((part) => /^content-type: text\/plain/im.test(part.headers))
    : { headers, body };
  const encoding = /^content-transfer-encoding: (\S+)/im.exec(plain?.headers ?? '')?.[1]?.toLowerCase();
  return {
    to,
    subject: /^subject: (.*)$/im.exec(headers)?.[1] ?? '',
    text: decode(plain?.body ?? '', encoding),
    source: lines.join('\n'),
  };
}

function split(message: string): { headers: string; body: string } {
  const border = message.indexOf('\n\n');
  return { headers: message.slice(0, border), body: message.slice(border + 2) };
}

function decode(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

interface Received {
  id: string;
  headers: Record<string, string>;
  body: string;
}

export interface WebhookReceiver {
  /** Of the receiver, without a path; it is named in WEBHOOK_HOSTS. */
  host: string;
  url: string;
  /** Whatever came, newest last. */
  received: Received[];
  /** How the next ones are answered. */
  answer: (req: IncomingMessage, res: ServerResponse) => void;
  close(): Promise<void>;
}

/** Somebody else's server, which takes what is sent to it unless told otherwise. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', () => {
      const headers = req.headers as Record<string, string>;
      const body = Buffer.concat(chunks).toString('utf8');
      receiver.received.push({ id: headers['webhook-id'] ?? '', headers, body });
      receiver.answer(req, res);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port.toString()}`;
  const receiver: WebhookReceiver = {
    host,
    url: `http://${host}/hook`,
    received: [],
    answer: (_req, res) => void res.writeHead(204).end(),
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return receiver;
}

/** As the other side checks it, by the library of the standard; throws for a signature that is not right. */
// biome-ignore lint/suspicious/noExplicitAny: a test asserts what comes over the wire, whatever its type
export function verify({ headers, body }: Received, secret: string): any {
  return new Webhook(secret).verify(body, headers);
}

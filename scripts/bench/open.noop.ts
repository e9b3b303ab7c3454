import { createServer } from 'node:http';

/** The answer that a bare server gives to everything. */
export interface BareAnswer {
  headers: [string, string][];
  bodyBase64: string;
}

// What node:http can do at most: no routing, no state, the same bytes for everybody.
let input = '';
for await (const chunk of process.stdin) input += chunk;
const { headers, bodyBase64 } = JSON.parse(input) as BareAnswer;
const flat = headers.flat();
const body = Buffer.from(bodyBase64, 'base64');
const server = createServer((_req, res) => {
  res.writeHead(200, flat).end(body);
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'));

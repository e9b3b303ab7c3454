import { describe, expect, it } from 'vitest';
import { buildLexicon, type LexiconTerm } from './lexicon.ts';
import { isMessage, readMessage } from './message.ts';

const term = (
  id: string,
  dimensionKey: LexiconTerm['dimensionKey'],
  name: string,
  ...synonyms: string[]
): LexiconTerm => ({ id, dimensionKey, name, synonyms });
const lexicon = buildLexicon([
  term('cfo', 'persona', 'Procurement & finance', 'CFO', 'procurement'),
  term('ciso', 'persona', 'Security leader', 'CISO'),
  term('nego', 'stage', 'Negotiation', 'contract'),
  term('price', 'objection', 'Too expensive', 'it costs too much', 'no budget', 'need a discount'),
  term('safe', 'objection', 'Is our code safe with you?', 'who can see our code', 'data residency'),
  term('later', 'objection', 'Not a priority now', 'next quarter'),
]);
const library = { known: new Set<string>(), titles: [] };
const read = (text: string) => readMessage(text, lexicon, library);
const objectionsOf = (text: string) => read(text).objections.map((one) => one.term.id);

const mail = `Hi Jamie,

thanks for the demo. Honestly, it costs too much for us, and we have
no budget left this year. Also: who can see our code?

Kind regards,
Dana Whitfield
Head of Procurement, Northbank plc

This e-mail is confidential. If you have received it in error, we need a discount.

On Tue, 3 Nov 2026 at 10:12, Jamie Fox <jamie@example.com> wrote:
> Shall we talk next quarter?
`;

describe('a text', () => {
  it('is a message when it greets, is signed, quotes, or is long and in sentences', () => {
    expect(isMessage(mail)).toBe(true);
    expect(isMessage(mail.replaceAll('\n', '\r\n').replaceAll('\r\n', '\n'))).toBe(true);
    expect(isMessage(`> we have no budget\n> this is the second line of it\nwhat do I answer to that?`)).toBe(
      true,
    );
    expect(isMessage('We like it very much. But the price is far too high for us. '.repeat(6))).toBe(true);
  });

  it('is a question otherwise', () => {
    for (const text of [
      '',
      'pricing',
      "CFO at a bank, late stage, says we're too expensive",
      'hi',
      'Best',
      'dear customer letter',
      'pricing\nguide',
      'word '.repeat(500),
    ])
      expect(isMessage(text), text.slice(0, 40)).toBe(false);
  });
});

describe("a buyer's message", () => {
  it('raises objections, the strongest first, each with its sentence', () => {
    const { objections } = read(mail);
    expect(objections.map((one) => one.term.id)).toEqual(['price', 'safe']);
    expect(objections[0]?.quote).toMatch(/^Honestly, it costs too much for us, and we have no budget left/);
    expect(objections[1]?.quote).toBe('Also: who can see our code?');
  });

  it('says nothing in its history, its notices and its signature but who writes', () => {
    expect(objectionsOf(mail)).not.toContain('later');
    expect(read(mail).terms.map((one) => one.term.id)).toEqual(['cfo', 'price', 'safe']);
  });

  it('that only forwards another is read all the same', () => {
    const quoted = '> Hello,\n> we have no budget for this until further notice, sorry.\n> Dana';
    expect(objectionsOf(quoted)).toEqual(['price']);
  });

  it('is read as HTML, too', () => {
    const html =
      '<div>Hi,</div><style>p { color: red }</style><p>We have <b>no&nbsp;budget</b> left.</p><p>Best,<br>Dana</p>';
    const { objections } = read(html);
    expect(objections.map((one) => one.term.id)).toEqual(['price']);
    expect(objections[0]?.quote.replace(/\s+/g, ' ')).toBe('We have no budget left.');
  });

  it('of twenty thousand characters is read in a moment', () => {
    const long = `Hi,\n${'We think that it costs too much and our CISO wonders who can see our code. '.repeat(270)}`;
    const startedAt = performance.now();
    expect(objectionsOf(long.slice(0, 20_000)).toSorted()).toEqual(['price', 'safe']);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('without an objection has none', () => {
    expect(objectionsOf('Hi Jamie,\n\nthanks for the call. See you on Monday.\n\nBest,\nDana')).toEqual([]);
    for (const text of ['', '\n\n\n', '>>>>', '<p>', '-- \n']) expect(objectionsOf(text)).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { addRecipients, asText, namesOf, readPeople } from './recipients.ts';

const read = (text: string) => readPeople(text).map(({ name, email }) => [name, email]);

test('people are read as they are written in mails', () => {
  expect(read('Jane Doe')).toEqual([['Jane Doe', '']]);
  expect(read('Jane Doe <jane@customer.example>')).toEqual([['Jane Doe', 'jane@customer.example']]);
  expect(read('"Doe, Jane" <jane@customer.example>')).toEqual([['Doe, Jane', 'jane@customer.example']]);
  expect(read('Jane jane@customer.example')).toEqual([['Jane', 'jane@customer.example']]);
  expect(read('  ')).toEqual([]);
});

test('an address alone says a name where it can', () => {
  expect(read('jane.doe@customer.example')).toEqual([['Jane Doe', 'jane.doe@customer.example']]);
  expect(read('jd42@customer.example')).toEqual([['jd42@customer.example', 'jd42@customer.example']]);
  expect(read('jörg@müller.example')).toEqual([['Jörg', 'jörg@müller.example']]);
});

test('several at once are parted by lines, semicolons, and commas between addresses', () => {
  expect(read('Jane <jane@a.example>; Sam <sam@b.example>\nKim')).toHaveLength(3);
  expect(read('jane@a.example, sam@b.example')).toHaveLength(2);
  expect(read('Doe, Jane')).toEqual([['Doe, Jane', '']]);
});

test('nobody is taken twice', () => {
  const people = readPeople('jane@a.example; JANE@a.example; Sam');
  expect(addRecipients([], [...people, ...readPeople('sam')])).toHaveLength(2);
});

test('a chip goes back to the text that makes it', () => {
  for (const text of ['Jane Doe', 'Jane Doe <jane@customer.example>', 'jd42@customer.example'])
    expect(asText(readPeople(text)[0] as never)).toBe(text);
});

test('names are said together', () => {
  expect(namesOf(['Jane'])).toBe('Jane');
  expect(namesOf(['Jane', 'Sam'])).toBe('Jane and Sam');
  expect(namesOf(['Jane', 'Sam', 'Kim'])).toBe('Jane and 2 others');
});

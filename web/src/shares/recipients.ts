/** Somebody or something a share link is made for, as it stands in the sheet. */
export interface PickedRecipient {
  kind: 'person' | 'account' | 'channel';
  name: string;
  email: string;
  accountName: string;
}

const addressShape = /^[^\s@"'<>()[\]\\,;:]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/u;

export function isEmail(text: string): boolean {
  return addressShape.test(text.trim());
}

/** What was typed or pasted, as people: "Jane Doe", "jane@customer.example", "Jane Doe <jane@…>", several at once. */
export function readPeople(text: string): PickedRecipient[] {
  return splitPeople(text).flatMap((part) => readPerson(part) ?? []);
}

/** A comma parts people where each of them has an address; "Doe, Jane" is one person. */
function splitPeople(text: string): string[] {
  const lines = text.split(/[\n;\t]+/);
  return lines.flatMap((line) => {
    const parts = line.split(',');
    return parts.length > 1 && parts.every((part) => part.trim() === '' || part.includes('@'))
      ? parts
      : [line];
  });
}

function readPerson(text: string): PickedRecipient | undefined {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  if (!trimmed) return undefined;
  const [, named = '', bracketed] = /^(.*?)\s*<([^<>]*)>$/.exec(trimmed) ?? [];
  const email = bracketed ?? trimmed.split(' ').find(isEmail) ?? '';
  const rest = bracketed === undefined ? trimmed.replace(email, '').trim() : named;
  const name = rest.replace(/^["']|["']$/g, '').trim() || nameOf(email) || trimmed;
  return { kind: 'person', name, email: email.trim(), accountName: '' };
}

/** "jane.doe@…" is probably Jane Doe; of "jd42@…" nothing can be said but the address. */
function nameOf(email: string): string {
  const local = email.split('@')[0] ?? '';
  const words = local.split(/[._-]+/).filter(Boolean);
  if (words.length === 0 || !words.every((word) => /^\p{L}{2,}$/u.test(word))) return email;
  return words.map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`).join(' ');
}

/** The same person is not taken twice. */
export function addRecipients(
  there: readonly PickedRecipient[],
  more: readonly PickedRecipient[],
): PickedRecipient[] {
  const all = [...there];
  for (const next of more) if (!all.some((other) => keyOf(other) === keyOf(next))) all.push(next);
  return all;
}

export function keyOf({ kind, name, email, accountName }: PickedRecipient): string {
  return (email ? `mail ${email}` : `${kind} ${name} ${accountName}`).toLowerCase();
}

/** How a chip goes back into the field to be corrected. */
export function asText({ name, email }: PickedRecipient): string {
  if (!email) return name;
  return name === email ? email : `${name} <${email}>`;
}

/** "Jane Doe", "Jane Doe and Sam Park", "Jane Doe and 3 others". */
export function namesOf(names: readonly string[]): string {
  const [first = '', second] = names;
  if (second === undefined) return first;
  return names.length === 2
    ? `${first} and ${second}`
    : `${first} and ${(names.length - 1).toString()} others`;
}

import { encodeCsv, saveCsv } from '../lib/csv.ts';
import type { ObjectionNote } from './api.ts';

/** Gives the browser these notes as a file. */
export function notesCsv(notes: readonly ObjectionNote[]): void {
  const head = ['Heard', 'Objection', 'Persona', 'Stage', 'Account', 'Deal', 'About', 'Noted by', 'Noted at'];
  const rows = notes.map((note) => [
    note.text,
    note.objection?.name ?? '',
    note.persona?.name ?? '',
    note.stage?.name ?? '',
    note.deal?.accountName ?? '',
    note.deal?.name ?? '',
    note.asset?.title ?? '',
    note.notedByName,
    note.notedAt.toISOString(),
  ]);
  saveCsv('objections.csv', encodeCsv([head, ...rows]));
}

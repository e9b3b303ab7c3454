/** The demo users: one admin, two in marketing, one manager and six reps in two teams. All invented. */
type SampleRole = 'admin' | 'marketing' | 'manager' | 'rep';

export type SamplePerson = {
  name: string;
  email: string;
  role: SampleRole;
  /** Reps sell in a team, and the manager leads one. */
  team: string | null;
  title: string;
  /** How much of the team's sharing this rep does; unequal, as in every sales team. */
  activity: number;
};

export const samplePeople: SamplePerson[] = [
  person('Ruth Adeyemi', 'admin', null, 'Sales operations', 0.2),
  person('Clara Winther', 'marketing', null, 'Product marketing lead', 0.5),
  person('Tomasz Zielinski', 'marketing', null, 'Content and customer stories', 0.4),
  person('Maureen Gallagher', 'manager', 'UK & Americas', 'Head of sales', 0.3),
  person('Hamish Baird', 'rep', 'UK & Americas', 'Account executive, Leeds', 1),
  person('Naledi Mokoena', 'rep', 'UK & Americas', 'Account executive, Leeds', 0.8),
  person('Luis Carrasco', 'rep', 'UK & Americas', 'Account executive, Kansas City', 0.55),
  person('Katharina Lindner', 'rep', 'Continental Europe', 'Account executive, Vienna', 0.9),
  person('Mehdi Benali', 'rep', 'Continental Europe', 'Account executive, Lyon', 0.5),
  person('Saskia de Wit', 'rep', 'Continental Europe', 'Account executive, Utrecht', 0.25),
];

function person(
  name: string,
  role: SampleRole,
  team: string | null,
  title: string,
  activity: number,
): SamplePerson {
  const local = name.toLowerCase().replaceAll(' ', '.');
  return { name, email: `${local}@tarrowby.example`, role, team, title, activity };
}

import { erasePerson, exportPerson } from './person-queries.ts';

// What privacy asks of every feature that keeps something of people.
export { erasePerson, exportPerson };

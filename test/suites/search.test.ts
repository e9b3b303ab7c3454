import { postgresEngine } from '../../server/src/search/postgres.ts';
import { searchIndexSuite } from './search-index-suite.ts';
import { searchSuite } from './search-suite.ts';

searchSuite('PostgreSQL', postgresEngine);
searchIndexSuite('PostgreSQL', postgresEngine);

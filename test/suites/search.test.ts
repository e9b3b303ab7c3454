import { postgresEngine } from '../../server/src/indexing/postgres.ts';
import { searchIndexSuite } from './search-index-suite.ts';
import { searchSuite } from './search-suite.ts';

searchSuite('PostgreSQL', postgresEngine);
searchIndexSuite('PostgreSQL', postgresEngine);

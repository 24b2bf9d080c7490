/** The tests of the types alone: every runner of typetests/, counted. A runner that is not Vitest joins the list with its command. */
import { main, vitestRunner } from './countTests.mjs';

await main((folder) => [vitestRunner('typetests', 'typetests', folder)]);

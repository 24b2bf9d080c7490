/** `npm run features` never passes for what did not run: a device without a feature is an error. */
import { expect, it } from 'vitest';
import { sessionWith } from './features/capable.ts';

it('what the adapter lacks is named', async () => {
  await expect(sessionWith('subgroups', 'telepathy')).rejects.toThrow(
    /^features: '.+' lacks telepathy \(name a driver that has it in VK_DRIVER_FILES: see CONTRIBUTING.md\)$/,
  );
  (await sessionWith('subgroups')).close();
});

/**
 * TypeScript 6's tsserver, over its own protocol: requests are lines of JSON, answers have a header with their length.
 *
 * Source: the `server.protocol` declarations in TypeScript's package.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { server } from 'typescript';
import type { Editor, Position } from './editor.ts';

type Location = server.protocol.Location;

const toLocation = ({ line, character }: Position): Location => ({ line: line + 1, offset: character + 1 });
const toPosition = ({ line, offset }: Location): Position => ({ line: line - 1, character: offset - 1 });

export async function openTypescript6(root: string): Promise<Editor> {
  const child = spawn(process.execPath, [join(root, 'node_modules/typescript/lib/tsserver.js'), '--disableAutomaticTypingAcquisition'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting = new Map<number, { resolve(body: unknown): void; reject(error: Error): void }>();
  let buffer = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const header = /Content-Length: (\d+)\r?\n\r?\n/.exec(buffer.toString('latin1'));
      if (header === null) return;
      const start = header.index + header[0].length;
      const end = start + Number(header[1]);
      if (buffer.length < end) return;
      const message = JSON.parse(buffer.subarray(start, end).toString('utf8')) as Partial<server.protocol.Response>;
      buffer = buffer.subarray(end);
      if (message.type !== 'response' || message.request_seq === undefined) continue;
      const call = waiting.get(message.request_seq);
      waiting.delete(message.request_seq);
      // "No content" is tsserver's way to answer with nothing.
      if (message.success === true || message.message === 'No content available.') call?.resolve(message.body);
      else call?.reject(new Error(message.message));
    }
  });
  let sequence = 0;
  const send = (command: string, args: object): number => {
    sequence += 1;
    child.stdin.write(`${JSON.stringify({ seq: sequence, type: 'request', command, arguments: args })}\n`);
    return sequence;
  };
  const ask = <Body>(command: string, args: object): Promise<Body | undefined> =>
    new Promise((resolve, reject) => waiting.set(send(command, args), { resolve: (body) => resolve(body as Body | undefined), reject }));

  const shown = new Map<string, string>();
  return {
    name: 'TypeScript 6 tsserver',
    async show(file, text) {
      const before = shown.get(file);
      shown.set(file, text);
      if (before === undefined) {
        await ask('updateOpen', { openFiles: [{ file, fileContent: text, scriptKindName: 'TS' }] });
        return;
      }
      const lines = before.split('\n');
      const end = { line: lines.length, offset: (lines.at(-1)?.length ?? 0) + 1 };
      await ask('updateOpen', { changedFiles: [{ fileName: file, textChanges: [{ start: { line: 1, offset: 1 }, end, newText: text }] }] });
    },
    async diagnostics(file) {
      const found = await ask<readonly server.protocol.Diagnostic[]>('semanticDiagnosticsSync', { file });
      return (found ?? []).map(({ start, end, text }) => ({ start: toPosition(start), end: toPosition(end), text }));
    },
    async hover(file, at) {
      return (await ask<server.protocol.QuickInfoResponseBody>('quickinfo', { file, ...toLocation(at) }))?.displayString ?? '';
    },
    async completions(file, at) {
      const found = await ask<server.protocol.CompletionInfo>('completionInfo', { file, ...toLocation(at) });
      return (found?.entries ?? []).map(({ name }) => name);
    },
    close() {
      child.kill();
    },
  };
}

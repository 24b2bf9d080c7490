/**
 * TypeScript 7's language server, over the language server protocol.
 *
 * Source: Language Server Protocol 3.17, pull diagnostics.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { Editor, Position } from './editor.ts';

/** Hints, such as unused names, are no errors. */
const errorSeverity = 1;

interface Range {
  readonly start: Position;
  readonly end: Position;
}

export async function openTypescript7(root: string): Promise<Editor> {
  const child = spawn(process.execPath, [join(root, 'node_modules/typescript-7/bin/tsc'), '--lsp', '--stdio'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.onRequest('workspace/configuration', ({ items }: { items: readonly unknown[] }) => items.map(() => null));
  connection.onRequest(() => null);
  connection.listen();
  const capabilities = { textDocument: { diagnostic: {}, hover: { contentFormat: ['plaintext'] }, completion: {} } };
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: pathToFileURL(root).href, capabilities });
  await connection.sendNotification('initialized', {});

  const versions = new Map<string, number>();
  const at = (path: string) => ({ textDocument: { uri: pathToFileURL(path).href } });
  return {
    name: 'TypeScript 7 language server',
    async show(path, text) {
      const version = (versions.get(path) ?? 0) + 1;
      versions.set(path, version);
      const { uri } = at(path).textDocument;
      if (version === 1)
        await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version, text } });
      else await connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
    },
    async diagnostics(path) {
      const { items } = await connection.sendRequest<{ items: readonly { range: Range; message: string; severity: number }[] }>(
        'textDocument/diagnostic',
        at(path),
      );
      return items.filter(({ severity }) => severity === errorSeverity).map(({ range, message }) => ({ ...range, text: message }));
    },
    async hover(path, position) {
      const result = await connection.sendRequest<{ contents: { value: string } } | null>('textDocument/hover', { ...at(path), position });
      return result?.contents.value ?? '';
    },
    async completions(path, position) {
      const result = await connection.sendRequest<{ items: readonly { label: string }[] } | readonly { label: string }[] | null>(
        'textDocument/completion',
        { ...at(path), position },
      );
      const items = result === null ? [] : 'items' in result ? result.items : result;
      return items.map(({ label }) => label);
    },
    close() {
      connection.dispose();
      child.kill();
    },
  };
}

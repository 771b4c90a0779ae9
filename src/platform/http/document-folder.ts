// The files of a folder as documents, by their names.
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { createDocument, type Document } from './documents.js';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/** The folder is listed once; a file is read when it is first requested. Subfolders and files of other types are left out. */
export function documentFolder(folder: string): ReadonlyMap<string, Document> {
  return new Map(
    readdirSync(folder).flatMap((name) => {
      const mediaType = MEDIA_TYPES[extname(name)];
      return mediaType === undefined
        ? []
        : [[name, createDocument(mediaType, () => readFile(join(folder, name)))] as const];
    }),
  );
}

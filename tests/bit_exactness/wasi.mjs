// Runs the WebAssembly build of aim_bit_exactness: node wasi.mjs MODULE HASHES
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { WASI } from 'node:wasi';

const [module, hashes] = process.argv.slice(2);
const wasi = new WASI({
  version: 'preview1',
  args: ['aim_bit_exactness', '--check', `/table/${path.basename(hashes)}`],
  preopens: { '/table': path.dirname(path.resolve(hashes)) },
});
const { instance } = await WebAssembly.instantiate(await readFile(module), wasi.getImportObject());
process.exitCode = wasi.start(instance);

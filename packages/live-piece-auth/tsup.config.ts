import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/node.ts'],
  format: 'esm',
  target: 'node20',
  // Only src/node.ts may name Node's types; tsconfig.json keeps them from the rest.
  dts: { compilerOptions: { types: ['node'] } },
  sourcemap: true,
  clean: true,
});

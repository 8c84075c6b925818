// What every check needs: expectations, running and counting.

export const results = { passed: 0, failed: 0 };

export function expect(condition, words) {
  if (!condition) throw new Error(words);
}

export function equal(found, wanted, what) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what} is ${a?.slice(0, 300)}, not ${b?.slice(0, 300)}`);
}

export async function check(name, action) {
  const begun = Date.now();
  try {
    await action();
    results.passed += 1;
    console.log(`  ok: ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  } catch (error) {
    results.failed += 1;
    console.log(`  FAILED: ${name}\n    ${error.message}${error.cause ? ` (${error.cause.code ?? ""} ${error.cause.message})` : ""}`);
  }
}

// What a row of the bench is made of: samples of ours, and beside them those of others.

/** How often each thing is measured. */
export const runs = Number(process.argv[2] ?? 5);
/** Of what takes seconds. */
export const few = Math.min(runs, 3);
/** Of keys: how long one takes is chance. */
export const many = runs * 10;

const only = (process.argv[3] ?? "").toLowerCase();

export const chromium = { browser: "chromium", transport: "file" };

/** Whether a row of this name was asked for. */
function wanted(name) {
  return name.toLowerCase().includes(only);
}

/** A list of the one row, or of none if it is not wanted. */
export function row(name, budget, measure) {
  return rowsBeside({ name, budget }, async () => ({ samples: await measure(), others: [] }));
}

/**
 * One row for each of the others: the same samples of ours, beside theirs. `measure` gives both; a
 * row that cannot be measured says why.
 */
export async function rowsBeside(head, measure) {
  if (!wanted(head.name)) return [];
  try {
    const { samples, others } = await measure();
    if (others.length === 0) return [{ ...head, samples }];
    return others.map(({ name, samples: theirs, error }) =>
      ({ ...head, samples, peer: { name, samples: theirs, ...(error && { error }) } }));
  } catch (error) {
    return [{ ...head, error: reason(error) }];
  }
}

/** Somebody else's way: one that fails is not taken again and says why, and the others go on. */
export function other(name, measure) {
  const other = { name, samples: [] };
  other.take = async (...words) => {
    if (other.error) return;
    try {
      other.samples.push(await measure(...words));
    } catch (error) {
      other.error = reason(error);
    }
  };
  return other;
}

function reason(error) {
  return String(error?.message ?? error);
}

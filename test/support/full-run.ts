// npm run test:faults has two lengths.

/** Whether this is the full run of the fault tests, which takes most of an hour. */
export const isFull = process.env.FAULTS === 'full';

// How a refresh can end, for metrics.

/**
 * `rotated`: the token was exchanged. `repeated`: the response was sent again. `used`: the token was used a moment ago. `reused`: it was
 * used long ago, and its session was ended. `refused`: any other fault of the request. `failed`: a fault of the service.
 */
export const refreshOutcomes = ['rotated', 'repeated', 'used', 'reused', 'refused', 'failed'] as const;

/** The outcome of a refresh that was answered with an error. */
export function refusedRefreshOutcome(code: string, status: number): (typeof refreshOutcomes)[number] {
  if (code === 'refresh_token_used') return 'used';
  if (code === 'refresh_token_reused') return 'reused';
  return status >= 500 ? 'failed' : 'refused';
}

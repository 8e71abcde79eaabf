/**
 * Where an app asks for any provider's model in one form: `UNIFIED_ORIGIN + '/v1'` is a base URL for every
 * client of OpenAI's chat completions. RFC 2606 §2: a name below `.invalid` never resolves, so a call the
 * wallet did not take reaches nobody.
 */
export const UNIFIED_ORIGIN = 'https://unified.valetkey.invalid'

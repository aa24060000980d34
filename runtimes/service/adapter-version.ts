/**
 * The version of the adapters, as the scope of spans and records says it: that of package.json, which a bundle would
 * bring along whole.
 */
export const adapterVersion = '0.1.0'

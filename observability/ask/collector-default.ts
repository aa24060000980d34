/** Where `npm start` and `npm run collector` listen unless told otherwise. */
export const collectorDefault = 'http://127.0.0.1:4318'

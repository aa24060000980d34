import pg from 'pg'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing/test-database.ts'

test.each([undefined, ''])(
  'without a server, as with %j, a test fails with a reason',
  async (url) => {
    await expect(createTestDatabase(pg.Pool, url)).rejects.toThrow(
      'TEST_DATABASE_URL: expected the URL of a PostgreSQL server, got nothing',
    )
  },
)

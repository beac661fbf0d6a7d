// mercurius with its just-in-time compiler, and SQL by hand as a careful person would write it: prepared statements,
// one for each level of the answer, and no more levels than needed.
import Fastify from 'fastify'
import mercurius from 'mercurius'
import pg from 'pg'

const { DATABASE_URL, POOL, PORT } = process.env
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL) })

const schema = `
  scalar BigInt
  input TransferInput { key: String! ownerId: ID! sourceId: ID! targetId: ID! amount: BigInt! }
  type Answer { movementId: ID outcome: String! amount: BigInt! }
  type Party { id: ID! displayName: String! }
  type Movement {
    id: ID! direction: String! status: String! amount: BigInt! currency: String! note: String!
    createdAt: String! counterparty: Party
  }
  type Edge { cursor: String! node: Movement! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Connection { edges: [Edge!]! pageInfo: PageInfo! }
  type Wallet {
    id: ID! currency: String! total: BigInt! available: BigInt! held: BigInt!
    movements(first: Int! = 20): Connection!
  }
  type Person { id: ID! accountName: String! displayName: String! wallets: [Wallet!]! }
  type Query { person(id: ID!): Person }
  type Mutation { transfer(input: TransferInput!): Answer! }
`

const TRANSFER = 'SELECT movement_id AS "movementId", outcome, amount FROM peer.transfer($1, $2, $3, $4, $5)'
const PERSON = 'SELECT id, account_name AS "accountName", display_name AS "displayName" FROM peer.people WHERE id = $1'
const WALLETS = 'SELECT id, currency, total, available, held FROM peer.wallets WHERE owner_id = $1 ORDER BY id'
const MOVEMENTS = `
  SELECT l.id, l.direction, l.status, l.amount, l.currency, l.note, l.created_at, p.id AS "partyId",
         p.display_name AS "partyName"
  FROM (SELECT * FROM peer.movements WHERE wallet_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2) l
  JOIN public.accounts o ON o.id = l.other_id LEFT JOIN peer.people p ON p.id = o.owner_id
  ORDER BY l.created_at DESC, l.id DESC`

const rows = async (name, text, values) => (await pool.query({ name, text, values })).rows

const edge = ({ partyId, partyName, created_at: at, ...movement }) => ({
  cursor: Buffer.from(JSON.stringify([at, movement.id])).toString('base64url'),
  node: { ...movement, createdAt: at.toISOString(), counterparty: partyId && { id: partyId, displayName: partyName } },
})

const resolvers = {
  BigInt: { serialize: Number, parseValue: Number },
  Mutation: {
    transfer: async (_, { input }) =>
      (await rows('transfer', TRANSFER, [input.key, input.ownerId, input.sourceId, input.targetId, input.amount]))[0],
  },
  Query: { person: async (_, { id }) => (await rows('person', PERSON, [id]))[0] },
  Person: { wallets: (person) => rows('wallets', WALLETS, [person.id]) },
  Wallet: {
    movements: async (wallet, { first }) => {
      const found = await rows('movements', MOVEMENTS, [wallet.id, first + 1])
      const edges = found.slice(0, first).map(edge)
      return { edges, pageInfo: { hasNextPage: found.length > first, endCursor: edges.at(-1)?.cursor } }
    },
  },
}

const app = Fastify({ logger: false })
app.register(mercurius, { schema, resolvers, jit: 1, path: '/graphql' })
await app.listen({ port: Number(PORT), host: '127.0.0.1' })
console.log('up')

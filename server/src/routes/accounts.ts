import {
  PUSH_LIMIT_BYTES,
  changeDevicesRequestSchema,
  credentialsRequestSchema,
  deleteAccountRequestSchema,
  devicesReplySchema,
  fetchVaultRequestSchema,
  idText,
  loginReplySchema,
  loginRequestSchema,
  preloginReplySchema,
  preloginRequestSchema,
  pullReplySchema,
  pushReplySchema,
  registerRequestSchema,
  tokenReplySchema,
  WalletError,
} from '@valetkey/wallet/protocol'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { changeCredentials } from '../accounts/change-credentials.ts'
import { changeDevices, proveNewDevice } from '../accounts/change-devices.ts'
import { fetchForEnrolment, fetchForRecovery } from '../accounts/fetch-vault.ts'
import { login, prelogin } from '../accounts/login.ts'
import { proveAccount } from '../accounts/proof.ts'
import { register } from '../accounts/register.ts'
import { addDeviceRoute, addGuestRoute } from '../http/route.ts'
import type { Server } from '../server.ts'
import { deleteAccount, findAccount } from '../stores/accounts.ts'
import { listDevices } from '../stores/devices.ts'
import { inTransaction } from '../stores/queries.ts'
import { readDevices } from '../sync/apply-push.ts'

/** Envelopes in base64url, and what stands around them. */
export const PUSH_BODY_LIMIT_BYTES = Math.ceil(PUSH_LIMIT_BYTES * 1.5)

export function addAccountRoutes(app: FastifyInstance, server: Server): void {
  addSignInRoutes(app, server)
  addChangeRoutes(app, server)
  addDeviceListRoutes(app, server)
}

function addSignInRoutes(app: FastifyInstance, server: Server): void {
  addGuestRoute(app, server, {
    ...{ method: 'POST', url: '/v1/auth/prelogin', tag: 'Accounts' },
    summary: 'Salt, hash parameters and a challenge, also for an account that does not exist',
    body: preloginRequestSchema,
    reply: preloginReplySchema,
    handle: ({ body }) => prelogin(server, body.accountId),
  })
  addGuestRoute(app, server, {
    ...{ method: 'POST', url: '/v1/auth/register', tag: 'Accounts', status: 201 },
    summary: 'A new account with its vault',
    errors: [
      'request.unprocessable',
      'request.too_large',
      'auth.forbidden',
      'vault.quota',
      'sync.conflict',
    ],
    bodyLimit: PUSH_BODY_LIMIT_BYTES,
    body: registerRequestSchema,
    reply: tokenReplySchema,
    handle: ({ body }) => register(server, body),
  })
  addGuestRoute(app, server, {
    ...{ method: 'POST', url: '/v1/auth/login', tag: 'Accounts' },
    summary: 'A session for a device that signs a challenge',
    errors: ['auth.failed'],
    body: loginRequestSchema,
    reply: loginReplySchema,
    handle: async ({ body }) => {
      await server.limits.take('guests', `account ${body.accountId}`)
      return login(server, body)
    },
  })
  addGuestRoute(app, server, {
    ...{ method: 'POST', url: '/v1/recovery', tag: 'Accounts' },
    summary: 'The vault, page by page, for who holds the recovery key; every device is told',
    errors: ['auth.failed', 'sync.resync_required'],
    body: fetchVaultRequestSchema,
    reply: pullReplySchema,
    handle: ({ body }) => fetchForRecovery(server, body),
  })
  addGuestRoute(app, server, {
    ...{ method: 'POST', url: '/v1/devices/vault', tag: 'Devices' },
    summary: 'The vault, page by page, for a device that has the passphrase and the Secret Key',
    errors: ['auth.failed', 'sync.resync_required'],
    body: fetchVaultRequestSchema,
    reply: pullReplySchema,
    handle: ({ body }) => fetchForEnrolment(server, body),
  })
}

function addChangeRoutes(app: FastifyInstance, server: Server): void {
  addGuestRoute(app, server, {
    ...{ method: 'POST', url: '/v1/account/credentials', tag: 'Accounts' },
    summary: 'A new passphrase or a new epoch; all sessions end',
    errors: [
      'auth.failed',
      'sync.conflict',
      'request.unprocessable',
      'request.too_large',
      'vault.quota',
    ],
    bodyLimit: PUSH_BODY_LIMIT_BYTES,
    body: credentialsRequestSchema,
    reply: tokenReplySchema,
    handle: ({ body }) => changeCredentials(server, body),
  })
  addGuestRoute(app, server, {
    ...{ method: 'DELETE', url: '/v1/account', tag: 'Accounts' },
    summary: 'Deletes the account and all that is stored for it',
    errors: ['auth.failed'],
    body: deleteAccountRequestSchema,
    reply: z.strictObject({}),
    handle: async ({ body }) => {
      const { account } = await proveAccount(server, 'delete', body)
      await inTransaction(server.database, (queries) => deleteAccount(queries, account.id))
      server.bus.publish(account.id, { type: 'deleted' })
      return {}
    },
  })
}

function addDeviceListRoutes(app: FastifyInstance, server: Server): void {
  addDeviceRoute(app, server, {
    ...{ method: 'GET', url: '/v1/devices', tag: 'Devices' },
    summary: 'The device list, and when each was seen',
    reply: devicesReplySchema,
    handle: async (_request, { accountId }) => {
      const { queries } = server.database
      const account = await findAccount(queries, accountId)
      if (!account) throw new WalletError('auth.failed')
      const devices = await listDevices(queries, accountId)
      return {
        document: readDevices(account),
        seen: devices.map((device) => ({
          id: device.device_id,
          seenAt: device.seen_at,
          ackedSeq: device.acked_seq,
        })),
        recoveredAt: account.recovered_at,
      }
    },
  })
  const change = {
    body: changeDevicesRequestSchema,
    bodyLimit: PUSH_BODY_LIMIT_BYTES,
    reply: pushReplySchema,
    errors: ['auth.forbidden', 'sync.conflict', 'request.unprocessable', 'vault.quota'],
  } as const
  addDeviceRoute(app, server, {
    ...{ ...change, method: 'POST', url: '/v1/devices', tag: 'Devices' },
    summary: 'A longer device list, by a device of the account (pairing)',
    handle: ({ body }, session) => changeDevices(server, session, body),
  })
  addGuestRoute(app, server, {
    ...{ ...change, method: 'POST', url: '/v1/devices/enrol', tag: 'Devices' },
    summary: 'A longer device list, signed with passphrase and Secret Key',
    errors: [...change.errors, 'auth.failed'],
    handle: async ({ body }) => changeDevices(server, await proveNewDevice(server, body), body),
  })
  addDeviceRoute(app, server, {
    ...{ ...change, method: 'DELETE', url: '/v1/devices/:id', tag: 'Devices' },
    summary: 'A device list without one device: its sessions and sockets end',
    params: z.strictObject({ id: idText }),
    handle: ({ body, params }, session) => changeDevices(server, session, body, params.id),
  })
}

/** The words about servers of the person's own: their address, and the yes they need. */
import type { BaseRefusal } from '@valetkey/wallet/providers'

const REFUSALS: Record<BaseRefusal | 'empty' | 'azure', string> = {
  empty: 'Type the address of the server first.',
  url: 'This is no address of a server. It looks like https://models.example.com/v1.',
  scheme:
    'Use an address that begins with https://. Plain http:// is safe only on this computer: http://localhost or http://127.0.0.1.',
  spelling:
    'Write the address plainly: small letters, no dot at its end, no escaped characters, IP addresses as four numbers.',
  ipv6: 'Use a name or an IPv4 address. ValetKey takes no IPv6 address here.',
  metadata: 'Cloud machines keep secrets at this address, so ValetKey never sends anything there.',
  reserved: 'No server can stand at this address.',
  provider:
    'This address belongs to a provider ValetKey knows. Choose that provider above instead.',
  azure: 'An Azure resource has an address like https://my-resource.openai.azure.com.',
}

export const OWN_SERVER_WORDS = {
  address: 'Server address',
  addressOptional: 'Server address (only for your own machine)',
  hint: (example: string) => `For example ${example}.`,
  keyOptional: 'Key (if the server wants one)',
  keyHint: 'Most servers on your own computer want none. What you type is encrypted at once.',
  refusals: REFUSALS,
  thisComputer: (origin: string) => ({
    message: `${origin} is a program on this computer.`,
    action:
      'Sites you allow can then have it answer them. Nothing else on this computer is opened to them.',
  }),
  ownNetwork: (origin: string) => ({
    message: `${origin} is a machine in your own network.`,
    action:
      'Sites you allow can then have it answer them, from inside your network. Go on only if this machine is yours.',
  }),
  port: 'The address names a port of its own. Check that it is the one your server uses.',
  agree: 'This server is mine',
  agreeFirst: 'Say first that this server is yours.',
} as const
